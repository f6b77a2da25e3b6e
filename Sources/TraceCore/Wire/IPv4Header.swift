/// An IPv4 header (RFC 791), field by field.
package struct IPv4Header: Sendable, Hashable {
    /// The length of a header without options.
    package static let minimumLength = 20

    /// DSCP in the upper six bits, ECN in the lower two.
    package var trafficClass: UInt8
    /// The length of the packet, header included, as the header says.
    package var totalLength: UInt16
    /// The number that the fragments of one packet share.
    package var identification: UInt16
    /// Whether routers must not fragment the packet.
    package var dontFragment: Bool
    /// Which part of its original packet this is.
    package var fragment: IPFragment
    /// How many more hops the packet may take.
    package var ttl: UInt8
    /// What the header is followed by.
    package var proto: IPProtocol
    /// The checksum in the header.
    package var checksum: UInt16
    /// The sender's address.
    package var source: IPAddress
    /// The receiver's address.
    package var destination: IPAddress
    /// Where in the decoded buffer the options are; empty for a header without.
    package var options: Range<Int>

    /// The length of the header with its options.
    package var headerLength: Int { Self.minimumLength + options.count }

    /// A header without options, its checksum still to be filled in.
    package init(
        source: IPAddress, destination: IPAddress, proto: IPProtocol, ttl: UInt8 = 64,
        totalLength: UInt16 = 20, trafficClass: UInt8 = 0, identification: UInt16 = 0,
        dontFragment: Bool = false, fragment: IPFragment = .whole, checksum: UInt16 = 0
    ) {
        self.trafficClass = trafficClass
        self.totalLength = totalLength
        self.identification = identification
        self.dontFragment = dontFragment
        self.fragment = fragment
        self.ttl = ttl
        self.proto = proto
        self.checksum = checksum
        self.source = source
        self.destination = destination
        options = 0..<0
    }

    /// The header at the beginning of a range of bytes; the checksum is not judged.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let range = bytes.clamp(range)
        try self.init(fixedPartOf: bytes, in: range)
        if options.upperBound > range.upperBound {
            throw WireError(
                .truncated, in: .ipv4, at: range.upperBound, expected: headerLength, found: range.count)
        }
    }

    /// The header of a quote, whose options may go on beyond the end of what is there.
    @inline(__always) init(fixedPartOf bytes: Span<UInt8>, in range: Range<Int>) throws(WireError) {
        let start = range.lowerBound
        guard range.count >= Self.minimumLength else {
            throw WireError(
                .truncated, in: .ipv4, at: range.upperBound, expected: Self.minimumLength, found: range.count)
        }
        let first = bytes[start]
        guard first >> 4 == 4 else {
            throw WireError(.badVersion, in: .ipv4, at: start, expected: 4, found: Int(first >> 4))
        }
        let length = Int(first & 0xF) &* 4
        guard length >= Self.minimumLength else {
            throw WireError(
                .badHeaderLength, in: .ipv4, at: start, expected: Self.minimumLength, found: length)
        }
        trafficClass = bytes[start &+ 1]
        totalLength = bytes.uint16(at: start &+ 2)
        identification = bytes.uint16(at: start &+ 4)
        let flags = bytes.uint16(at: start &+ 6)
        dontFragment = flags & 0x4000 != 0
        fragment = IPFragment(offset: Int(flags & 0x1FFF) &* 8, moreFragments: flags & 0x2000 != 0)
        ttl = bytes[start &+ 8]
        proto = IPProtocol(rawValue: bytes[start &+ 9])
        checksum = bytes.uint16(at: start &+ 10)
        source = bytes.addressV4(at: start &+ 12)
        destination = bytes.addressV4(at: start &+ 16)
        options = (start &+ Self.minimumLength)..<(start &+ length)
    }

    /// Appends the header, with up to 40 bytes of options padded to a multiple of four.
    package func append(to packet: inout [UInt8], options: [UInt8] = []) {
        let optionLength = min((options.count + 3) / 4 * 4, 40)
        packet.append(0x40 | UInt8(truncatingIfNeeded: 5 + optionLength / 4))
        packet.append(trafficClass)
        packet.append(big: totalLength)
        packet.append(big: identification)
        var flags = UInt16(truncatingIfNeeded: fragment.offset >> 3) & 0x1FFF
        if dontFragment { flags |= 0x4000 }
        if fragment.moreFragments { flags |= 0x2000 }
        packet.append(big: flags)
        packet.append(ttl)
        packet.append(proto.rawValue)
        packet.append(big: checksum)
        packet.append(source, as: .v4)
        packet.append(destination, as: .v4)
        packet.append(contentsOf: options.prefix(optionLength))
        for _ in min(options.count, optionLength)..<optionLength { packet.append(0) }
    }
}
