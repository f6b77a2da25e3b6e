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
        /// The probes that nobody answered, by TTL: only those to the end count, and where that is may not be known yet.
        var lost: [Int: Int] = [:]
        var rtt = RunningStatistics()

        mutating func forgetTimes() {
            lost = [:]
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
            firstTTL = run.parameters.firstHop
        case .sent(let probe):
            // A recording may say anything.
            if (rounds..<Int.max).contains(probe.sequence) { rounds = probe.sequence + 1 }
        case .reply(let probe, let response):
            note(response, to: probe)
            if response.kind.isFinal, flows[probe.flow]?.end == Int(probe.ttl) {
                flows[probe.flow]?.rtt.add(response.rtt)
            }
        case .late(let probe, let response): note(response, to: probe)
        case .timedOut(let probe): flows[probe.flow, default: Flow()].lost[Int(probe.ttl), default: 0] += 1
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
            // Who ends the way may have answered behind its place before.
            if flow.end != ttl { flow.rtt = RunningStatistics() }
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
        var groups: [(hops: [IPAddress?], flows: [UInt16])] = []
        var places: [[IPAddress?]: Int] = [:]
        // Those that are known best come first, so that others can join them.
        let known = flows.keys.map { (number: $0, hops: hops(of: $0)) }.sorted {
            let gaps = ($0.hops.count { $0 == nil }, $1.hops.count { $0 == nil })
            return gaps.0 != gaps.1 ? gaps.0 < gaps.1 : $0.number < $1.number
        }
        for (number, hops) in known where !hops.isEmpty {
            // A hop of one flow that kept silent may be lost probes: it fits what other flows saw there.
            let isWhole = hops.allSatisfy { $0 != nil }
            if let index = places[hops] ?? (isWhole ? nil : groups.firstIndex { Self.fit($0.hops, hops) }) {
                groups[index].flows.append(number)
            } else {
                places[hops] = groups.count
                groups.append((hops, [number]))
            }
        }
        for group in groups {
            for number in group.flows {
                for (index, address) in group.hops.enumerated() {
                    if let address {
                        let isFinal = index == group.hops.count - 1 && flows[number]?.end != nil
                        map.answer(number, at: index + 1, by: FlowMap.Node(address: address, isFinal: isFinal))
                    } else {
                        map.giveUp(number, at: index + 1)
                    }
                }
            }
        }
        map.conclude(0.5, upTo: map.hops.count - 1, gapLimit: 256)
        let paths = groups.map { path($0.hops, $0.flows.sorted()) }.sorted {
            $0.flows.count != $1.flows.count
                ? $0.flows.count > $1.flows.count : ($0.flows.first ?? 0) < ($1.flows.first ?? 0)
        }
        return PathSetReport(run: run, rounds: rounds, paths: paths, confidence: map.confidence, end: end)
    }

    /// Where a flow was last seen, up to its end; nothing if nobody answered it.
    private func hops(of number: UInt16) -> [IPAddress?] {
        guard let flow = flows[number], let last = flow.end ?? flow.hops.keys.max(), last >= firstTTL else { return [] }
        return (firstTTL...last).map { flow.hops[$0] }
    }

    private static func fit(_ path: [IPAddress?], _ other: [IPAddress?]) -> Bool {
        path.count == other.count && zip(path, other).allSatisfy { $0 == $1 || $1 == nil }
    }

    private func path(_ hops: [IPAddress?], _ numbers: [UInt16]) -> PathSetReport.Path {
        var lost = 0
        var rtt = RunningStatistics()
        for flow in numbers.compactMap({ flows[$0] }) {
            lost += flow.lost[hops.count + firstTTL - 1] ?? 0
            rtt.merge(flow.rtt)
        }
        return PathSetReport.Path(
            hops: hops, flows: numbers, sent: lost + rtt.count, lost: lost, rtt: RTTSummary(rtt))
    }
}
