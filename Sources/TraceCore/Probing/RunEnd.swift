/// How a run ended.
public struct RunEnd: Sendable, Hashable, Codable {
    /// Why it ended.
    public let reason: Reason
    /// What the last router said, where the target is unreachable.
    public let kind: ReplyKind?
    /// Who said so.
    public let from: IPAddress?
    /// What went wrong, where it failed.
    public let error: ProbeError?
    /// How many packets came that answered no probe: forged, foreign, or too old to be known; nil if none did.
    public var strays: Int?
    /// How many answers were dropped because the run did not read them in time; nil if none was.
    public var dropped: Int?

    /// Why a run ended.
    public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// The target answered.
        case reached
        /// A router said that there is no way on.
        case unreachable
        /// The last TTL was probed, and the target had not answered.
        case hopLimit
        /// As many hops in a row as the gap limit allows kept silent.
        case gap
        /// All that was asked for was done.
        case completed
        /// The time that was given was over.
        case deadline
        /// The caller cancelled it.
        case cancelled
        /// The network could not be used any longer; see the error.
        case failed
    }

    /// The end of a run.
    public init(
        _ reason: Reason, kind: ReplyKind? = nil, from: IPAddress? = nil, error: ProbeError? = nil,
        strays: Int? = nil, dropped: Int? = nil
    ) {
        self.reason = reason
        self.kind = kind
        self.from = from
        self.error = error
        self.strays = strays
        self.dropped = dropped
    }
}

extension RunEnd {
    /// Whether all was asked that the run was to ask, so that what kept silent was silent.
    var isComplete: Bool {
        switch reason {
        case .reached, .unreachable, .hopLimit, .gap, .completed: true
        case .deadline, .cancelled, .failed: false
        }
    }
}
