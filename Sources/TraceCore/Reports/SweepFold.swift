extension SweepReport {
    /// Builds a `SweepReport` from a run's events.
    public struct Fold: EventFold {
        private var tally = SweepTally()
        private var results: [SweepReport.Result] = []
        private var end: RunEnd?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            if let result = tally.apply(event) { results.append(result) }
            switch event.fact {
            // A recorded run may contain any number; the array grows beyond this when needed.
            case .started(let run): results.reserveCapacity(min(max(0, run.parameters.count ?? 0), 1 << 16))
            case .ended(let end): self.end = end
            default: break
            }
        }

        /// The report so far, or nil before the run's first event.
        public func report() -> SweepReport? {
            tally.run.map { SweepReport(run: $0, results: results, end: end) }
        }
    }
}

/// Collects the events of a sweep until the fate of a target is decided, and then forgets the target.
///
/// If a target is asked until it answers, its tries follow each other, and the deciding event holds nearly everything:
/// only a router's answer is kept until the last try.
struct SweepTally: Sendable {
    private struct Pending {
        var sent = 0
        var decided = 0
        var roundTrips: [Duration?] = []
        /// Boxed, because the table of targets is copied as it grows.
        var answer: Boxed<ProbeReply>?
        var error: ProbeError?
    }

    /// More tries than any sweep makes.
    private static let triesLimit = 64

    private(set) var run: RunDescription?
    private var isUntilReply = true
    /// The largest number of probes for a target.
    private var tries = 1
    private var pending: [IPAddress: Pending] = [:]
    /// The first answer of a router, for targets that have tries left.
    private var refusals: [IPAddress: Boxed<ProbeReply>] = [:]

    /// Takes in an event; returns a result if the event decides the fate of a target.
    mutating func apply(_ event: ProbeEvent) -> SweepReport.Result? {
        if case .started(let run) = event.fact {
            self.run = run
            isUntilReply = run.parameters.untilReply ?? true
            // Without a limit no target would ever be decided. A recorded run may contain any number, and memory must
            // not grow with it.
            tries = max(0, run.parameters.queries ?? (isUntilReply ? 1 : 0))
            if isUntilReply { tries = min(tries, Self.triesLimit) }
        }
        return isUntilReply ? lastWord(of: event) : tries > 0 ? count(event) : nil
    }

    /// The result of a target that is asked until it answers.
    private mutating func lastWord(of event: ProbeEvent) -> SweepReport.Result? {
        switch event.fact {
        case .reply(let probe, let reply):
            guard (0..<tries).contains(probe.sequence) else { return nil }
            let refusal = refusals.isEmpty ? nil : refusals.removeValue(forKey: probe.target)
            if !reply.kind.isFromTarget {
                guard probe.sequence == tries - 1 else {
                    refusals[probe.target] = refusal ?? Boxed(reply)
                    return nil
                }
            }
            return result(of: probe, reply)
        case .duplicate(let probe, let reply):
            // After a router's answer, the target's own is the one that counts.
            guard reply.kind.isFromTarget, (0..<tries).contains(probe.sequence), !refusals.isEmpty,
                refusals.removeValue(forKey: probe.target) != nil
            else { return nil }
            return result(of: probe, reply)
        case .timedOut(let probe):
            guard probe.sequence == tries - 1 else { return nil }
            return SweepReport.Result(
                target: probe.target, sent: tries, roundTrips: Array(repeating: nil, count: tries),
                answer: refusals.isEmpty ? nil : refusals.removeValue(forKey: probe.target)?.value)
        case .sendFailed(let probe, let error):
            guard (0..<tries).contains(probe.sequence) else { return nil }
            // It is tried again; see `SweepPlan`.
            if error.code == .outOfResources, probe.sequence < tries - 1 { return nil }
            return SweepReport.Result(
                target: probe.target, sent: probe.sequence,
                roundTrips: Array(repeating: nil, count: probe.sequence),
                answer: refusals.isEmpty ? nil : refusals.removeValue(forKey: probe.target)?.value, error: error)
        default: return nil
        }
    }

    /// The result of a target by its last answer.
    private func result(of probe: Probe, _ reply: ProbeReply) -> SweepReport.Result {
        var roundTrips = [Duration?](repeating: nil, count: probe.sequence + 1)
        if reply.kind.isFromTarget { roundTrips[probe.sequence] = reply.rtt }
        return SweepReport.Result(
            target: probe.target, sent: probe.sequence + 1, roundTrips: roundTrips, answer: reply)
    }

    /// The result of a target that gets a fixed number of probes, once all are decided.
    private mutating func count(_ event: ProbeEvent) -> SweepReport.Result? {
        switch event.fact {
        case .sent(let probe):
            pending[probe.target, default: Pending()].sent += 1
            return nil
        case .sendFailed(let probe, let error):
            var known = pending[probe.target] ?? Pending()
            known.error = known.error ?? error
            return decide(probe, known)
        case .reply(let probe, let reply): return take(probe, reply)
        case .timedOut(let probe): return take(probe, nil)
        default: return nil
        }
    }

    private mutating func take(_ probe: Probe, _ reply: ProbeReply?) -> SweepReport.Result? {
        guard var known = pending[probe.target] else { return nil }
        guard (0..<known.sent + known.decided).contains(probe.sequence) else { return nil }
        while known.roundTrips.count <= probe.sequence { known.roundTrips.append(nil) }
        if let reply {
            known.answer = known.answer ?? Boxed(reply)
            if reply.kind.isFromTarget { known.roundTrips[probe.sequence] = reply.rtt }
        }
        return decide(probe, known)
    }

    private mutating func decide(_ probe: Probe, _ pending: Pending) -> SweepReport.Result? {
        var known = pending
        known.decided += 1
        guard known.decided >= tries else {
            self.pending[probe.target] = known
            return nil
        }
        self.pending[probe.target] = nil
        return SweepReport.Result(
            target: probe.target, sent: known.sent, roundTrips: known.roundTrips,
            answer: known.answer?.value, error: known.error)
    }
}
