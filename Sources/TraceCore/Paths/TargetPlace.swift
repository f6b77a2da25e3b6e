/// At which TTL a target answers, by the answers of rounds: one probe for each TTL in a round, in any order.
///
/// The nearest answer counts, for probes with higher TTLs reach the target too. Where the target keeps silent at its place
/// and answers behind it, either the path has grown by hops that are silent, or the probes to the place were lost. How often
/// those behind it are answered tells how likely that is.
struct TargetPlace: Sendable, Hashable, Codable {
    /// How likely the silence at the place may be for loss alone, before the place is another. Without loss that takes eight
    /// rounds.
    private static let chance = 1e-4

    /// The TTL at which the target answers.
    private(set) var ttl: Int
    /// The newest round in which it answered there.
    private(set) var round: Int
    private var doubt: Doubt?

    /// The nearest TTL behind the place at which the target answered since: in how many rounds, the first and the newest.
    private struct Doubt: Hashable, Codable {
        let ttl: Int
        let first: Int
        var answered = 1
        var newest: Int

        /// The probability that the place is silent in all of these rounds, if it is answered as often as the TTL behind it:
        /// over all shares, each as likely as another before.
        var chance: Double {
            let rounds = newest &- first &+ 1
            guard rounds < 4096 else { return answered > 16 ? 0 : 1 }
            var chance = 1.0
            for index in 1...max(1, rounds) { chance *= Double(rounds - answered + index) / Double(rounds + 1 + index) }
            return chance
        }
    }

    /// The place where the target was met first.
    init(ttl: Int, round: Int) { (self.ttl, self.round) = (ttl, round) }

    /// The last TTL that has to be asked to know the place.
    var reach: Int { max(ttl, doubt?.ttl ?? 0) }

    /// Takes note of an answer of the target.
    mutating func answer(at ttl: Int, in round: Int) {
        // An answer to an earlier round, late or over a long path, describes the path of that time.
        guard round >= self.round else { return }
        guard ttl > self.ttl else { return self = TargetPlace(ttl: ttl, round: round) }
        guard round > self.round else { return }
        guard var doubt, doubt.ttl <= ttl else {
            // The first one, or a nearer one.
            return self.doubt = Doubt(ttl: ttl, first: round, newest: round)
        }
        guard ttl == doubt.ttl, round > doubt.newest else { return }
        doubt.answered += 1
        doubt.newest = round
        self.doubt = doubt
        if doubt.chance <= Self.chance { self = TargetPlace(ttl: ttl, round: round) }
    }

    /// Whether an answer of a router says that the target is no longer at its place.
    func isDisproved(byRouterAt ttl: Int, in round: Int) -> Bool { ttl >= self.ttl && round >= self.round }
}

extension [UInt16: TargetPlace] {
    /// Takes note of an answer: where the target answers the flow of a probe, or that it is no longer there.
    mutating func note(_ kind: ReplyKind, of probe: Probe) {
        let ttl = Int(probe.ttl)
        if kind.isFinal {
            self[probe.flow, default: TargetPlace(ttl: ttl, round: probe.sequence)].answer(at: ttl, in: probe.sequence)
        } else if self[probe.flow]?.isDisproved(byRouterAt: ttl, in: probe.sequence) ?? false {
            self[probe.flow] = nil
        }
    }
}
