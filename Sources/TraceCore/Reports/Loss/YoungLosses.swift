/// The losses that may still turn out to be late answers.
///
/// Where a hop answers some twenty seconds late, what was given up less long ago says nothing yet: its answer is as much on
/// its way as the others were.
struct YoungLosses: Sendable, Hashable, Codable {
    private struct Loss: Sendable, Hashable, Codable {
        let probe: Probe.ID
        let round: Int
        let at: Duration
    }

    private struct Hop: Sendable, Hashable, Codable {
        /// How long after a probe was given up an answer has come, at the most.
        var longestWait = Duration.zero
        /// The latest losses, oldest first.
        var losses: [Loss] = []

        mutating func lose(_ loss: Loss) {
            // Trimmed only at twice the limit, so that each moves at most once.
            if losses.count >= 2 * limit { losses.removeFirst(limit) }
            losses.append(loss)
        }

        /// A probe that was given up has been answered after all.
        mutating func find(_ probe: Probe.ID, at time: Duration) {
            guard let index = losses.firstIndex(where: { $0.probe == probe }) else { return }
            longestWait = max(longestWait, time - losses.remove(at: index).at)
        }
    }

    /// More are not kept for a hop: what is older is lost.
    private static let limit = 1024

    /// One for each TTL from 1 on.
    private var hops: [Hop] = []
    private var now = Duration.zero

    /// Takes in the next event.
    mutating func take(_ event: ProbeEvent) {
        now = event.at
        switch event.fact {
        case .started: hops.removeAll()
        case .timedOut(let probe) where probe.ttl > 0:
            while hops.count < Int(probe.ttl) { hops.append(Hop()) }
            hops[Int(probe.ttl) - 1].lose(Loss(probe: probe.id, round: probe.sequence, at: event.at))
        case .late(let probe, _) where hops.indices.contains(Int(probe.ttl) - 1):
            hops[Int(probe.ttl) - 1].find(probe.id, at: event.at)
        default: break
        }
    }

    /// The first round of which something is too young to be judged; nil if there is none. No hop can be judged by it: one
    /// that answered in time would seem better than it is beside one that may still answer.
    var firstRound: Int? {
        // Answers do not all take equally long.
        guard let longest = hops.map(\.longestWait).max(), longest > .zero else { return nil }
        let wait = longest * 5 / 4
        return hops.flatMap { hop in hop.losses.suffix(Self.limit).lazy.filter { now - $0.at <= wait }.map(\.round) }
            .min()
    }
}
