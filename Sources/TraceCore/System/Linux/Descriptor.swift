#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// A descriptor that is closed when its owner goes, and cannot be forgotten or closed twice.
    struct Descriptor: ~Copyable, Sendable {
        let number: Int32

        /// Takes what a system call returned: a descriptor, or a negated error number.
        init(_ result: Int32) throws(SystemError) {
            guard result >= 0 else { throw SystemError(number: -result) }
            number = result
        }

        deinit { _ = tracecore_close(number) }
    }
#endif
