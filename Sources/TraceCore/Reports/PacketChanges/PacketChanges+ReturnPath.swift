extension PacketChanges {
    /// How long the way back of an answer seems to be: inferred from the hops that it had left when it arrived.
    ///
    /// Systems send with a TTL of 32, 64, 128 or 255; the smallest of them that is not below what arrived is taken to be it.
    public struct ReturnPath: Sendable, Hashable, Codable {
        /// The TTLs that systems send with.
        public static let initialTTLs: [UInt8] = [32, 64, 128, 255]
        /// How far the ways there and back usually differ where they are the same: a router may answer by another of its
        /// interfaces, and tunnels hide hops from one direction only.
        public static let usualDifference = 2

        /// How many hops away the router or host is.
        public var ttl: Int
        /// Who answered.
        public var from: IPAddress
        /// The hops that the answer had left.
        public var replyTTL: Int
        /// The hops that it is taken to have begun with.
        public var initialTTL: Int

        /// The way back of an answer, or nil where the hops that it had left are not known.
        init?(of response: ProbeReply, at ttl: Int) {
            guard let left = response.ttl, let initial = Self.initialTTL(of: left) else { return nil }
            self.ttl = ttl
            from = response.from
            replyTTL = Int(left)
            initialTTL = Int(initial)
        }

        /// What an answer is taken to have begun with that had so many hops left, or nil if it had none.
        static func initialTTL(of left: UInt8) -> UInt8? { left > 0 ? initialTTLs.first { $0 >= left } : nil }

        /// How many hops long the way back seems to be.
        public var length: Int { initialTTL - replyTTL + 1 }

        /// Whether it differs from the way there by more than is usual.
        public var isAsymmetric: Bool { abs(length - ttl) > Self.usualDifference }

        private enum Key: String, CodingKey { case ttl, from, replyTTL, initialTTL, length, isAsymmetric }

        /// Reads a way back.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            ttl = try container.decodeTTL(forKey: .ttl)
            from = try container.decode(IPAddress.self, forKey: .from)
            replyTTL = Int(try container.decode(UInt8.self, forKey: .replyTTL))
            initialTTL = Int(try container.decode(UInt8.self, forKey: .initialTTL))
        }

        /// Writes the way back, and what follows for those who do not want to reckon.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(ttl, forKey: .ttl)
            try container.encode(from, forKey: .from)
            try container.encode(replyTTL, forKey: .replyTTL)
            try container.encode(initialTTL, forKey: .initialTTL)
            try container.encode(length, forKey: .length)
            if isAsymmetric { try container.encode(isAsymmetric, forKey: .isAsymmetric) }
        }
    }
}
