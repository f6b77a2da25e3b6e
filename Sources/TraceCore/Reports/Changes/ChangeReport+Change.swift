extension ChangeReport {
    /// One change of a path.
    public struct Change: Sendable, Hashable {
        /// When it happened: when the first different answer arrived, or when the first probe without an answer was
        /// sent.
        public var at: UTCTime
        /// When it became certain.
        public var noticedAt: UTCTime
        /// The hop where it happened, or the first one that it affects.
        public var hop: Int
        /// What happened.
        public var what: What

        /// A change with its place and times.
        public init(at: UTCTime, noticedAt: UTCTime, hop: Int, what: What) {
            self.at = at
            self.noticedAt = noticedAt
            self.hop = hop
            self.what = what
        }

        /// What can happen to a path.
        public enum What: Sendable, Hashable {
            /// Other routers answer at the hop than before.
            case routers(before: [IPAddress], after: [IPAddress])
            /// The distance to the target has changed; several values where paths of unequal length are used in turn.
            case hopCount(before: [Int], after: [Int])
            /// From this hop to the end, answers take much longer than they used to.
            case slower(before: Duration, after: Duration)
            /// From this hop to the end, answers take much less time than they used to.
            case faster(before: Duration, after: Duration)
            /// From this hop to the end, answers take longer than the limit.
            case aboveLimit(limit: Duration, after: Duration)
            /// Answers from the end of the path are below the limit again.
            case withinLimit(limit: Duration, after: Duration)
            /// More of the probes to the target are lost than before, in percent.
            case moreLoss(before: Double, after: Double)
            /// Fewer of the probes to the target are lost than before, in percent.
            case lessLoss(before: Double, after: Double)
            /// The target no longer answers; the error is set if nothing can be sent.
            case targetLost(error: ProbeError? = nil)
            /// The target answers again after the outage.
            case targetBack(outage: Duration)
        }

        /// The kinds of changes, by their names in JSON.
        public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
            /// Other routers answer at a hop.
            case routers
            /// The target is nearer or farther.
            case hopCount
            /// The path has become much slower, or much faster.
            case slower, faster
            /// The path has become slower than the limit, or is no longer.
            case aboveLimit, withinLimit
            /// More is lost, or less.
            case moreLoss, lessLoss
            /// The target is lost, or back.
            case targetLost, targetBack
        }

        /// The kind of the change.
        public var kind: Kind {
            switch what {
            case .routers: .routers
            case .hopCount: .hopCount
            case .slower: .slower
            case .faster: .faster
            case .aboveLimit: .aboveLimit
            case .withinLimit: .withinLimit
            case .moreLoss: .moreLoss
            case .lessLoss: .lessLoss
            case .targetLost: .targetLost
            case .targetBack: .targetBack
            }
        }
    }
}

extension ChangeReport.Change: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, change, at, noticedAt, hop
        case routersBefore, routersAfter, hopCountsBefore, hopCountsAfter
        case rttBefore = "rttBeforeMs"
        case rttAfter = "rttAfterMs"
        case limit = "limitMs"
        case lossBefore = "lossPercentBefore"
        case lossAfter = "lossPercentAfter"
        case outage = "outageMs"
        case error
    }

    /// Reads a change.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let version = try container.decode(Int.self, forKey: .schemaVersion)
        if let reason = SchemaVersion.refusal(of: version, in: "change") {
            throw container.refuse(.schemaVersion, reason)
        }
        at = try container.decode(UTCTime.self, forKey: .at)
        noticedAt = try container.decode(UTCTime.self, forKey: .noticedAt)
        hop = try container.decodeTTL(forKey: .hop)
        func both<Value: Decodable>(_ before: Key, _ after: Key) throws -> (Value, Value) {
            (try container.decode(Value.self, forKey: before), try container.decode(Value.self, forKey: after))
        }
        func time(_ key: Key) throws -> Duration { try container.decodeMilliseconds(forKey: key) }
        switch try container.decode(Kind.self, forKey: .change) {
        case .routers:
            let (before, after): ([IPAddress], [IPAddress]) = try both(.routersBefore, .routersAfter)
            what = .routers(before: before, after: after)
        case .hopCount:
            let (before, after): ([Int], [Int]) = try both(.hopCountsBefore, .hopCountsAfter)
            what = .hopCount(before: before, after: after)
        case .slower: what = .slower(before: try time(.rttBefore), after: try time(.rttAfter))
        case .faster: what = .faster(before: try time(.rttBefore), after: try time(.rttAfter))
        case .aboveLimit: what = .aboveLimit(limit: try time(.limit), after: try time(.rttAfter))
        case .withinLimit: what = .withinLimit(limit: try time(.limit), after: try time(.rttAfter))
        case .moreLoss:
            let (before, after): (Double, Double) = try both(.lossBefore, .lossAfter)
            what = .moreLoss(before: before, after: after)
        case .lessLoss:
            let (before, after): (Double, Double) = try both(.lossBefore, .lossAfter)
            what = .lessLoss(before: before, after: after)
        case .targetLost: what = .targetLost(error: try container.decodeIfPresent(ProbeError.self, forKey: .error))
        case .targetBack: what = .targetBack(outage: try time(.outage))
        }
    }

    /// Writes the change as one flat object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(SchemaVersion.current, forKey: .schemaVersion)
        try container.encode(kind, forKey: .change)
        try container.encode(at, forKey: .at)
        try container.encode(noticedAt, forKey: .noticedAt)
        try container.encode(hop, forKey: .hop)
        switch what {
        case .routers(let before, let after):
            try container.encode(before, forKey: .routersBefore)
            try container.encode(after, forKey: .routersAfter)
        case .hopCount(let before, let after):
            try container.encode(before, forKey: .hopCountsBefore)
            try container.encode(after, forKey: .hopCountsAfter)
        case .slower(let before, let after), .faster(let before, let after):
            try container.encode(milliseconds: before, forKey: .rttBefore)
            try container.encode(milliseconds: after, forKey: .rttAfter)
        case .aboveLimit(let limit, let after), .withinLimit(let limit, let after):
            try container.encode(milliseconds: limit, forKey: .limit)
            try container.encode(milliseconds: after, forKey: .rttAfter)
        case .moreLoss(let before, let after), .lessLoss(let before, let after):
            try container.encode(before, forKey: .lossBefore)
            try container.encode(after, forKey: .lossAfter)
        case .targetLost(let error): try container.encodeIfPresent(error, forKey: .error)
        case .targetBack(let outage): try container.encode(milliseconds: outage, forKey: .outage)
        }
    }
}
