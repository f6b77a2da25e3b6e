/// What the network changed in the packets of a trace, as far as the answers show it.
///
/// Routers quote the packet that reached them. Where the quote differs from what was sent, a device on the way has
/// rewritten it; the hops before that do not show the change limit which one. The ways back are inferred and not seen.
public struct PacketChanges: Sendable, Hashable, Codable {
    /// The rewritten fields, in the order of the path.
    public var changes: [PacketChanges.Change]
    /// The length of the way back for each hop, as far as known.
    public var returnPaths: [PacketChanges.ReturnPath]

    /// The changes in a trace's packets.
    public init(of trace: TraceReport) {
        let sight = PacketSight(trace.run)
        var changes: [PacketChanges.Change] = []
        for field in PacketChanges.Change.Field.allCases {
            changes += Self.changes(of: field, along: trace.hops, seenBy: sight)
        }
        self.changes = changes.sorted { ($0.before, $0.after) < ($1.before, $1.after) }
        returnPaths = trace.hops.flatMap { hop in
            var known: Set<IPAddress> = []
            return (hop.replies + hop.late).compactMap { reply in
                known.insert(reply.from).inserted ? PacketChanges.ReturnPath(of: reply.answer, at: hop.ttl) : nil
            }
        }
    }

    private static func changes(
        of field: PacketChanges.Change.Field, along hops: [TraceReport.Hop], seenBy sight: PacketSight
    ) -> [PacketChanges.Change] {
        var changes: [PacketChanges.Change] = []
        var value = sight.sent(field)
        var after = 0
        var unknown: [Int] = []
        for hop in hops {
            let seen = (hop.replies + hop.late).compactMap { sight.seen(field, in: $0.answer) }
            guard !seen.isEmpty else {
                unknown.append(hop.ttl)
                continue
            }
            if let value, let other = seen.first(where: { !field.isSame($0, value) }) {
                // On several paths, only some of which change the field, later hops are compared with the unchanged
                // value.
                let isPartial = seen.contains { field.isSame($0, value) }
                let change = PacketChanges.Change(
                    field: field, was: value.isAsSent ? nil : value, became: other.isAsSent ? nil : other, after: after,
                    before: hop.ttl, unknown: unknown, isPartial: isPartial)
                let isKnown = isPartial && changes.contains { $0.isPartial && $0.before < hop.ttl }
                if !isKnown { changes.append(change) }
            }
            // The router that answers has used up the TTL, so it is not a state of the packet.
            if field != .ttl, value.map({ value in !seen.contains { field.isSame($0, value) } }) ?? true {
                value = seen.first
            }
            after = hop.ttl
            unknown = []
        }
        return changes
    }
}

extension PacketChanges {
    /// A field of the probes that was rewritten on the way.
    public struct Change: Sendable, Hashable, Codable {
        /// A field that answers can show.
        public enum Field: String, Sendable, Hashable, Codable, CaseIterable {
            /// The class of service (DSCP), six bits.
            case dscp
            /// The congestion marks (ECN), two bits.
            case ecn
            /// The TTL on arrival, where it is not 1.
            case ttl
            /// The sender's address.
            case source
            /// The receiver's address.
            case target
            /// The sender's port.
            case sourcePort
            /// The receiver's port.
            case targetPort
            /// TCP's maximum segment size.
            case segmentSize
            /// The transport's checksum, where the other changes do not explain it.
            case checksum

            /// Whether two values are equal. Each probe has its own checksum, so all wrong ones count as equal.
            func isSame(_ left: Value, _ right: Value) -> Bool {
                self == .checksum ? left.isAsSent == right.isAsSent : left == right
            }
        }

        /// The rewritten field.
        public var field: Field
        /// The value before, or nil for the value that was sent.
        public var was: Value?
        /// The value after, or nil if the value that was sent is restored.
        public var became: Value?
        /// The last hop that does not show the change; 0 is this machine.
        public var after: Int
        /// The first hop that shows it.
        public var before: Int
        /// The hops in between that were silent or quoted too little.
        public var unknown: [Int]
        /// Whether only some of the packets that arrived there were rewritten.
        public var isPartial: Bool

        /// A change between two hops.
        public init(
            field: Field, was: Value?, became: Value?, after: Int, before: Int, unknown: [Int] = [],
            isPartial: Bool = false
        ) {
            self.field = field
            self.was = was
            self.became = became
            self.after = after
            self.before = before
            self.unknown = unknown
            self.isPartial = isPartial
        }

        /// The value of a field.
        public enum Value: Sendable, Hashable, Codable {
            /// The value that was sent, where only the prober knows it.
            case asSent
            /// A number.
            case number(Int)
            /// An address.
            case address(IPAddress)

            var isAsSent: Bool { self == .asSent }

            /// Reads a number or an address.
            public init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else {
                    self = .address(try container.decode(IPAddress.self))
                }
            }

            /// Writes a number, or an address as text.
            public func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                switch self {
                case .asSent: try container.encodeNil()
                case .number(let number): try container.encode(number)
                case .address(let address): try container.encode(address)
                }
            }
        }
    }
}
