/// At which TTL a target answers, by the answers of rounds: one probe for each TTL in a round, in any order.
///
/// The nearest answer counts, for probes with higher TTLs reach the target too. Where the target keeps silent at its place
/// and answers behind it, either the path has grown by hops that are silent, or the probes to the place were lost. Only
/// several rounds in a row tell the one from the other.
struct TargetPlace: Sendable, Hashable {
    /// In how many rounds in a row the target answers behind its place only, before that is its place. Where a third of all
    /// probes is lost, that happens by chance in one of 6,500 such rows.
    private static let roundsOfDoubt = 8

    /// The TTL at which the target answers.
    private(set) var ttl: Int
    /// The newest round in which it answered there.
    private(set) var round: Int
    /// The nearest TTL behind the place at which it answered since, in how many rounds, and the newest of these.
    private var doubt: Doubt?

    private struct Doubt: Hashable {
        var nearest: Int
        var rounds = 0
        var round: Int
    }

    /// The place where the target was met first.
    init(ttl: Int, round: Int) { (self.ttl, self.round) = (ttl, round) }

    /// The last TTL that has to be asked to know the place.
    var reach: Int { max(ttl, doubt?.nearest ?? 0) }

    /// Takes note of an answer of the target.
    mutating func answer(at ttl: Int, in round: Int) {
        // An answer to an earlier round, late or over a long path, describes the path of that time.
        guard round >= self.round else { return }
        guard ttl > self.ttl else { return self = TargetPlace(ttl: ttl, round: round) }
        guard round > self.round else { return }
        var doubt = doubt ?? Doubt(nearest: ttl, round: self.round)
        guard round >= doubt.round else { return }
        doubt.nearest = min(doubt.nearest, ttl)
        if round > doubt.round { (doubt.rounds, doubt.round) = (doubt.rounds + 1, round) }
        self.doubt = doubt
        if doubt.rounds >= Self.roundsOfDoubt { self = TargetPlace(ttl: doubt.nearest, round: round) }
    }

    /// Whether an answer of a router says that the target is no longer at its place.
    func isDisproved(byRouterAt ttl: Int, in round: Int) -> Bool { ttl >= self.ttl && round >= self.round }
}
