/// Decides when nobody is taken to answer for a flow at a hop.
///
/// Where a hop keeps silent for all, a few probes are enough. Where others are answered, silence may be a limit on answers:
/// then only probes count that were sent alone, a second after any other to the hop, which is as often as common systems
/// answer. Once two flows have kept silent so, others are believed sooner.
struct SilenceJudge: Sendable {
    private struct Count {
        var all = 0
        var alone = 0
    }

    /// How long after the last probe to a hop one is alone.
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

    /// Takes note that nobody answered a probe; true if that is enough for its flow.
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
