internal import CTraceCoreSystem

/// Sees the packets that go into a device, and knows when the kernel sent each.
///
/// A reader of the device knows only when it came to read, and it takes a processor that sleeps up to a tenth of a
/// millisecond to wake up.
final class TunnelTap: Sendable {
    /// How much of a packet is seen.
    static let size = Int(TRACECORE_TUNNEL_TAP_SIZE)
    // As many packets as wait in the device, with the kernel's own bookkeeping.
    private static let room: Int32 = 256 << 20

    private let descriptor: Int32

    /// Watches a device from now on.
    init(on device: borrowing TunnelDevice) throws(ProbeError) {
        let result = unsafe tracecore_tunnel_open_tap(device.name, Self.room)
        guard result >= 0 else {
            throw ProbeError(
                .notPermitted,
                "The times of packets on \(device.name) cannot be seen: \(TunnelDevice.message(-result))",
                remedy: "Run as root, or with the capability CAP_NET_RAW; or do without exact times",
                systemError: -result)
        }
        descriptor = result
        tracecore_tunnel_await_stamps()
    }

    deinit { tracecore_tunnel_close(descriptor) }

    /// Reads the beginning of the next packet into a buffer: its size, 0 if there is none, and when it was sent, in
    /// nanoseconds since 1970, or 0 if that is not known.
    func read(into buffer: inout [UInt8]) -> (size: Int, wallNs: Int64) {
        var wall: Int64 = 0
        let capacity = buffer.count
        // The call writes within the capacity that it is given.
        let size = unsafe tracecore_tunnel_read_tap(descriptor, &buffer, capacity, &wall)
        return (Int(size), wall)
    }
}
