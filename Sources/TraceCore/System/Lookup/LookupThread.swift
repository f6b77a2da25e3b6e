internal import CTraceCoreSystem

/// A thread for what blocks: the cooperative pool has as many threads as the machine has cores, and a look-up that
/// hangs there would hold up everything.
enum LookupThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Calls the body in a new thread.
    ///
    /// - Throws: Why the system has no thread to give.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ProbeError) {
        let context = unsafe Unmanaged.passRetained(Body(body))
        let code = unsafe tracecore_start_thread(
            { context in
                guard let context = unsafe context else { return nil }
                // Retained where the thread was started, and released here, once.
                unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard code != 0 else { return }
        unsafe context.release()
        throw ProbeError(
            .outOfResources, "There is no thread for a name look-up: \(SystemLookup.text(ofError: code))",
            remedy: "Allow this user or this container more threads", systemError: code)
    }
}
