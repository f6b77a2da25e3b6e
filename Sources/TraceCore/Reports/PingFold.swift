extension PingReport {
    /// Builds a `PingReport` from a run's events.
    public struct Fold: EventFold {
        /// The largest number of answers in a report; counts and round trips are those of all answers.
        public static let replyLimit = 10_000

        private var run: RunDescription?
        private var sent = 0
        private var received = 0
        private var lost = 0
        private var failed = 0
        private var duplicates = 0
        private var late = 0
        private var unreachable = 0
        private var statistics = RunningStatistics()
        private var replies: [PingReport.Reply] = []
        private var refused = RefusedProbes()
        private var end: RunEnd?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .started(let run): self.run = run
            case .sent: sent += 1
            case .sendFailed: failed += 1
            case .timedOut: lost += 1
            case .reply(let probe, let reply):
                if reply.kind.isFromTarget {
                    received += 1
                    statistics.add(reply.rtt)
                } else {
                    unreachable += 1
                    refused.note(probe)
                }
                keep(PingReport.Reply(sequence: probe.sequence, answer: reply))
            case .late(let probe, let reply):
                late += 1
                keep(PingReport.Reply(sequence: probe.sequence, answer: reply, isLate: true))
            case .duplicate(let probe, let reply):
                let isOverruling = refused.areOverruled(by: reply, to: probe)
                if isOverruling { overrule(probe, by: reply) } else { duplicates += 1 }
                keep(PingReport.Reply(sequence: probe.sequence, answer: reply, isDuplicate: !isOverruling))
            case .named: break
            case .ended(let end): self.end = end
            }
        }

        /// The report so far, or nil before the run's first event.
        public func report() -> PingReport? {
            guard let run else { return nil }
            return PingReport(
                run: run, sent: sent, received: received, lost: lost, failed: failed, duplicates: duplicates,
                late: late, unreachable: unreachable, rtt: RTTSummary(statistics),
                replies: replies.suffix(Self.replyLimit), end: end)
        }

        /// The answer that came last.
        var latest: PingReport.Reply? { replies.last }

        /// Counts the target's own answer in the place of a router's that came before it.
        private mutating func overrule(_ probe: Probe, by reply: ProbeReply) {
            unreachable -= 1
            received += 1
            statistics.add(reply.rtt)
            let first = replies.lastIndex { $0.sequence == probe.sequence && !$0.kind.isFromTarget }
            if let first { replies.remove(at: first) }
        }

        private mutating func keep(_ reply: PingReport.Reply) {
            // Trimmed only at twice the limit, so that each answer moves at most once.
            if replies.count >= 2 * Self.replyLimit { replies.removeFirst(Self.replyLimit) }
            replies.append(reply)
        }
    }
}
