import TraceCore

/// What a run showed, in the one form that expectations are held against.
struct ScenarioOutcome {
    struct Hop {
        var sent = 0
        var lost = 0
        var late = 0
        var duplicates = 0
        var replies: [(sequence: Int, answer: ProbeReply)] = []
        var lateReplies: [ProbeReply] = []
    }

    let events: [ProbeEvent]
    var hops: [Int: Hop] = [:]
    var names: [IPAddress: UntrustedText] = [:]
    var end: RunEnd?
    var failed = 0
    /// The most probes that were out at the same time.
    var outstanding = 0
    /// The report of the run's own kind, for what only that kind has.
    var trace: TraceReport?
    var ping: PingReport?
    var path: MonitorReport?
    var mtu: PathMTUReport?
    var sweep: SweepReport?

    init(_ events: [ProbeEvent]) {
        self.events = events
        var out = 0
        for event in events {
            switch event.fact {
            case .sent: out += 1
            case .reply, .timedOut: out -= 1
            default: break
            }
            outstanding = max(outstanding, out)
            switch event.fact {
            case .started: break
            case .sent(let probe): hops[Int(probe.ttl), default: Hop()].sent += 1
            case .sendFailed: failed += 1
            case .reply(let probe, let response):
                hops[Int(probe.ttl), default: Hop()].replies.append((probe.sequence, response))
            case .late(let probe, let response):
                hops[Int(probe.ttl), default: Hop()].late += 1
                hops[Int(probe.ttl), default: Hop()].lateReplies.append(response)
            case .duplicate(let probe, _): hops[Int(probe.ttl), default: Hop()].duplicates += 1
            case .timedOut(let probe): hops[Int(probe.ttl), default: Hop()].lost += 1
            case .named(let address, let name): names[address] = name
            case .ended(let end): self.end = end
            }
        }
    }

    var sent: Int { hops.values.reduce(0) { $0 + $1.sent } }
    var lost: Int { hops.values.reduce(0) { $0 + $1.lost } }
    var late: Int { hops.values.reduce(0) { $0 + $1.late } }
    var duplicates: Int { hops.values.reduce(0) { $0 + $1.duplicates } }
    /// For each flow of a trace who answered at each hop, `*` for nobody: `192.0.2.1>*>203.0.113.7`.
    ///
    /// A way ends at the trace's last hop, or earlier where the flow had reached the target.
    var ways: Set<String> {
        guard let trace else { return [] }
        let flows = Set(trace.hops.flatMap { $0.replies.map(\.flow) })
        return Set(
            flows.map { flow in
                var way: [String] = []
                for hop in trace.hops {
                    let reply = hop.replies.first { $0.flow == flow }
                    way.append(reply.map { "\($0.from)" } ?? "*")
                    if reply?.kind.isFromTarget ?? false { break }
                }
                return way.joined(separator: ">")
            })
    }

    var answered: Int { hops.values.reduce(0) { $0 + $1.replies.count } }
}
