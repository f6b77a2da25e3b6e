/// A UDP header (RFC 768).
package struct UDPHeader: Sendable, Hashable {
    /// The length of the header.
    package static let length = 8

    /// The sender's port.
    package var sourcePort: UInt16
    /// The receiver's port.
    package var destinationPort: UInt16
    /// The length of header and payload, as the header says.
    package var datagramLength: UInt16
    /// The checksum in the header; 0 means that none was computed.
    package var checksum: UInt16

    /// A header made of its fields.
    package init(
        sourcePort: UInt16, destinationPort: UInt16, datagramLength: UInt16 = 8, checksum: UInt16 = 0
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.datagramLength = datagramLength
        self.checksum = checksum
    }

    /// The header at the beginning of a range of bytes; neither length nor checksum is judged.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let range = bytes.clamp(range)
        guard range.count >= Self.length else {
            throw WireError(
                .truncated, in: .udp, at: range.upperBound, expected: Self.length, found: range.count)
        }
        let start = range.lowerBound
        sourcePort = bytes.uint16(at: start)
        destinationPort = bytes.uint16(at: start &+ 2)
        datagramLength = bytes.uint16(at: start &+ 4)
        checksum = bytes.uint16(at: start &+ 6)
    }

    /// Appends the header's eight bytes as they stand.
    package func append(to packet: inout [UInt8]) {
        packet.append(big: sourcePort)
        packet.append(big: destinationPort)
        packet.append(big: datagramLength)
        packet.append(big: checksum)
    }
}
