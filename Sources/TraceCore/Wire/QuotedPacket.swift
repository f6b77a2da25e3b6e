/// The packet that an ICMP error is about, as far as the error quotes it.
///
/// Routers quote as little as the IP header and eight bytes (RFC 792), and some less. What is not
/// there is nil, and never an error once the IP header is complete.
package struct QuotedPacket: Sendable, Hashable {
    /// The quoted IP header; its TTL is what the packet had left at the router.
    package let ip: IPPacket
    /// What is there of the transport header.
    package let transport: QuotedTransport
    /// Where in the buffer the quoted bytes after the transport header are.
    package let payload: Range<Int>
    /// How many bytes are quoted, padding not counted.
    package let quotedLength: Int

    /// The packet that is quoted in a range of bytes.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let range = bytes.clamp(range)
        let ip = try IPPacket(quotedIn: bytes, in: range)
        let body = ip.payload
        let count = body.count
        self.ip = ip
        quotedLength = body.upperBound &- range.lowerBound
        guard count >= 4, ip.fragment.isFirst else {
            transport = .unknown
            payload = ip.fragment.isFirst ? body.upperBound..<body.upperBound : body
            return
        }
        let start = body.lowerBound
        var headerLength = ICMPHeader.length
        switch ip.proto {
        case .udp:
            transport = .udp(
                QuotedTransport.UDP(
                    sourcePort: bytes.uint16(at: start), destinationPort: bytes.uint16(at: start &+ 2),
                    datagramLength: count >= 6 ? bytes.uint16(at: start &+ 4) : nil,
                    checksum: count >= 8 ? bytes.uint16(at: start &+ 6) : nil))
        case .tcp:
            headerLength = count >= 13 ? max(20, Int(bytes[start &+ 12] >> 4) &* 4) : 20
            transport = .tcp(
                QuotedTransport.TCP(
                    sourcePort: bytes.uint16(at: start), destinationPort: bytes.uint16(at: start &+ 2),
                    sequence: count >= 8 ? bytes.uint32(at: start &+ 4) : nil,
                    acknowledgment: count >= 12 ? bytes.uint32(at: start &+ 8) : nil,
                    flags: count >= 14 ? TCPFlags(rawValue: bytes[start &+ 13]) : nil,
                    maximumSegmentSize: count > TCPHeader.minimumLength
                        ? (try? TCPHeader(bytes, in: body))?.maximumSegmentSize : nil,
                    checksum: count >= 18 ? bytes.uint16(at: start &+ 16) : nil))
        case .icmp, .icmpv6:
            transport = .icmp(
                QuotedTransport.ICMP(
                    type: bytes[start], code: bytes[start &+ 1], checksum: bytes.uint16(at: start &+ 2),
                    identifier: count >= 6 ? bytes.uint16(at: start &+ 4) : nil,
                    sequence: count >= 8 ? bytes.uint16(at: start &+ 6) : nil))
        default:
            transport = .unknown
            headerLength = 0
        }
        payload = (start &+ min(headerLength, count))..<body.upperBound
    }
}

extension QuotedPacket {
    /// The quoted source port of UDP or TCP, or nil.
    package var sourcePort: UInt16? {
        switch transport {
        case .udp(let udp): udp.sourcePort
        case .tcp(let tcp): tcp.sourcePort
        case .icmp, .unknown: nil
        }
    }

    /// The quoted destination port of UDP or TCP, or nil.
    package var destinationPort: UInt16? {
        switch transport {
        case .udp(let udp): udp.destinationPort
        case .tcp(let tcp): tcp.destinationPort
        case .icmp, .unknown: nil
        }
    }

    /// The quoted transport checksum, or nil where too little is quoted.
    package var checksum: UInt16? {
        switch transport {
        case .udp(let udp): udp.checksum
        case .tcp(let tcp): tcp.checksum
        case .icmp(let icmp): icmp.checksum
        case .unknown: nil
        }
    }
}
