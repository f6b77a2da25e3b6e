/// The rounds that have begun. A recording may have lost the first ones.
struct RoundSpan: Sendable {
    private var first = Int.max
    private var end = 0

    /// How many there are.
    var count: Int { max(0, end - first) }

    /// Takes note of a probe of a round, from 0.
    mutating func note(_ round: Int) {
        // A recording may contain any number.
        guard (0..<Int.max).contains(round) else { return }
        first = min(first, round)
        end = max(end, round + 1)
    }
}
