internal import CTraceCoreSystem

/// A thread of its own for work that must not wait for others, nor let others wait.
struct TunnelThread: ~Copyable, Sendable {
    private let thread: tracecore_tunnel_thread

    /// Starts a thread that does the work and ends.
    init(_ work: @escaping @Sendable () -> Void) throws(ProbeError) {
        // Handed over with a reference that the thread takes.
        let box = unsafe Unmanaged.passRetained(Work(body: work))
        var thread = tracecore_tunnel_thread()
        let result = unsafe tracecore_tunnel_start_thread(
            &thread,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            unsafe box.release()
            throw ProbeError(
                .outOfResources, "No thread can be started: \(TunnelDevice.message(-result))",
                systemError: -result)
        }
        self.thread = thread
    }

    /// Waits until the work is done.
    consuming func join() { tracecore_tunnel_join(thread) }

    /// Makes the calling thread wake up in time, and before others where the system allows that.
    static func becomePunctual() { tracecore_tunnel_make_punctual() }

    private final class Work {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
