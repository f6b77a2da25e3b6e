extension Atlas {
    /// A ping as a ping result of RIPE Atlas (firmware 5000 and later), which `ripe.atlas.sagan` reads.
    ///
    /// Answers are in the order of their probes. A late answer is not listed: its probe had been given up and is a
    /// star.
    public struct Ping: Sendable, Hashable {
        /// The fields that results of every type begin with.
        public var head: Atlas.Head
        /// The probes that were sent.
        public var sent: Int
        /// The probes that were answered in time.
        public var received: Int
        /// The answers to probes that had been answered before.
        public var duplicates: Int
        /// The shortest, mean and longest round trip in milliseconds; each is -1 if there was none.
        public var minimumMs, averageMs, maximumMs: Double
        /// The seconds between two probes, rounded down.
        public var step: Int64?
        /// The TTL of the first answer on arrival.
        public var ttl: UInt8?
        /// The result of each probe.
        public var replies: [Reply]

        /// The result of one probe; a probe that was answered twice has two.
        public struct Reply: Sendable, Hashable, Codable {
            /// A star if there was no answer.
            public var silence: String?
            /// Why there is no round trip.
            public var error: String?
            /// 1 for an answer to a probe that had been answered before.
            public var duplicate: Int?
            /// The round trip in milliseconds.
            public var rttMs: Double?
            /// The TTL of the answer on arrival, if it differs from that of the first one.
            public var ttl: UInt8?

            private enum CodingKeys: String, CodingKey {
                case silence = "x"
                case error
                case duplicate = "dup"
                case rttMs = "rtt"
                case ttl
            }
        }

        /// The result of a ping.
        public init(_ report: PingReport, _ settings: Atlas.Settings = Atlas.Settings()) {
            head = Atlas.Head(report.run, name: "Ping", settings)
            sent = report.sent
            received = report.received
            duplicates = report.duplicates
            minimumMs = report.rtt?.min.inMilliseconds ?? -1
            averageMs = report.rtt?.average.inMilliseconds ?? -1
            maximumMs = report.rtt?.max.inMilliseconds ?? -1
            step = report.run.parameters.interval.map { $0.components.seconds }
            let outcomes = report.outcomes
            let first = outcomes.lazy.compactMap { outcome -> UInt8? in
                guard case .answered(let reply) = outcome, reply.kind.isFromTarget else { return nil }
                return reply.answer.ttl
            }.first
            ttl = first
            replies = outcomes.map { outcome in
                switch outcome {
                case .silent: Reply(silence: "*")
                case .answered(let reply) where reply.kind.isFromTarget:
                    Reply(
                        duplicate: reply.isDuplicate ? 1 : nil, rttMs: max(.zero, reply.rtt).inMilliseconds,
                        ttl: reply.answer.ttl == first ? nil : reply.answer.ttl)
                case .answered(let reply): Reply(error: "\(reply.answer.words), says \(reply.from)")
                }
            }
            let failed = min(max(0, report.failed), QueryOutcome<PingReport.Reply>.silenceLimit)
            replies += (0..<failed).map { _ in Reply(error: "could not be sent") }
        }
    }
}

extension Atlas.Ping: Codable {
    private enum Key: String, CodingKey {
        case sent, received = "rcvd", duplicates = "dup"
        case minimumMs = "min", averageMs = "avg", maximumMs = "max"
        case step, ttl, replies = "result"
    }

    /// Reads a result.
    public init(from decoder: any Decoder) throws {
        head = try Atlas.Head(from: decoder)
        let container = try decoder.container(keyedBy: Key.self)
        sent = try container.decode(Int.self, forKey: .sent)
        received = try container.decode(Int.self, forKey: .received)
        duplicates = try container.decode(Int.self, forKey: .duplicates)
        minimumMs = try container.decode(Double.self, forKey: .minimumMs)
        averageMs = try container.decode(Double.self, forKey: .averageMs)
        maximumMs = try container.decode(Double.self, forKey: .maximumMs)
        step = try container.decodeIfPresent(Int64.self, forKey: .step)
        ttl = try container.decodeIfPresent(UInt8.self, forKey: .ttl)
        replies = try container.decode([Reply].self, forKey: .replies)
    }

    /// Writes the result.
    public func encode(to encoder: any Encoder) throws {
        try head.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(sent, forKey: .sent)
        try container.encode(received, forKey: .received)
        try container.encode(duplicates, forKey: .duplicates)
        try container.encode(minimumMs, forKey: .minimumMs)
        try container.encode(averageMs, forKey: .averageMs)
        try container.encode(maximumMs, forKey: .maximumMs)
        try container.encodeIfPresent(step, forKey: .step)
        try container.encodeIfPresent(ttl, forKey: .ttl)
        try container.encode(replies, forKey: .replies)
    }
}
