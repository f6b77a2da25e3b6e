/// Decides when a flow is taken to have no answer at a hop.
///
/// If a hop is silent for all flows, a few probes are enough. If other flows are answered, the hop may limit its
/// answers. Then only probes count that were sent alone, about a second after any other to the hop, which is as often
/// as common systems answer. After two flows have been silent that way, others are believed sooner.
struct SilenceJudge: Sendable {
    private struct Count {
        var all = 0
        var alone = 0
    }

    /// The time without other probes to the hop that makes a probe count as alone.
    static let distance = Duration.milliseconds(900)

    private let attempts: Int
    private var lastSent: [Int: Duration] = [:]
    private var alone: Set<Probe.ID> = []
    private var counts: [FlowMap.Question: Count] = [:]

    init(attempts: Int) { self.attempts = attempts }

    mutating func sent(_ probe: Probe, to hop: Int, at time: Duration) {
        if let last = lastSent[hop], time - last >= Self.distance { alone.insert(probe.id) }
        lastSent[hop] = time
    }

    mutating func answered(_ probe: Probe) { alone.remove(probe.id) }

    /// Records a probe without an answer; returns whether that is enough for its flow.
    mutating func unanswered(_ probe: Probe, at hop: Int, in map: FlowMap) -> Bool {
        let question = FlowMap.Question(flow: probe.flow, hop: hop)
        var count = counts[question] ?? Count()
        count.all += 1
        if alone.remove(probe.id) != nil { count.alone += 1 }
        counts[question] = count
        return switch map.silence(at: hop) {
        case .ofAll: count.all >= max(1, attempts - 1)
        case .ofSome: count.all >= attempts
        case .unproven: count.alone >= min(2, attempts)
        }
    }
}
