extension PacketChanges {
    /// The length of the way back of an answer, as its TTL on arrival suggests.
    ///
    /// Systems send with a TTL of 32, 64, 128 or 255; the smallest of these that is not below the TTL on arrival is
    /// assumed.
    public struct ReturnPath: Sendable, Hashable, Codable {
        /// The TTLs that systems send with.
        public static let initialTTLs: [UInt8] = [32, 64, 128, 255]
        /// The usual difference between the ways there and back where both are the same: a router may answer from
        /// another of its interfaces, and tunnels hide hops in one direction only.
        public static let usualDifference = 2

        /// The distance of the router or host in hops.
        public var ttl: Int
        /// The address that answered.
        public var from: IPAddress
        /// The TTL of the answer on arrival.
        public var replyTTL: Int
        /// The TTL that the answer is assumed to have started with.
        public var initialTTL: Int

        /// The way back of an answer, or nil if its TTL is not known.
        init?(of reply: ProbeReply, at ttl: Int) {
            guard let left = reply.ttl, let initial = Self.initialTTL(of: left) else { return nil }
            self.ttl = ttl
            from = reply.from
            replyTTL = Int(left)
            initialTTL = Int(initial)
        }

        /// The assumed initial TTL of an answer, or nil if it arrived with 0.
        static func initialTTL(of left: UInt8) -> UInt8? { left > 0 ? initialTTLs.first { $0 >= left } : nil }

        /// The length of the way back in hops.
        public var length: Int { initialTTL - replyTTL + 1 }

        /// Whether it differs from the way there by more than usual.
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

        /// Writes the way back, with the values that follow from it.
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
