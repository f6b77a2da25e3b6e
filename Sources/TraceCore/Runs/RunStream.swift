/// What a run, or many at once, gives as it happens: events, or what is made of them.
///
/// Each iteration makes runs of its own. They go on beside the reader, some values ahead, and end when the loop is left or its
/// task is cancelled. A cancelled loop still gets the last event of each run that had begun.
///
/// Where values are written out, take them by ``batches``: a run may give thousands at a time.
public struct RunStream<Element: Sendable>: AsyncSequence, Sendable {
    /// Why the run could not begin, or none of many could go on.
    public typealias Failure = ProbeError

    private enum Source {
        case body(RunTask<Element>.Body)
        /// A run that has begun already.
        case running(RunTask<Element>)
    }

    private let source: Source
    private let limit: Int

    /// - Parameters:
    ///   - limit: How many values the run may be ahead of its reader.
    ///   - body: Makes the run.
    init(limit: Int = 4096, _ body: @escaping RunTask<Element>.Body) {
        source = .body(body)
        self.limit = limit
    }

    /// Begins the run now, and waits until there is something to read.
    ///
    /// A server calls it before it sends the head of its answer: what keeps a run from beginning is known then. The stream
    /// that it returns reads that one run, so it can be iterated once.
    ///
    /// - Throws: What kept the run from beginning: no such host, no permission, a refusal.
    public func opened() async throws(ProbeError) -> RunStream {
        let task = task()
        try await task.open()
        return RunStream(source: .running(task), limit: limit)
    }

    /// The stream of runs that begin, once, when somebody reads.
    init(_ task: RunTask<Element>, limit: Int = 4096) { self.init(source: .running(task), limit: limit) }

    private init(source: Source, limit: Int) {
        self.source = source
        self.limit = limit
    }

    private func task() -> RunTask<Element> {
        switch source {
        case .body(let body): RunTask(limit: limit, body)
        case .running(let task): task
        }
    }

    /// Prepares the run; it begins with the first call of `next`.
    public func makeAsyncIterator() -> Iterator { Iterator(batches: batches.makeAsyncIterator()) }

    /// Reads what a run gives, value by value.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var batches: Batches.Iterator
        private var batch: [Element] = []
        private var position = 0

        fileprivate init(batches: Batches.Iterator) { self.batches = batches }

        /// The next value, or nil after the last.
        public mutating func next() async throws(ProbeError) -> Element? {
            try await next(isolation: nil)
        }

        /// The next value, or nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ProbeError) -> Element? {
            if position == batch.count {
                guard let next = try await batches.next(isolation: actor) else { return nil }
                batch = next
                position = 0
            }
            defer { position += 1 }
            return batch[position]
        }
    }

    /// The same, as many values at a time as are there: for what is better done once for many, such as writing them out.
    public var batches: Batches { Batches(stream: self) }

    /// What a run gives, as many values at a time as are there.
    public struct Batches: AsyncSequence, Sendable {
        /// Why the run could not begin, or none of many could go on.
        public typealias Failure = ProbeError

        fileprivate let stream: RunStream

        /// Prepares the run; it begins with the first call of `next`.
        public func makeAsyncIterator() -> Iterator { Iterator(task: stream.task()) }

        /// Reads what a run gives, as many values at a time as are there.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let task: RunTask<RunStream.Element>

            /// The next values, at least one, or nil after the last.
            public mutating func next() async throws(ProbeError) -> [RunStream.Element]? {
                try await next(isolation: nil)
            }

            /// The next values, at least one, or nil after the last.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(ProbeError) -> [RunStream.Element]? {
                let values = try await task.receive()
                return values.isEmpty ? nil : values
            }
        }
    }
}
