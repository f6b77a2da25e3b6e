extension ScamperTrace {
    /// One answer in scamper's record of a trace.
    public struct Hop: Sendable, Hashable, Codable {
        /// The address that answered.
        public var address: IPAddress
        /// The name of the address, where it is known.
        public var name: UntrustedText?
        /// The TTL of the probe.
        public var probeTTL: Int
        /// The number of the probe at the hop, from 1.
        public var probeID: Int
        /// The size of the probe, with the IP header.
        public var probeSize: Int?
        /// When the probe was sent, where that is known.
        public var sentAt: Time?
        /// The round trip in milliseconds, to the microsecond.
        public var rttMs: Double
        /// The TTL of the answer on arrival.
        public var ttl: UInt8?
        /// The traffic class of the answer.
        public var trafficClass: UInt8?
        /// The size of the answer, with the IP header.
        public var size: Int?
        /// The type of the ICMP message.
        public var icmpType: UInt8?
        /// Its code.
        public var icmpCode: UInt8?
        /// The TTL in the quoted probe.
        public var quotedTTL: UInt8?
        /// The traffic class in the quoted probe; scamper gives it for IPv4 only.
        public var quotedTrafficClass: UInt8?
        /// The largest packet that the next link takes.
        public var mtu: Int?
        /// The flags of a TCP answer.
        public var tcpFlags: UInt8?
        /// The extensions of the answer.
        public var extensions: [Extension]?

        private enum CodingKeys: String, CodingKey {
            case address = "addr"
            case name
            case probeTTL = "probe_ttl"
            case probeID = "probe_id"
            case probeSize = "probe_size"
            case sentAt = "tx"
            case rttMs = "rtt"
            case ttl = "reply_ttl"
            case trafficClass = "reply_tos"
            case size = "reply_size"
            case icmpType = "icmp_type"
            case icmpCode = "icmp_code"
            case quotedTTL = "icmp_q_ttl"
            case quotedTrafficClass = "icmp_q_tos"
            case mtu = "icmp_nhmtu"
            case tcpFlags = "tcp_flags"
            case extensions = "icmpext"
        }

        /// A wall-clock time.
        public struct Time: Sendable, Hashable, Codable {
            /// The seconds since 1970.
            public var sec: Int64
            /// The microseconds within the second.
            public var usec: Int64

            init(_ time: UTCTime) {
                sec = time.microsecondsSince1970.dividedFloor(by: 1_000_000)
                let rest = time.microsecondsSince1970 % 1_000_000
                usec = rest < 0 ? rest + 1_000_000 : rest
            }
        }

        /// An extension object of the answer.
        public struct Extension: Sendable, Hashable, Codable {
            /// The subject: 1 for labels, 2 for an interface.
            public var objectClass: UInt8
            /// Its type within the class.
            public var type: UInt8
            /// The number of bytes after its header.
            public var length: Int
            /// The labels, outermost first.
            public var labels: [Label]?

            private enum CodingKeys: String, CodingKey {
                case objectClass = "ie_cn"
                case type = "ie_ct"
                case length = "ie_dl"
                case labels = "mpls_labels"
            }
        }

        /// An MPLS label.
        public struct Label: Sendable, Hashable, Codable {
            /// The time to live within the MPLS network.
            public var ttl: UInt8
            /// 1 for the last entry of the stack, 0 for others.
            public var s: Int
            /// The traffic class.
            public var exp: UInt8
            /// The label.
            public var label: UInt32

            private enum CodingKeys: String, CodingKey {
                case ttl = "mpls_ttl"
                case s = "mpls_s"
                case exp = "mpls_exp"
                case label = "mpls_label"
            }
        }

        /// An answer.
        ///
        /// - Parameters:
        ///   - reply: The answer.
        ///   - ttl: The TTL of the probe.
        ///   - sentAt: When the probe was sent, where that is known.
        ///   - size: The size of the probe, with the IP header.
        init(_ reply: TraceReport.HopReply, ttl: Int, sentAt: UTCTime?, size: Int?) {
            let answer = reply.answer
            address = answer.from
            name = reply.name
            probeTTL = ttl
            // A recorded run may contain any number.
            probeID = max(0, reply.sequence < .max ? reply.sequence + 1 : .max)
            probeSize = size
            self.sentAt = sentAt.map { Time($0) }
            let nanoseconds = max(.zero, answer.rtt).wholeNanoseconds
            rttMs = Double(nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0)) / 1000
            self.ttl = answer.ttl
            trafficClass = answer.trafficClass
            self.size = answer.size
            icmpType = answer.icmp?.type
            icmpCode = answer.icmp?.code
            quotedTTL = answer.quote?.ttl
            quotedTrafficClass = answer.from.isV4 ? answer.quote?.trafficClass : nil
            mtu = answer.mtu
            // A host refuses a connection request with a reset that acknowledges it (RFC 9293, section 3.5.2).
            if answer.icmp == nil {
                switch answer.kind {
                case .open: tcpFlags = TCPFlags([.syn, .ack]).rawValue
                case .closed: tcpFlags = TCPFlags([.rst, .ack]).rawValue
                default: break
                }
            }
            let objects = Self.extensions(of: answer)
            extensions = objects.isEmpty ? nil : objects
        }

        private static func extensions(of answer: ProbeReply) -> [Extension] {
            var objects: [Extension] = []
            if !answer.labels.isEmpty {
                let labels = answer.labels.map {
                    Label(ttl: $0.ttl, s: $0.bottom ? 1 : 0, exp: $0.exp, label: $0.label)
                }
                objects.append(Extension(objectClass: 1, type: 1, length: 4 * labels.count, labels: labels))
            }
            if let interface = answer.interface {
                var body: [UInt8] = []
                interface.appendBody(to: &body)
                objects.append(Extension(objectClass: 2, type: interface.subtype, length: body.count, labels: nil))
            }
            return objects
        }
    }
}
