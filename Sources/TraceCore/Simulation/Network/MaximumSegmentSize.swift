/// The one TCP option that routers rewrite on the way.
enum MaximumSegmentSize {
    /// Lowers the maximum segment size of a TCP header to a limit, and keeps its checksum right.
    ///
    /// A header that is cut off before the option, or a segment that is no SYN, is left as it is.
    static func clamp(_ packet: inout [UInt8], at start: Int, to limit: UInt16) {
        guard packet.count >= start + 20, TCPFlags(rawValue: packet[start + 13]).contains(.syn) else {
            return
        }
        let end = min(packet.count, start + Int(packet[start + 12] >> 4) * 4)
        var index = start + 20
        while index < end, packet[index] != 0 {
            if packet[index] == 1 {
                index += 1
                continue
            }
            guard index + 1 < end, packet[index + 1] >= 2 else { return }
            if packet[index] == 2, packet[index + 1] == 4, index + 4 <= end {
                let old = packet.uint16(at: index + 2)
                guard old > limit else { return }
                packet.set(limit, at: index + 2)
                packet.set(
                    InternetChecksum.updated(packet.uint16(at: start + 16), replacing: old, with: limit),
                    at: start + 16)
                return
            }
            index += Int(packet[index + 1])
        }
    }
}
