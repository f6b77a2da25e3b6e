extension ProbeReply {
    /// The facts in a router's quote of a probe: the packet as it arrived there.
    ///
    /// Fields about rewriting are set only where the packet differs from the one that was sent.
    public struct Quote: Sendable, Hashable {
        /// The TTL of the probe there; 1 is usual.
        public var ttl: UInt8?
        /// The traffic class (DSCP and ECN) of the probe there.
        public var trafficClass: UInt8?
        /// The number of quoted bytes, with the IP header.
        public var length: Int?
        /// The rare fields; never an empty box, so that equal facts compare equal.
        private var rare: Boxed<Rare>?

        private struct Rare: Sendable, Hashable {
            var source: IPAddress?
            var target: IPAddress?
            var sourcePort: UInt16?
            var targetPort: UInt16?
            var segmentSize: UInt16?
            var checksum: UInt16?
        }

        /// The facts in a quote; what is not given is not known or was not rewritten.
        public init(
            ttl: UInt8? = nil, trafficClass: UInt8? = nil, length: Int? = nil,
            rewrittenSource: IPAddress? = nil, rewrittenTarget: IPAddress? = nil,
            rewrittenSourcePort: UInt16? = nil, rewrittenTargetPort: UInt16? = nil, segmentSize: UInt16? = nil,
            rewrittenChecksum: UInt16? = nil
        ) {
            self.ttl = ttl
            self.trafficClass = trafficClass
            self.length = length
            update(
                Rare(
                    source: rewrittenSource, target: rewrittenTarget, sourcePort: rewrittenSourcePort,
                    targetPort: rewrittenTargetPort, segmentSize: segmentSize, checksum: rewrittenChecksum))
        }

        /// Whether a NAT on the way changed an address or a port of the probe.
        public var isRewritten: Bool {
            guard let rare = rare?.value else { return false }
            return rare.source != nil || rare.target != nil || rare.sourcePort != nil || rare.targetPort != nil
        }

        /// The source address there, if it was rewritten.
        public var rewrittenSource: IPAddress? {
            get { rare?.value.source }
            set { change { $0.source = newValue } }
        }

        /// The destination there, if it was rewritten.
        public var rewrittenTarget: IPAddress? {
            get { rare?.value.target }
            set { change { $0.target = newValue } }
        }

        /// The source port there, if it was rewritten.
        public var rewrittenSourcePort: UInt16? {
            get { rare?.value.sourcePort }
            set { change { $0.sourcePort = newValue } }
        }

        /// The destination port there, if it was rewritten.
        public var rewrittenTargetPort: UInt16? {
            get { rare?.value.targetPort }
            set { change { $0.targetPort = newValue } }
        }

        /// The maximum segment size of a TCP probe there, if the quote is long enough.
        public var segmentSize: UInt16? {
            get { rare?.value.segmentSize }
            set { change { $0.segmentSize = newValue } }
        }

        /// The transport checksum there, if it is neither the one that was sent nor the one that a NAT or a smaller segment
        /// size would make.
        public var rewrittenChecksum: UInt16? {
            get { rare?.value.checksum }
            set { change { $0.checksum = newValue } }
        }

        private mutating func change(_ body: (inout Rare) -> Void) {
            var changed = rare?.value ?? Rare()
            body(&changed)
            update(changed)
        }

        private mutating func update(_ changed: Rare) {
            rare = changed == Rare() ? nil : Boxed(changed)
        }
    }
}

extension ProbeReply.Quote: Codable {
    private enum Key: String, CodingKey {
        case ttl, trafficClass, length
        case rewrittenSource, rewrittenTarget, rewrittenSourcePort, rewrittenTargetPort
        case segmentSize, rewrittenChecksum
    }

    /// Reads the facts.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            ttl: try container.decodeIfPresent(UInt8.self, forKey: .ttl),
            trafficClass: try container.decodeIfPresent(UInt8.self, forKey: .trafficClass),
            length: try container.decodeIfPresent(Int.self, forKey: .length),
            rewrittenSource: try container.decodeIfPresent(IPAddress.self, forKey: .rewrittenSource),
            rewrittenTarget: try container.decodeIfPresent(IPAddress.self, forKey: .rewrittenTarget),
            rewrittenSourcePort: try container.decodeIfPresent(UInt16.self, forKey: .rewrittenSourcePort),
            rewrittenTargetPort: try container.decodeIfPresent(UInt16.self, forKey: .rewrittenTargetPort),
            segmentSize: try container.decodeIfPresent(UInt16.self, forKey: .segmentSize),
            rewrittenChecksum: try container.decodeIfPresent(UInt16.self, forKey: .rewrittenChecksum))
    }

    /// Writes the facts; what is not known or was not rewritten is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if let ttl { try container.encode(ttl, forKey: .ttl) }
        if let trafficClass { try container.encode(trafficClass, forKey: .trafficClass) }
        if let length { try container.encode(length, forKey: .length) }
        guard rare != nil else { return }
        try container.encodeIfPresent(rewrittenSource, forKey: .rewrittenSource)
        try container.encodeIfPresent(rewrittenTarget, forKey: .rewrittenTarget)
        try container.encodeIfPresent(rewrittenSourcePort, forKey: .rewrittenSourcePort)
        try container.encodeIfPresent(rewrittenTargetPort, forKey: .rewrittenTargetPort)
        try container.encodeIfPresent(segmentSize, forKey: .segmentSize)
        try container.encodeIfPresent(rewrittenChecksum, forKey: .rewrittenChecksum)
    }
}
