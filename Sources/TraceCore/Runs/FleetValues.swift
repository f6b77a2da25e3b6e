/// What many runs at once tell, as it happens: their events, or what came of each.
///
/// Each iteration makes runs of its own. They go on beside the reader, up to some thousand values ahead, and end when the
/// loop is left or its task is cancelled. A cancelled loop still gets the last word of each run that had begun.
public struct FleetValues<Element: Sendable>: AsyncSequence, Sendable {
    /// What made it impossible to go on with any of the runs.
    public typealias Failure = ProbeError

    private let body: RunTask<Element>.Body

    init(_ body: @escaping RunTask<Element>.Body) { self.body = body }

    /// Prepares the runs; they begin with the first call of `next`.
    public func makeAsyncIterator() -> Iterator { Iterator(body) }

    /// Reads what many runs tell.
    public struct Iterator: AsyncIteratorProtocol {
        private let run: RunTask<Element>
        private var batch: [Element] = []
        private var position = 0

        init(_ body: @escaping RunTask<Element>.Body) { run = RunTask(body) }

        /// The next value, or nil after the last.
        public mutating func next() async throws(ProbeError) -> Element? {
            try await next(isolation: nil)
        }

        /// The next value, or nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ProbeError) -> Element? {
            if position == batch.count {
                batch = try await run.receive()
                position = 0
                if batch.isEmpty { return nil }
            }
            defer { position += 1 }
            return batch[position]
        }
    }
}
