/// How many targets a sweep has found alive.
struct SweepOutput: Equatable {
    let alive: Int

    /// The summary of fping, or of a tool that prints as it does.
    init?(summary text: String) {
        guard let match = text.firstMatch(of: /(\d+) alive/), let count = Int(match.1) else { return nil }
        alive = count
    }
}
