/// Gathers a sweep's events until a target's fate is decided, and forgets the target then.
struct SweepTally: Sendable {
    private struct Pending {
        var sent = 0
        var decided = 0
        var roundTrips: [Duration?] = []
        var response: Response?
        var error: ProbeError?
    }

    private(set) var run: RunDescription?
    private var pending: [IPAddress: Pending] = [:]

    /// Takes in an event; returns the result of the target that it decides, if it decides one.
    mutating func apply(_ event: ProbeEvent) -> SweepResult? {
        switch event.fact {
        case .started(let run):
            self.run = run
            return nil
        case .sent(let probe):
            pending[probe.target, default: Pending()].sent += 1
            return nil
        case .sendFailed(let probe, let error):
            var known = pending[probe.target] ?? Pending()
            known.error = known.error ?? error
            // Where so many probes are asked for, the others still go; else this was the last one.
            return decide(probe, known, isLast: isUntilReply)
        case .reply(let probe, let response): return take(probe, response)
        case .timedOut(let probe): return take(probe, nil)
        case .late, .duplicate, .named, .ended: return nil
        }
    }

    private var isUntilReply: Bool { run?.parameters.untilReply ?? true }

    private mutating func take(_ probe: Probe, _ response: Response?) -> SweepResult? {
        guard var known = pending[probe.target] else { return nil }
        // A recorded run may say anything, and there are as many round trips as there were tries.
        guard (0..<known.sent + known.decided).contains(probe.sequence) else { return nil }
        while known.roundTrips.count <= probe.sequence { known.roundTrips.append(nil) }
        if let response {
            known.response = known.response ?? response
            if response.kind.isFromTarget { known.roundTrips[probe.sequence] = response.rtt }
        }
        return decide(probe, known, isLast: response != nil && isUntilReply)
    }

    private mutating func decide(_ probe: Probe, _ pending: Pending, isLast: Bool) -> SweepResult? {
        var known = pending
        known.decided += 1
        guard isLast || known.decided >= run?.parameters.queries ?? 1 else {
            self.pending[probe.target] = known
            return nil
        }
        self.pending[probe.target] = nil
        return SweepResult(
            target: probe.target, sent: known.sent, roundTrips: known.roundTrips, response: known.response,
            error: known.error)
    }
}
