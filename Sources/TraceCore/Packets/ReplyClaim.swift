/// How the system hands up something that came back.
enum Delivery {
    /// A whole packet, IP header and all, to one of these addresses; nil where the system has seen to it that the
    /// packet is for this machine.
    case packet(to: AddressPair?)
    /// The echo reply of an ICMP socket, from its ICMP header on. The system has found the socket by the identifier.
    case echoReply(from: IPAddress)
    /// The data of a datagram, and the ports that it came from and, if that is known, to.
    case datagram(from: IPAddress, port: UInt16, to: UInt16?)
    /// An error, with what it quotes after the UDP header, or from the ICMP or TCP header on, and then the extensions.
    case error(QueuedError)
}

/// What a received packet claims to answer, in one form whichever socket it came from. Nothing is judged yet.
///
/// What it says of itself is in the answer already; ranges are of its bytes.
enum ReplyClaim {
    case echo(identifier: UInt16, sequence: UInt16, payload: Range<Int>)
    case segment(TCPHeader)
    case datagram(from: UInt16, to: UInt16?, payload: Range<Int>)
    case quote(ProbeQuote)
}

/// What an ICMP error shows of the packet that it is about. What it does not show is nil.
struct ProbeQuote {
    /// The address that the error came to, and so the probe from; nil where the system does not tell.
    var home: IPAddress?
    /// Where the packet came from when the router got it; nil where that is not known.
    var source: IPAddress?
    var target: IPAddress
    var sourcePort: UInt16?
    var destinationPort: UInt16?
    /// The identifier of an echo request.
    var identifier: UInt16?
    /// The sequence number of an echo request or a TCP segment.
    var sequence: UInt32?
    /// The transport checksum.
    var checksum: UInt16?
    /// The length that a UDP header says.
    var datagramLength: UInt16?
    /// The maximum segment size that a connection request offers.
    var segmentSize: UInt16?
    /// The identification of an IPv4 header.
    var identification: UInt16?
    /// What the IP header tells else, and how much is quoted.
    var ttl: UInt8?
    var trafficClass: UInt8?
    var length: Int?
    /// What is there of the bytes after the transport header.
    var payload: Range<Int>
    /// The extension structure of the error (RFC 4884).
    var extensions: Range<Int>?

    /// Whether no NAT has changed where the packet came from.
    var isFromHome: Bool { source == nil || source == home }

    /// Whether the ports are those that a probe was sent with, as far as they are known.
    func hasPorts(of record: ProbeRegistry.Record) -> Bool {
        (sourcePort ?? record.sourcePort) == record.sourcePort
            && (destinationPort ?? record.destinationPort) == record.destinationPort
    }

    /// What a whole error quotes; nil if that is no first part of a probe.
    @inline(__always) init?(_ error: ICMPError, of transport: ProbeTransport, sentTo home: IPAddress) {
        let quote = error.quote
        guard quote.ip.family == home.family, quote.ip.proto == transport.proto(for: home.family),
            quote.ip.fragment.isFirst
        else { return nil }
        self.home = home
        source = quote.ip.source
        target = quote.ip.destination
        payload = quote.payload
        extensions = error.extensions
        checksum = quote.checksum
        sourcePort = quote.sourcePort
        destinationPort = quote.destinationPort
        if home.isV4 { identification = quote.ip.identification.map { UInt16(truncatingIfNeeded: $0) } }
        switch quote.transport {
        case .icmp(let icmp):
            guard icmp.type == 8 || icmp.type == 128 else { return nil }
            identifier = icmp.identifier
            sequence = icmp.sequence.map(UInt32.init)
        case .tcp(let tcp):
            sequence = tcp.sequence
            segmentSize = tcp.maximumSegmentSize
        case .udp(let udp): datagramLength = udp.datagramLength
        case .unknown: return nil
        }
        ttl = quote.ip.ttl
        trafficClass = quote.ip.trafficClass
        length = quote.quotedLength
    }

    /// What an error on a socket's queue tells of the packet; nil if that is no probe.
    init?(_ error: QueuedError, _ data: Span<UInt8>, of identity: ProbeIdentity) {
        let quoted = 0..<min(data.count, error.extensionOffset ?? data.count)
        target = error.target.withoutZone
        payload = quoted
        if let offset = error.extensionOffset, offset < data.count { extensions = offset..<data.count }
        switch identity.transport.kind {
        case .icmp:
            guard quoted.count >= ICMPHeader.length, data[0] == (error.offender.isV4 ? 8 : 128) else { return nil }
            identifier = identity.identifier
            sequence = UInt32(data.uint16(at: 6))
            payload = ICMPHeader.length..<quoted.upperBound
        case .udp: destinationPort = error.targetPort
        case .tcp:
            if let segment = try? TCPHeader(data, in: quoted), segment.destinationPort == error.targetPort {
                segmentSize = segment.maximumSegmentSize
            }
        }
    }
}
