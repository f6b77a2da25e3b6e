/// A case: something that is done again and again, and whose cost is held to a threshold.
///
/// The setup is not measured. The body does the operation as many times as it is told, in a loop of its own,
/// on state that it owns; it may throw and it may suspend.
///
///     Benchmark("histogram-quantile", setup: { filledHistogram() }) { histogram, iterations in
///         for _ in 0..<iterations { keep(histogram.quantile(0.95)) }
///     }
public struct Benchmark {
    /// The name, as in the file of thresholds.
    public let name: String

    let prepare: () async throws -> (_ iterations: Int) async throws -> Void

    /// A case with its name, what it starts from, and the operation in a loop.
    public init<State>(
        _ name: String,
        setup: @escaping () async throws -> State,
        body: @escaping (_ state: inout State, _ iterations: Int) async throws -> Void
    ) {
        self.name = name
        prepare = {
            var state = try await setup()
            return { iterations in try await body(&state, iterations) }
        }
    }
}
