/// What a run, or many at once, tells as it happens: events, or what came of each run.
///
/// Each iteration makes runs of its own. They go on beside the reader, up to some thousand values ahead, and end when the
/// loop is left or its task is cancelled. A cancelled loop still gets the last word of each run that had begun.
public struct RunStream<Element: Sendable>: AsyncSequence, Sendable {
    /// Why the run could not begin, or none of many could go on.
    public typealias Failure = ProbeError

    private let body: RunTask<Element>.Body

    init(_ body: @escaping RunTask<Element>.Body) { self.body = body }

    /// Prepares the runs; they begin with the first call of `next`.
    public func makeAsyncIterator() -> Iterator { Iterator(body) }

    /// Reads what a run tells.
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

extension RunStream {
    /// The same, as many at a time as are there: for what is better done once for many of them, such as writing them out.
    public var batches: Batches { Batches(body: body) }

    /// What a run tells, as many at a time as are there.
    public struct Batches: AsyncSequence, Sendable {
        /// Why the run could not begin, or none of many could go on.
        public typealias Failure = ProbeError

        fileprivate let body: RunTask<RunStream.Element>.Body

        /// Prepares the runs; they begin with the first call of `next`.
        public func makeAsyncIterator() -> Iterator { Iterator(run: RunTask(body)) }

        /// Reads what a run tells.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let run: RunTask<RunStream.Element>

            /// The next values, at least one, or nil after the last.
            public mutating func next() async throws(ProbeError) -> [RunStream.Element]? {
                try await next(isolation: nil)
            }

            /// The next values, at least one, or nil after the last.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(ProbeError) -> [RunStream.Element]? {
                let values = try await run.receive()
                return values.isEmpty ? nil : values
            }
        }
    }
}

/// The events of a run as they happen; the last one says how it ended.
public typealias RunEvents = RunStream<ProbeEvent>
