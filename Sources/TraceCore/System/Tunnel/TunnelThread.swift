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

/// Something that one thread waits for and another rings.
struct TunnelBell: ~Copyable, Sendable {
    let descriptor: Int32

    init() throws(ProbeError) {
        let result = tracecore_tunnel_bell()
        guard result >= 0 else {
            throw ProbeError(
                .outOfResources, "No event can be made: \(TunnelDevice.message(-result))",
                remedy: "Raise the limit of open files (ulimit -n)", systemError: -result)
        }
        descriptor = result
    }

    deinit { tracecore_tunnel_close(descriptor) }

    /// Wakes the thread that waits. If none does yet, the next wait ends at once.
    func ring() { tracecore_tunnel_ring(descriptor) }

    /// Waits until it rings, or goes on at once if it has since the last time.
    func wait() { tracecore_tunnel_await_ring(descriptor) }
}

/// The clocks that a device's packets are stamped by, in nanoseconds.
enum TunnelClock {
    /// Now on the monotonic clock.
    @inline(__always) static var now: Int64 { tracecore_tunnel_now() }

    /// How far the wall clock is ahead of it.
    static var wallOffset: Int64 { tracecore_tunnel_wall_offset() }
}
