/// The fixed part of an IPv6 header (RFC 8200), field by field.
package struct IPv6Header: Sendable, Hashable {
    /// The length of the header, extension headers apart.
    package static let length = 40

    /// DSCP in the upper six bits, ECN in the lower two.
    package var trafficClass: UInt8
    /// The 20 bits by which routers may keep a flow on one path.
    package var flowLabel: UInt32
    /// The number of bytes after this header, extension headers included, as the header says.
    package var payloadLength: UInt16
    /// What the header is followed by.
    package var nextHeader: IPProtocol
    /// How many more hops the packet may take.
    package var hopLimit: UInt8
    /// The sender's address.
    package var source: IPAddress
    /// The receiver's address.
    package var destination: IPAddress

    /// A header made of its fields.
    package init(
        source: IPAddress, destination: IPAddress, nextHeader: IPProtocol, hopLimit: UInt8 = 64,
        payloadLength: UInt16 = 0, trafficClass: UInt8 = 0, flowLabel: UInt32 = 0
    ) {
        self.trafficClass = trafficClass
        self.flowLabel = flowLabel & 0xF_FFFF
        self.payloadLength = payloadLength
        self.nextHeader = nextHeader
        self.hopLimit = hopLimit
        self.source = source
        self.destination = destination
    }

    /// The header at the beginning of a range of bytes.
    @inline(__always) package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let range = bytes.clamp(range)
        let start = range.lowerBound
        guard range.count >= Self.length else {
            throw WireError(
                .truncated, in: .ipv6, at: range.upperBound, expected: Self.length, found: range.count)
        }
        let first = bytes.uint32(at: start)
        guard first >> 28 == 6 else {
            throw WireError(.badVersion, in: .ipv6, at: start, expected: 6, found: Int(first >> 28))
        }
        trafficClass = UInt8(truncatingIfNeeded: first >> 20)
        flowLabel = first & 0xF_FFFF
        payloadLength = bytes.uint16(at: start &+ 4)
        nextHeader = IPProtocol(rawValue: bytes[start &+ 6])
        hopLimit = bytes[start &+ 7]
        source = bytes.addressV6(at: start &+ 8)
        destination = bytes.addressV6(at: start &+ 24)
    }

    /// Appends the header's 40 bytes.
    package func append(to packet: inout [UInt8]) {
        packet.append(big: 6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xF_FFFF)
        packet.append(big: payloadLength)
        packet.append(nextHeader.rawValue)
        packet.append(hopLimit)
        packet.append(source, as: .v6)
        packet.append(destination, as: .v6)
    }
}
