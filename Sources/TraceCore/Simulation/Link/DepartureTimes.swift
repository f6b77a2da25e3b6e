/// Knows when packets that are read from a device were sent.
///
/// Both the device and the tap see packets in the order in which they were sent, and the tap sees each first. Either
/// may have dropped some, so a packet's beginning must fit too.
struct DepartureTimes {
    /// How long a packet can have waited, in nanoseconds: what is older is not believed, for the wall clock was set.
    private static let oldest: Int64 = 10_000_000_000

    private let tap: TunnelTap
    private var buffer = [UInt8](repeating: 0, count: TunnelTap.size)

    init(_ tap: TunnelTap) { self.tap = tap }

    /// When a packet was sent that has just been read, on the monotonic clock; the time of reading if nobody knows.
    ///
    /// - Parameters:
    ///   - packet: The packet.
    ///   - now: When it was read.
    ///   - wallOffset: How far the wall clock is ahead.
    mutating func departure(of packet: [UInt8], readAt now: Int64, wallOffset: Int64) -> Int64 {
        while true {
            let (size, wall) = tap.read(into: &buffer)
            guard size > 0 else { return now }
            guard size == min(packet.count, TunnelTap.size), (0..<size).allSatisfy({ buffer[$0] == packet[$0] })
            else { continue }
            let sent = wall &- wallOffset
            return wall > 0 && sent <= now && now &- sent < Self.oldest ? sent : now
        }
    }
}
