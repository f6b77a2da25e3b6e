/// Limits how often a node sends errors: a token every so often, and so many saved at the most.
struct TokenBucket: Sendable {
    /// When the bucket is full again, from which follows how much is in it.
    private var full = Int64.min
    /// The bucket's own time, which packets that overtook one another do not turn back.
    private var now = Int64.min

    /// Takes a token, if one is there.
    ///
    /// - Parameter interval: The nanoseconds in which a token comes, or 0 for no limit.
    mutating func take(interval: Int64, burst: Int64, at time: Int64) -> Bool {
        guard interval > 0 else { return true }
        now = max(now, time)
        full = max(full, now)
        guard full &- now <= (burst &- 1) &* interval else { return false }
        full &+= interval
        return true
    }
}
