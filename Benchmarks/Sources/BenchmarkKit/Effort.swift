/// How long to measure.
struct Effort: Equatable, Sendable {
    /// The number of batches, of which the median counts.
    let batches: Int
    /// How long a batch takes at least.
    let batchDuration: Duration

    /// Half a second for each case.
    static let full = Effort(batches: 15, batchDuration: .milliseconds(30))
    /// A few hundredths of a second for each case, to see that all of them run.
    static let quick = Effort(batches: 5, batchDuration: .milliseconds(5))
}
