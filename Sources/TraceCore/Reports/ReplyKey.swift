/// The keys of an answer in a report, where `ttl` is the answer's own.
enum ReplyKey: String, CodingKey {
    case sequence, flow, from, name
    case rtt = "rttMs"
    case kind, icmpType, icmpCode, ttl, trafficClass, size, mtu, mpls, interface, quote
    case duplicate, late
}

extension Response {
    init(inReport container: KeyedDecodingContainer<ReplyKey>) throws {
        var icmp: ICMPCode?
        if let type = try container.decodeIfPresent(UInt8.self, forKey: .icmpType) {
            icmp = ICMPCode(type: type, code: try container.decode(UInt8.self, forKey: .icmpCode))
        }
        self.init(
            from: try container.decode(IPAddress.self, forKey: .from),
            rtt: try container.decodeMilliseconds(forKey: .rtt),
            kind: try container.decode(ReplyKind.self, forKey: .kind),
            icmp: icmp,
            ttl: try container.decodeIfPresent(UInt8.self, forKey: .ttl),
            trafficClass: try container.decodeIfPresent(UInt8.self, forKey: .trafficClass),
            size: try container.decodeIfPresent(Int.self, forKey: .size),
            mtu: try container.decodeIfPresent(Int.self, forKey: .mtu),
            labels: try container.decodeIfPresent([MPLSLabel].self, forKey: .mpls) ?? [],
            interface: try container.decodeIfPresent(InterfaceInformation.self, forKey: .interface),
            quote: try container.decodeIfPresent(QuoteFacts.self, forKey: .quote))
    }

    func encode(
        inReport container: inout KeyedEncodingContainer<ReplyKey>, name: UntrustedText? = nil
    ) throws {
        try container.encode(from, forKey: .from)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(milliseconds: rtt, forKey: .rtt)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(icmp?.type, forKey: .icmpType)
        try container.encodeIfPresent(icmp?.code, forKey: .icmpCode)
        try container.encodeIfPresent(ttl, forKey: .ttl)
        try container.encodeIfPresent(trafficClass, forKey: .trafficClass)
        try container.encodeIfPresent(size, forKey: .size)
        try container.encodeIfPresent(mtu, forKey: .mtu)
        if !labels.isEmpty { try container.encode(labels, forKey: .mpls) }
        try container.encodeIfPresent(interface, forKey: .interface)
        try container.encodeIfPresent(quote, forKey: .quote)
    }
}
