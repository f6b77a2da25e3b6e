internal import CTraceCoreSystem

/// The clocks that a device's packets are stamped by, in nanoseconds.
enum TunnelClock {
    /// Now on the monotonic clock.
    @inline(__always) static var now: Int64 { tracecore_tunnel_now() }

    /// How far the wall clock is ahead of it.
    static var wallOffset: Int64 { tracecore_tunnel_wall_offset() }
}
