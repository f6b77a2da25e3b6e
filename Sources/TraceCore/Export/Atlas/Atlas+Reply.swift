extension Atlas {
    /// What became of one probe in a traceroute result of RIPE Atlas.
    public struct Reply: Sendable, Hashable, Codable {
        /// A star, if nothing came.
        public var silence: String?
        /// How many probes had left since the one that is answered, if the answer was late; it has no round trip then.
        public var late: Int?
        /// Who answered.
        public var from: IPAddress?
        /// The round trip in milliseconds.
        public var rttMs: Double?
        /// The bytes of the answer behind the headers of IP and of ICMP or TCP.
        public var size: Int?
        /// The hops that the answer had left.
        public var ttl: UInt8?
        /// Why the probe could not go on.
        public var fault: Atlas.Fault?
        /// The hops that the probe had left where the answer came from, if it was not 1.
        public var quotedTTL: UInt8?
        /// The traffic class that the probe had there, if it was not 0.
        public var quotedTrafficClass: UInt8?
        /// The destination that the probe had there, if it was another.
        public var quotedTarget: IPAddress?
        /// The largest packet that the next link takes.
        public var mtu: Int?
        /// The flags of an answer by TCP: `SA` or `RA`.
        public var flags: String?
        /// What the answer told besides.
        public var extensions: Atlas.Extensions?

        private enum CodingKeys: String, CodingKey {
            case silence = "x"
            case late, from
            case rttMs = "rtt"
            case size, ttl
            case fault = "err"
            case quotedTTL = "ittl"
            case quotedTrafficClass = "itos"
            case quotedTarget = "edst"
            case mtu, flags
            case extensions = "icmpext"
        }

        /// A probe that was given up.
        public static let silent: Atlas.Reply = {
            var reply = Atlas.Reply()
            reply.silence = "*"
            return reply
        }()

        private init() {}

        /// An answer.
        ///
        /// - Parameters:
        ///   - response: What came.
        ///   - method: How was asked.
        ///   - late: How many probes had left since, if it was late.
        public init(_ response: ProbeReply, to method: ProbeMethod, late: Int? = nil) {
            self.late = late
            from = response.from
            rttMs = late == nil ? max(.zero, response.rtt).inMilliseconds : nil
            let isTCP = response.icmp == nil && (response.kind == .open || response.kind == .closed)
            if response.icmp != nil || isTCP {
                // The header of an ICMP message, or that of TCP without its options.
                size = response.messageSize.map { max(0, $0 - (isTCP ? TCPHeader.minimumLength : 8)) }
            }
            ttl = response.ttl
            fault = Atlas.Fault(response, to: method)
            quotedTTL = response.quote?.ttl.flatMap { $0 == 1 ? nil : $0 }
            quotedTrafficClass = response.quote?.trafficClass.flatMap { $0 == 0 ? nil : $0 }
            quotedTarget = response.quote?.rewrittenTarget
            mtu = response.mtu
            // A host refuses a connection request with a reset that acknowledges it (RFC 9293, section 3.5.2).
            if isTCP { flags = response.kind == .open ? "SA" : "RA" }
            extensions = Atlas.Extensions(response)
        }
    }
}
