#if TRACECORE_THREAD_SANITIZER
    internal import CTraceCoreSystem
#else
    internal import Synchronization
#endif

/// A value that one thread at a time can get at.
///
/// The standard library's `Mutex` and nothing else, but for the thread sanitizer: that one sees no locks but those of
/// the C library, and takes every use of a `Mutex` on Linux for a race. So a build that it watches is made with
/// `-DTRACECORE_THREAD_SANITIZER` and locks with what it knows.
@safe package struct Lock<Value: ~Copyable>: ~Copyable {
    #if TRACECORE_THREAD_SANITIZER
        private let mutex: UnsafeMutablePointer<tracecore_lock>
        private let value: UnsafeMutablePointer<Value>

        package init(_ value: consuming sending Value) {
            // A pthread mutex must not move, and a value of Swift may.
            unsafe mutex = .allocate(capacity: 1)
            unsafe tracecore_lock_init(mutex)
            unsafe self.value = .allocate(capacity: 1)
            unsafe self.value.initialize(to: value)
        }

        deinit {
            unsafe value.deinitialize(count: 1)
            unsafe value.deallocate()
            unsafe tracecore_lock_destroy(mutex)
            unsafe mutex.deallocate()
        }

        /// Calls the body with the value, to which no other thread has access meanwhile.
        package borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            unsafe tracecore_lock_take(mutex)
            defer { unsafe tracecore_lock_release(mutex) }
            return try unsafe body(&value.pointee)
        }

        /// Calls the body as ``withLock(_:)`` does, or returns nil at once if another thread has the value.
        package borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result? {
            guard unsafe tracecore_lock_try(mutex) else { return nil }
            defer { unsafe tracecore_lock_release(mutex) }
            return try unsafe body(&value.pointee)
        }
    #else
        private let mutex: Mutex<Value>

        package init(_ value: consuming sending Value) { mutex = Mutex(value) }

        /// Calls the body with the value, to which no other thread has access meanwhile.
        @inline(__always)
        package borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            try mutex.withLock(body)
        }

        /// Calls the body as ``withLock(_:)`` does, or returns nil at once if another thread has the value.
        @inline(__always)
        package borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result? {
            try mutex.withLockIfAvailable(body)
        }
    #endif
}

#if TRACECORE_THREAD_SANITIZER
    // The value is reached through the lock alone, as in `Mutex`, and the pointers never change.
    extension Lock: @unchecked Sendable where Value: ~Copyable {}
#else
    extension Lock: Sendable where Value: ~Copyable {}
#endif
