/// Gathers a sweep's events until a target's fate is decided, and forgets the target then.
struct SweepTally: Sendable {
    private struct Pending {
        var sent = 0
        var decided = 0
        var roundTrips: [Duration?] = []
        var response: Response?
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
            let known = pending.removeValue(forKey: probe.target) ?? Pending()
            return result(of: probe.target, known, error: error)
        case .reply(let probe, let response): return decide(probe, response)
        case .timedOut(let probe): return decide(probe, nil)
        case .late, .duplicate, .named, .ended: return nil
        }
    }

    private mutating func decide(_ probe: Probe, _ response: Response?) -> SweepResult? {
        guard var known = pending[probe.target] else { return nil }
        known.decided += 1
        while known.roundTrips.count <= probe.sequence { known.roundTrips.append(nil) }
        if let response {
            known.response = known.response ?? response
            if response.kind.isFromTarget { known.roundTrips[probe.sequence] = response.rtt }
        }
        let tries = run?.parameters.queries ?? 1
        let isAnswered = response != nil && run?.parameters.untilReply ?? true
        guard isAnswered || known.decided >= tries else {
            pending[probe.target] = known
            return nil
        }
        pending[probe.target] = nil
        return result(of: probe.target, known, error: nil)
    }

    private func result(of target: IPAddress, _ known: Pending, error: ProbeError?) -> SweepResult {
        SweepResult(
            target: target, sent: known.sent, roundTrips: known.roundTrips, response: known.response,
            error: error)
    }
}
