/// Which targets answered a sweep.
public struct SweepReport: Sendable, Hashable {
    /// How the sweep was made.
    public var run: RunDescription
    /// The targets whose fate is decided, in the order in which it was.
    public var results: [SweepReport.Result]
    /// How the run ended, or nil while it lasts.
    public var end: RunEnd?

    /// The targets that answered.
    public var alive: Int { results.count { $0.isAlive } }
}

extension SweepReport {
    /// The result for one target.
    public struct Result: Sendable, Hashable {
        /// The target.
        public var target: IPAddress
        /// The number of probes that were sent to it.
        public var sent: Int
        /// The round trip of each probe in order; nil for a lost one.
        public var roundTrips: [Duration?]
        /// The first answer in time, from the target or from a router, or nil if there was none.
        public var answer: ProbeReply?
        /// Why it could not be asked, or nil if it could.
        public var error: ProbeError?

        /// A result from its parts.
        public init(
            target: IPAddress, sent: Int, roundTrips: [Duration?], answer: ProbeReply? = nil, error: ProbeError? = nil
        ) {
            self.target = target
            self.sent = sent
            self.roundTrips = roundTrips
            self.answer = answer
            self.error = error
        }

        /// Whether the target itself answered in time.
        public var isAlive: Bool { answer?.kind.isFromTarget ?? false }
    }
}
