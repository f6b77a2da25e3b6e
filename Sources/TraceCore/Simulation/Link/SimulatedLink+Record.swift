extension SimulatedLink {
    /// One packet that went over a link, what came of it, and when: what a tool's own figures can be held against.
    ///
    /// Times are nanoseconds of the monotonic clock.
    public struct Record: Sendable, Hashable {
        /// What became of a packet.
        public enum Outcome: String, Sendable, Hashable, CaseIterable {
            /// It was answered.
            case answered
            /// It was answered a second time.
            case again
            /// Nothing came back.
            case lost
            /// The topology has no way to its destination.
            case noRoute = "no-route"
            /// Too many packets were on their way already.
            case dropped
            /// The system did not take the answer.
            case refused
            /// The answer was still on its way when the link was stopped.
            case unfinished
        }

        /// An answer.
        public struct Answer: Sendable, Hashable {
            /// Who sent it.
            public let from: IPAddress
            /// What it is.
            public let proto: IPProtocol
            /// The type of an ICMP message, the flags of a TCP segment, and 0 for anything else.
            public let type: UInt8
            /// The code of an ICMP message, and 0 for anything else.
            public let code: UInt8
            /// When it was to be back.
            public let dueNs: Int64
        }

        /// When the packet was sent, as far as is known: where the link is not exact, when it was read.
        public let sentNs: Int64
        /// When the packet was read from the interface.
        public let readNs: Int64
        /// When the answer was written to the interface; nil for a packet that got none.
        public internal(set) var writtenNs: Int64?
        /// How far the wall clock was ahead of the monotonic one.
        public let wallOffsetNs: Int64
        /// What became of the packet.
        public internal(set) var outcome: Outcome
        /// What the packet is.
        public let proto: IPProtocol
        /// Who sent it.
        public let source: IPAddress
        /// Who it was for.
        public let destination: IPAddress
        /// The TTL or hop limit it was sent with.
        public let ttl: UInt8
        /// The identifier of an echo request, or the source port.
        public let identifier: UInt16
        /// The sequence number of an echo request, or the destination port.
        public let sequence: UInt16
        /// IPv4's identification, IPv6's flow label.
        public let identification: UInt32
        /// The checksum of the message, datagram or segment, in which some tools hide the identity of a probe.
        public let checksum: UInt16
        /// How long the packet is, IP header and all.
        public let length: Int
        /// The answer, if there was one.
        public internal(set) var answer: Answer?
    }
}

extension SimulatedLink.Record {
    /// What a packet says of itself; nil for what is no IP packet.
    init?(_ packet: [UInt8], sentNs: Int64, readNs: Int64, wallOffsetNs: Int64, outcome: Outcome) {
        let bytes = packet.span
        guard let ip = try? IPPacket(bytes) else { return nil }
        self.sentNs = sentNs
        self.readNs = readNs
        self.wallOffsetNs = wallOffsetNs
        self.outcome = outcome
        proto = ip.proto
        source = ip.source
        destination = ip.destination
        ttl = ip.ttl
        identification = ip.family == .v4 ? ip.identification ?? 0 : ip.flowLabel
        length = packet.count
        let start = ip.payload.lowerBound
        let isEcho = ip.proto == .icmp || ip.proto == .icmpv6
        let numbers = start + (isEcho ? 4 : 0)
        let isWhole = ip.fragment.isFirst && numbers + 4 <= ip.payload.upperBound
        identifier = isWhole ? bytes.uint16(at: numbers) : 0
        sequence = isWhole ? bytes.uint16(at: numbers + 2) : 0
        let place = start + (isEcho ? 2 : ip.proto == .tcp ? 16 : 6)
        checksum = ip.fragment.isFirst && place + 2 <= ip.payload.upperBound ? bytes.uint16(at: place) : 0
    }
}

extension SimulatedLink.Record.Answer {
    /// What an answer says of itself; it is one that the simulation wrote.
    init?(_ packet: [UInt8], dueNs: Int64) {
        guard let ip = try? IPPacket(packet.span) else { return nil }
        let start = ip.payload.lowerBound
        let message = ip.proto == .icmp || ip.proto == .icmpv6
        guard ip.payload.count >= (ip.proto == .tcp ? 14 : 2) else { return nil }
        from = ip.source
        proto = ip.proto
        type = message ? packet[start] : ip.proto == .tcp ? packet[start + 13] : 0
        code = message ? packet[start + 1] : 0
        self.dueNs = dueNs
    }
}
