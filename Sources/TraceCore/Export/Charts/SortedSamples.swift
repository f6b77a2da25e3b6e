/// Round trips in order, for exact percentiles where all of them are at hand.
///
/// Reports have percentiles that are up to 1 % off. Beside points on a fine scale, such a line would look wrong.
struct SortedSamples {
    private let samples: [Duration]

    init(_ samples: [Duration]) { self.samples = samples.sorted() }

    /// What a share of the round trips did not exceed, or nil without any.
    func quantile(_ share: Double) -> Duration? {
        samples.isEmpty ? nil : samples[LatencyHistogram.rank(of: share, among: samples.count) - 1]
    }
}
