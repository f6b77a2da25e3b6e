/// Decides when a flow is taken to have no answer at a hop.
///
/// If a hop is silent for all flows, a few probes of each are enough, and all together must be more than loss explains. If
/// other flows are answered, the hop may limit its
/// answers, or probes get lost. Then a flow must be silent more often than loss explains: by how many probes the flows
/// needed that were answered. And, until two flows have been silent, only probes count that were sent alone, about a
/// second after any other to the hop, which is as often as common systems answer.
struct SilenceJudge: Sendable {
    private struct Count {
        var all = 0
        var alone = 0
    }

    /// The probes to flows that were answered in the end.
    private struct Tally {
        var lost = 0.0
        var answered = 0.0
    }

    enum Verdict { case open, silent, cannotTell }

    /// The time without other probes to the hop that makes a probe count as alone.
    static let distance = Duration.milliseconds(900)
    /// How much more often than it is set to a probe may be sent where probes get lost.
    private static let patience = 6

    private let attempts: Int
    /// The largest probability that a flow of a hop is called silent for loss alone.
    private let risk: Double
    private var lastSent: [Int: Duration] = [:]
    private var alone: Set<Probe.ID> = []
    private var counts: [FlowMap.Question: Count] = [:]
    private var all = Tally()
    private var hops: [Int: Tally] = [:]
    /// How many probes nobody answered, at hops where nobody answers.
    private var silence: [Int: Int] = [:]

    /// - Parameters:
    ///   - attempts: How often a probe is sent at the least.
    ///   - confidence: How sure the graph is to be. A twentieth of what is left is risked on silence at each hop.
    init(attempts: Int, confidence: Double) {
        self.attempts = attempts
        risk = (1 - confidence) / 20
    }

    mutating func sent(_ probe: Probe, to hop: Int, at time: Duration) {
        if let last = lastSent[hop], time - last >= Self.distance { alone.insert(probe.id) }
        lastSent[hop] = time
    }

    mutating func answered(_ probe: Probe, at hop: Int) {
        alone.remove(probe.id)
        silence[hop] = nil
        let lost = Double(counts.removeValue(forKey: FlowMap.Question(flow: probe.flow, hop: hop))?.all ?? 0)
        (all.lost, all.answered) = (all.lost + lost, all.answered + 1)
        hops[hop, default: Tally()].lost += lost
        hops[hop, default: Tally()].answered += 1
    }

    /// Records a probe without an answer; returns whether that is enough for its flow.
    mutating func unanswered(_ probe: Probe, at hop: Int, in map: FlowMap) -> Verdict {
        let question = FlowMap.Question(flow: probe.flow, hop: hop)
        var count = counts[question] ?? Count()
        count.all += 1
        if alone.remove(probe.id) != nil { count.alone += 1 }
        counts[question] = count
        let isEnough: Bool
        switch map.silence(at: hop) {
        case .ofAll:
            // Nobody answers here. All probes together tell that from loss.
            silence[hop, default: 0] += 1
            guard count.all >= max(1, attempts - 1) else { return .open }
            if !isLoss(silence[hop] ?? 0, at: hop, among: 1) { return .silent }
            return count.all >= Self.patience * attempts ? .cannotTell : .open
        case .ofSome: isEnough = count.all >= attempts
        case .unproven: isEnough = count.alone >= min(2, attempts)
        }
        if isEnough, !isLoss(count.all, at: hop, among: map.flowCount(at: hop)) { return .silent }
        return count.all >= Self.patience * attempts ? .cannotTell : .open
    }

    /// Whether a probe without an answer speaks for a router that limits its answers: not where probes to other hops get lost
    /// too, as long as it is no more than one probe or two.
    func suggestsLimit(_ probe: Probe, at hop: Int) -> Bool {
        let here = hops[hop] ?? Tally()
        let (lost, answered) = (all.lost - here.lost, all.answered - here.answered)
        let count = counts[FlowMap.Question(flow: probe.flow, hop: hop)]?.all ?? 0
        return count >= attempts || lost < 3 || lost < 0.05 * (lost + answered)
    }

    /// Whether so many probes without an answer may be lost ones, for one of the flows of a hop.
    private func isLoss(_ count: Int, at hop: Int, among flows: Int) -> Bool {
        let share = (all.lost + 1) / (all.lost + all.answered + 2)
        let here = hops[hop] ?? Tally()
        // Of a hop where little is known, as much is lost as elsewhere; never less, for its probes passed what is before it.
        let lost = max(share, (here.lost + 4 * share) / (here.lost + here.answered + 4))
        var chance = Double(flows)
        for _ in 0..<count where chance > risk { chance *= lost }
        return chance > risk
    }
}
