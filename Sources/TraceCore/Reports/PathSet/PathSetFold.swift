/// Keeps the paths of a monitor apart whose rounds take several flows in turn.
///
/// A flow's path is where it was last seen. What a flow was answered and what it lost goes with it to the path that it
/// takes now; a flow that has moved begins anew.
public struct PathSetFold: EventFold {
    private struct Flow {
        /// Who answered last, by TTL.
        var hops: [Int: IPAddress] = [:]
        /// The TTL at which the target, or who forbids the way to it, answers.
        var end: Int?
        var lost = 0
        var rtt = RunningStatistics()

        mutating func forgetTimes() {
            lost = 0
            rtt = RunningStatistics()
        }
    }

    private var run: RunDescription?
    private var firstTTL = 1
    private var rounds = 0
    private var flows: [UInt16: Flow] = [:]
    private var end: RunEnd?

    /// A fold that has seen nothing.
    public init() {}

    /// Takes in the next event.
    public mutating func apply(_ event: ProbeEvent) {
        switch event.fact {
        case .started(let run):
            self.run = run
            firstTTL = min(max(1, run.parameters.firstTTL ?? 1), 255)
        case .sent(let probe): rounds = max(rounds, probe.sequence + 1)
        case .reply(let probe, let response):
            note(response, to: probe)
            if response.kind.isFinal, flows[probe.flow]?.end == Int(probe.ttl) {
                flows[probe.flow]?.rtt.add(response.rtt)
            }
        case .late(let probe, let response): note(response, to: probe)
        case .timedOut(let probe): if flows[probe.flow]?.end == Int(probe.ttl) { flows[probe.flow]?.lost += 1 }
        case .ended(let end): self.end = end
        case .sendFailed, .duplicate, .named: break
        }
    }

    private mutating func note(_ response: Response, to probe: Probe) {
        var flow = flows[probe.flow] ?? Flow()
        let ttl = Int(probe.ttl)
        if response.kind.isFinal {
            // Beyond its end, a path has no hops.
            if let end = flow.end, ttl > end { return }
            if flow.end != ttl { flow.forgetTimes() }
            flow.end = ttl
            flow.hops = flow.hops.filter { $0.key <= ttl }
        } else if let end = flow.end, ttl >= end {
            flow.end = nil
            flow.forgetTimes()
        }
        if let known = flow.hops[ttl], known != response.from { flow.forgetTimes() }
        flow.hops[ttl] = response.from
        flows[probe.flow] = flow
    }

    /// The paths so far, or nil before the run's first event.
    public func report() -> PathSetReport? {
        guard let run else { return nil }
        var map = FlowMap()
        var groups: [[IPAddress?]: [UInt16]] = [:]
        for number in flows.keys.sorted() {
            guard let flow = flows[number], let last = flow.end ?? flow.hops.keys.max(), last >= firstTTL else {
                continue
            }
            let hops = (firstTTL...last).map { flow.hops[$0] }
            groups[hops, default: []].append(number)
            for (index, address) in hops.enumerated() {
                guard let address else {
                    map.giveUp(number, at: index + 1)
                    continue
                }
                map.answer(
                    number, at: index + 1,
                    by: FlowMap.Node(address: address, isFinal: index + firstTTL == flow.end))
            }
        }
        map.conclude(0.5, upTo: map.hops.count - 1)
        let paths = groups.map { hops, numbers in path(hops, numbers) }.sorted {
            $0.flows.count != $1.flows.count
                ? $0.flows.count > $1.flows.count : ($0.flows.first ?? 0) < ($1.flows.first ?? 0)
        }
        return PathSetReport(run: run, rounds: rounds, paths: paths, confidence: map.confidence, end: end)
    }

    private func path(_ hops: [IPAddress?], _ numbers: [UInt16]) -> PathSetReport.Path {
        var lost = 0
        var rtt = RunningStatistics()
        for flow in numbers.compactMap({ flows[$0] }) {
            lost += flow.lost
            rtt.merge(flow.rtt)
        }
        return PathSetReport.Path(
            hops: hops, flows: numbers, sent: lost + rtt.count, lost: lost, rtt: RTTSummary(rtt))
    }
}
