internal import CTraceCoreSystem

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

    /// Wakes who waits; who is not waiting yet will not wait.
    func ring() { tracecore_tunnel_ring(descriptor) }

    /// Waits until it rings, or goes on at once if it has since the last time.
    func wait() { tracecore_tunnel_await_ring(descriptor) }
}
