/// The IP part of a packet of either version, whole or quoted, as one value of fixed size.
package struct IPPacket: Sendable, Hashable {
    /// The sender's address.
    package let source: IPAddress
    /// The receiver's address.
    package let destination: IPAddress
    /// Where in the buffer the bytes after all IP headers are; short where the packet is cut.
    package let payload: Range<Int>
    /// The length of the IP headers: IPv4 options and IPv6 extension headers included.
    package let headerLength: Int
    /// The length of the packet as its header says, which may be more than is there.
    package let totalLength: Int
    /// Which part of its original packet this is.
    package let fragment: IPFragment
    /// The number that fragments share; nil for an IPv6 packet without a fragment header.
    package let identification: UInt32?
    /// IPv6's flow label; 0 for IPv4.
    package let flowLabel: UInt32
    /// IPv4's TTL, IPv6's hop limit.
    package let ttl: UInt8
    /// DSCP in the upper six bits, ECN in the lower two.
    package let trafficClass: UInt8
    /// What the payload is.
    package let proto: IPProtocol
    /// Whether routers must not fragment the packet; they never do in IPv6.
    package let dontFragment: Bool
    /// Whether fewer bytes are there than the header says.
    package let isTruncated: Bool

    /// Which version the packet is of.
    package var family: IPAddress.Family { source.family }

    /// The packet in a range of bytes; its end may be missing, its headers may not.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        try self.init(bytes, in: bytes.clamp(range), isQuote: false)
    }

    /// The packet that an ICMP error quotes in a range of bytes, cut and changed as routers do.
    ///
    /// The fixed IP header must be there. Options or extension headers may be cut, and a total length
    /// that cannot be right is passed over, as some hosts quote it in their own byte order or less the
    /// header's length.
    package init(quotedIn bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        try self.init(bytes, in: bytes.clamp(range), isQuote: true)
    }

    // Inlined down to the fields: a header of its own, copied over field by field, took twice the time.
    @inline(__always) private init(_ bytes: Span<UInt8>, in range: Range<Int>, isQuote: Bool)
        throws(WireError)
    {
        guard !range.isEmpty else {
            throw WireError(
                .truncated, in: .ip, at: range.upperBound, expected: IPv4Header.minimumLength, found: 0)
        }
        switch bytes[range.lowerBound] >> 4 {
        case 4: try self.init(v4: bytes, in: range, isQuote: isQuote)
        case 6: try self.init(v6: bytes, in: range, isQuote: isQuote)
        case let version:
            throw WireError(.badVersion, in: .ip, at: range.lowerBound, found: Int(version))
        }
    }

    @inline(__always) private init(v4 bytes: Span<UInt8>, in range: Range<Int>, isQuote: Bool)
        throws(WireError)
    {
        let header = try IPv4Header(fixedPartOf: bytes, in: range)
        let headerLength = header.headerLength
        var totalLength = Int(header.totalLength)
        if !isQuote, headerLength > range.count {
            throw WireError(
                .truncated, in: .ipv4, at: range.upperBound, expected: headerLength, found: range.count)
        }
        if totalLength < headerLength {
            guard isQuote else {
                throw WireError(
                    .badLength, in: .ipv4, at: range.lowerBound &+ 2, expected: headerLength,
                    found: totalLength)
            }
            totalLength = max(headerLength, range.count)
        }
        let end = min(range.upperBound, range.lowerBound &+ totalLength)
        source = header.source
        destination = header.destination
        payload = min(header.options.upperBound, end)..<end
        self.headerLength = headerLength
        self.totalLength = totalLength
        fragment = header.fragment
        identification = UInt32(header.identification)
        flowLabel = 0
        ttl = header.ttl
        trafficClass = header.trafficClass
        proto = header.proto
        dontFragment = header.dontFragment
        isTruncated = totalLength > range.count
    }

    @inline(__always) private init(v6 bytes: Span<UInt8>, in range: Range<Int>, isQuote: Bool)
        throws(WireError)
    {
        let header = try IPv6Header(bytes, in: range)
        let start = range.lowerBound &+ IPv6Header.length
        let totalLength = IPv6Header.length &+ Int(header.payloadLength)
        let end = min(range.upperBound, range.lowerBound &+ totalLength)
        let chain = try IPv6ExtensionChain(bytes, startingWith: header.nextHeader, in: start..<end)
        if chain.isTruncated, !isQuote {
            throw WireError(
                .truncated, in: .ipv6Extension, at: end, expected: end &- range.lowerBound &+ 1,
                found: end &- range.lowerBound)
        }
        source = header.source
        destination = header.destination
        payload = chain.payloadOffset..<end
        headerLength = chain.payloadOffset &- range.lowerBound
        self.totalLength = totalLength
        fragment = chain.fragment
        identification = chain.identification
        flowLabel = header.flowLabel
        ttl = header.hopLimit
        trafficClass = header.trafficClass
        proto = chain.proto
        dontFragment = true
        isTruncated = totalLength > range.count
    }
}
