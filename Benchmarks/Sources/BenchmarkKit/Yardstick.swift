/// A fixed piece of work that says how fast the machine is just now.
///
/// Neighbours on the same processor make everything take up to twice as long, and the time of a case alone does not
/// tell whether they or a change did it. The work hashes, branches and allocates, as the cases do.
enum Yardstick {
    /// What a round takes where the thresholds were set, with nobody else on the machine.
    static let quietNanoseconds = 150_000.0

    /// How many times slower the machine is than where the thresholds were set; never less than 1.
    static func slowdown() -> Double { Swift.max(1, nanoseconds() / quietNanoseconds) }

    /// The time of a round, the median of some.
    static func nanoseconds() -> Double {
        let rounds = (0..<15).map { _ in
            let start = ContinuousClock.now
            work()
            return start.duration(to: .now) / .nanoseconds(1)
        }
        return rounds.sorted()[7]
    }

    private static func work() {
        var table: [UInt64: Int] = [:]
        var state: UInt64 = 1
        for _ in 0..<4000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            table[state >> 54, default: 0] += 1
            keep([state, state >> 7])
        }
        keep(table)
    }
}
