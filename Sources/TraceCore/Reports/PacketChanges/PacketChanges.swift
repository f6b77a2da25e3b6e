/// What the network did to the packets of a trace, as far as the answers show it.
///
/// Routers quote what arrived at them. What is quoted otherwise than it was sent, somebody on the way has rewritten; who is
/// known only as far as the hops before did not show it yet. The ways back are inferred and not seen.
public struct PacketChanges: Sendable, Hashable, Codable {
    /// What was rewritten, in the order of the path.
    public var changes: [PacketChanges.Change]
    /// How long the ways back of the hops' answers seem to be.
    public var returnPaths: [PacketChanges.ReturnPath]

    /// What is known of a trace's packets.
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
                known.insert(reply.from).inserted ? PacketChanges.ReturnPath(of: reply.response, at: hop.ttl) : nil
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
            let seen = (hop.replies + hop.late).compactMap { sight.seen(field, in: $0.response) }
            guard !seen.isEmpty else {
                unknown.append(hop.ttl)
                continue
            }
            if let value, let other = seen.first(where: { !field.isSame($0, value) }) {
                // Several ways, of which some change it: what goes on is taken to be as it was.
                let isPartial = seen.contains { field.isSame($0, value) }
                let change = PacketChanges.Change(
                    field: field, was: value.isAsSent ? nil : value, became: other.isAsSent ? nil : other, after: after,
                    before: hop.ttl, unknown: unknown, isPartial: isPartial)
                let isKnown = isPartial && changes.contains { $0.isPartial && $0.before < hop.ttl }
                if !isKnown { changes.append(change) }
            }
            // The hops that are left are used up by the router that tells, so they are no state of the packet.
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
        /// A field that answers show.
        public enum Field: String, Sendable, Hashable, Codable, CaseIterable {
            /// The class of service, six bits.
            case dscp
            /// The congestion marks, two bits.
            case ecn
            /// The hops that were left where one should have been.
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
            /// The transport's checksum, where it is not what the other changes make of it.
            case checksum

            /// Whether two values say the same of the packets. Each probe has a checksum of its own, so all spoiled ones do.
            func isSame(_ left: Value, _ right: Value) -> Bool {
                self == .checksum ? left.isAsSent == right.isAsSent : left == right
            }
        }

        /// What was rewritten.
        public var field: Field
        /// What it was before, or nil for what was sent.
        public var was: Value?
        /// What it became, or nil for what was sent, which it is again.
        public var became: Value?
        /// The last hop where it did not show yet; 0 is this machine.
        public var after: Int
        /// The first hop where it shows.
        public var before: Int
        /// The hops between the two that were silent or quoted too little to show it.
        public var unknown: [Int]
        /// Whether only some of the packets that arrived there were rewritten.
        public var isPartial: Bool

        /// A change between two hops.
        public init(
            field: Field, was: Value?, became: Value?, after: Int, before: Int, unknown: [Int] = [], isPartial: Bool = false
        ) {
            self.field = field
            self.was = was
            self.became = became
            self.after = after
            self.before = before
            self.unknown = unknown
            self.isPartial = isPartial
        }

        /// What a field holds.
        public enum Value: Sendable, Hashable, Codable {
            /// What was sent, where that is known to nobody but the prober.
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
