extension ProbeReply: Codable {
    /// Reads an answer.
    public init(from decoder: any Decoder) throws {
        try self.init(from: decoder.container(keyedBy: EventKey.self))
    }

    /// Writes the answer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: EventKey.self)
        try encode(into: &container)
    }

    init(from container: KeyedDecodingContainer<EventKey>) throws {
        var icmp: ProbeReply.ICMPCode?
        if let type = try container.decodeIfPresent(UInt8.self, forKey: .icmpType) {
            icmp = ProbeReply.ICMPCode(type: type, code: try container.decode(UInt8.self, forKey: .icmpCode))
        }
        self.init(
            from: try container.decode(IPAddress.self, forKey: .from),
            rtt: try container.decodeMilliseconds(forKey: .rtt),
            kind: try container.decode(ReplyKind.self, forKey: .kind),
            icmp: icmp,
            ttl: try container.decodeIfPresent(UInt8.self, forKey: .replyTTL),
            trafficClass: try container.decodeIfPresent(UInt8.self, forKey: .replyTrafficClass),
            size: try container.decodeIfPresent(Int.self, forKey: .replySize),
            mtu: try container.decodeIfPresent(Int.self, forKey: .mtu),
            labels: try container.decodeIfPresent([MPLSLabel].self, forKey: .mpls) ?? [],
            interface: try container.decodeIfPresent(InterfaceInformation.self, forKey: .interface),
            quote: try container.decodeIfPresent(ProbeReply.Quote.self, forKey: .quote))
    }

    /// - Parameters:
    ///   - container: The object that the answer becomes a part of.
    ///   - name: The name of who answered, where it is known and no event of its own tells it.
    func encode(
        into container: inout KeyedEncodingContainer<EventKey>, name: UntrustedText? = nil
    ) throws {
        try container.encode(from, forKey: .from)
        if let name { try container.encode(name, forKey: .name) }
        try container.encode(milliseconds: rtt, forKey: .rtt)
        try container.encode(kind.rawValue, forKey: .kind)
        if let icmp {
            try container.encode(icmp.type, forKey: .icmpType)
            try container.encode(icmp.code, forKey: .icmpCode)
        }
        if let ttl { try container.encode(ttl, forKey: .replyTTL) }
        if let trafficClass { try container.encode(trafficClass, forKey: .replyTrafficClass) }
        if let size { try container.encode(size, forKey: .replySize) }
        if let mtu { try container.encode(mtu, forKey: .mtu) }
        if !labels.isEmpty { try container.encode(labels, forKey: .mpls) }
        if let interface { try container.encode(interface, forKey: .interface) }
        if let quote { try container.encode(quote, forKey: .quote) }
    }
}
