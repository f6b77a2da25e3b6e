extension Atlas {
    /// A trace as a traceroute result of RIPE Atlas (firmware 5000 and later), which `ripe.atlas.sagan` reads.
    ///
    /// What a run cannot know is left out; what the format requires nevertheless comes from the settings. A late answer
    /// is listed at the hop of its probe, and `late` is the number of probes that were sent since.
    ///
    /// ```swift
    /// let record = try TraceRecord.Fold.replay(events)
    /// print(try JSON.text(Atlas.Traceroute(record)))
    /// ```
    public struct Traceroute: Sendable, Hashable {
        /// The fields that results of every type begin with.
        public var head: Atlas.Head
        /// The end of the run in seconds since 1970.
        public var endTime: Int64?
        /// The variation of the Paris traceroute.
        public var parisID: Int?
        /// The traffic class of the probes.
        public var trafficClass: UInt8?
        /// The hops.
        public var hops: [Hop]

        /// The answers at one TTL.
        public struct Hop: Sendable, Hashable, Codable {
            /// The TTL.
            public var ttl: Int
            /// Why the hop could not be asked.
            public var error: UntrustedText?
            /// The result of each probe.
            public var replies: [Atlas.Reply]?

            private enum CodingKeys: String, CodingKey {
                case ttl = "hop"
                case error
                case replies = "result"
            }
        }

        /// The result of a trace.
        public init(_ record: TraceRecord, _ settings: Atlas.Settings = Atlas.Settings()) {
            let run = record.trace.run
            head = Atlas.Head(run, name: "Traceroute", settings)
            endTime = record.endedAt.flatMap { run.epochSecond(after: $0) }
            parisID = settings.parisID
            trafficClass = settings.trafficClass ?? run.trafficClass
            let positions = record.positions
            hops = record.trace.hops.map { hop in
                var replies = hop.outcomes.map { outcome in
                    switch outcome {
                    case .answered(let reply): Atlas.Reply(reply.answer, to: run.method)
                    case .silent: Atlas.Reply.silent
                    }
                }
                for reply in hop.late {
                    let key = QueryKey(ttl: hop.ttl, sequence: reply.sequence)
                    // The format can say only in this way that an answer was late.
                    guard let position = positions[key] else { continue }
                    let later = record.sentSince(position, until: record.queries[position].sentAt + reply.rtt)
                    replies.append(Atlas.Reply(reply.answer, to: run.method, late: later))
                }
                // A hop with answers has no error, even if some of its probes could not be sent.
                let error = replies.isEmpty ? record.failures[hop.ttl] : nil
                return Hop(
                    ttl: hop.ttl, error: error.map { UntrustedText($0.message) }, replies: error == nil ? replies : nil)
            }
        }
    }
}

extension Atlas.Traceroute: Codable {
    private enum Key: String, CodingKey {
        case endTime = "endtime"
        case parisID = "paris_id"
        case trafficClass = "tos"
        case hops = "result"
    }

    /// Reads a result.
    public init(from decoder: any Decoder) throws {
        head = try Atlas.Head(from: decoder)
        let container = try decoder.container(keyedBy: Key.self)
        endTime = try container.decodeIfPresent(Int64.self, forKey: .endTime)
        parisID = try container.decodeIfPresent(Int.self, forKey: .parisID)
        trafficClass = try container.decodeIfPresent(UInt8.self, forKey: .trafficClass)
        hops = try container.decode([Hop].self, forKey: .hops)
    }

    /// Writes the result.
    public func encode(to encoder: any Encoder) throws {
        try head.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(endTime, forKey: .endTime)
        try container.encodeIfPresent(parisID, forKey: .parisID)
        try container.encodeIfPresent(trafficClass, forKey: .trafficClass)
        try container.encode(hops, forKey: .hops)
    }
}
