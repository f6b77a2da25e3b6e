/// Something about a path that is not as it was.
public struct PathChange: Sendable, Hashable {
    /// When it happened, as far as could be seen: when the first answer came that was different, or when the first
    /// probe was sent that got none.
    public var at: UTCTime
    /// When it was certain.
    public var noticedAt: UTCTime
    /// The hop where it happened, or from which on.
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
        /// Others answer at the hop than before.
        case routers(before: [IPAddress], after: [IPAddress])
        /// The target is as many hops away; several where paths of unequal length are taken in turn.
        case hopCount(before: [Int], after: [Int])
        /// From the hop on to the end, answers take much longer than they used to.
        case slower(before: Duration, after: Duration)
        /// From the hop on to the end, answers take much less time than they used to.
        case faster(before: Duration, after: Duration)
        /// From the hop on to the end, answers take longer than the limit that was set.
        case aboveLimit(limit: Duration, after: Duration)
        /// Answers from the end of the path take less than the limit again.
        case withinLimit(limit: Duration, after: Duration)
        /// More of the probes to the target are lost than before, in percent.
        case moreLoss(before: Double, after: Double)
        /// Fewer of them are.
        case lessLoss(before: Double, after: Double)
        /// The target does not answer any longer; with an error if nothing can be sent, which then says why.
        case targetLost(error: ProbeError? = nil)
        /// The target answers again, after so long.
        case targetBack(outage: Duration)
    }

    /// The kinds of changes, by the names that they have in JSON.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Others answer at a hop.
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
