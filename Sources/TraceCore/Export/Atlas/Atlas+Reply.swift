extension Atlas {
    /// The result of one probe in a traceroute result of RIPE Atlas.
    public struct Reply: Sendable, Hashable, Codable {
        /// A star if there was no answer.
        public var silence: String?
        /// If the answer was late: the number of probes that were sent after its own. It then has no round trip.
        public var late: Int?
        /// The address that answered.
        public var from: IPAddress?
        /// The round trip in milliseconds.
        public var rttMs: Double?
        /// The bytes of the answer behind the headers of IP and of ICMP or TCP.
        public var size: Int?
        /// The TTL of the answer on arrival.
        public var ttl: UInt8?
        /// Why the probe could not go on.
        public var fault: Atlas.Fault?
        /// The TTL in the quoted probe, if it was not 1.
        public var quotedTTL: UInt8?
        /// The traffic class in the quoted probe, if it was not 0.
        public var quotedTrafficClass: UInt8?
        /// The destination in the quoted probe, if it had been changed.
        public var quotedTarget: IPAddress?
        /// The largest packet that the next link takes.
        public var mtu: Int?
        /// The flags of a TCP answer: `SA` or `RA`.
        public var flags: String?
        /// The extensions of the answer.
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
        ///   - reply: The answer.
        ///   - method: How the probes were sent.
        ///   - late: The number of probes that were sent since, if the answer was late.
        public init(_ reply: ProbeReply, to method: ProbeMethod?, late: Int? = nil) {
            self.late = late
            from = reply.from
            rttMs = late == nil ? max(.zero, reply.rtt).inMilliseconds : nil
            let isTCP = reply.icmp == nil && (reply.kind == .open || reply.kind == .closed)
            if reply.icmp != nil || isTCP {
                // Without the header of ICMP, or that of TCP without options.
                size = reply.messageSize.map { max(0, $0 - (isTCP ? TCPHeader.minimumLength : 8)) }
            }
            ttl = reply.ttl
            fault = Atlas.Fault(reply, to: method)
            quotedTTL = reply.quote?.ttl.flatMap { $0 == 1 ? nil : $0 }
            quotedTrafficClass = reply.quote?.trafficClass.flatMap { $0 == 0 ? nil : $0 }
            quotedTarget = reply.quote?.rewrittenTarget
            mtu = reply.mtu
            // A host refuses a connection request with a reset that acknowledges it (RFC 9293, section 3.5.2).
            if isTCP { flags = reply.kind == .open ? "SA" : "RA" }
            extensions = Atlas.Extensions(reply)
        }
    }
}
