/// Spaces probes evenly: one for each interval, and after a delay a few at once to catch up.
struct Pacer: Sendable {
    /// The time between two probes; zero for no pause at all.
    let interval: Duration
    /// The most that is sent at once to catch up; what is missed beyond that is not made up for.
    let burst: Int
    private(set) var next: Duration

    /// - Parameter start: When the first probe may go; from then on what is not sent counts as missed.
    init(interval: Duration, burst: Int = 8, from start: Duration = .zero) {
        self.interval = interval
        self.burst = burst
        next = start
    }

    /// How many probes may be sent now, up to a limit.
    func ready(upTo limit: Int, at now: Duration) -> Int {
        var copy = self
        return copy.take(upTo: limit, at: now)
    }

    /// How many probes may be sent now, up to a limit; they count as sent.
    mutating func take(upTo limit: Int, at now: Duration) -> Int {
        guard limit > 0 else { return 0 }
        guard interval > .zero else { return limit }
        guard now >= next else { return 0 }
        // What was missed beyond the burst is forgotten even if the limit lets only a part of it go now.
        if next + interval * burst <= now { next = now - interval * (burst - 1) }
        // Counted up to the burst: a division of 128-bit numbers costs more than all of it.
        let most = min(limit, burst)
        var count = 1
        while count < most, next + interval * count <= now { count += 1 }
        next += interval * count
        return count
    }
}
