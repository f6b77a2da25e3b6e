/// The events of a run as they happen.
///
/// Each iteration makes a run of its own. The run goes on beside the reader, up to some thousand events ahead;
/// it ends when the loop is left or its task is cancelled. A cancelled loop still gets the last
/// event, which says so.
public struct RunEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = ProbeEvent
    /// Why the run could not begin.
    public typealias Failure = ProbeError

    fileprivate let body: RunTask<ProbeEvent>.Body

    init(_ body: @escaping RunTask<ProbeEvent>.Body) { self.body = body }

    /// Prepares a run; it begins with the first call of `next`.
    public func makeAsyncIterator() -> Iterator { Iterator(body) }

    /// Reads the events of one run.
    public struct Iterator: AsyncIteratorProtocol {
        private let run: RunTask<ProbeEvent>
        private var batch: [ProbeEvent] = []
        private var position = 0

        init(_ body: @escaping RunTask<ProbeEvent>.Body) { run = RunTask(body) }

        /// The next event, or nil after the last.
        public mutating func next() async throws(ProbeError) -> ProbeEvent? {
            try await next(isolation: nil)
        }

        /// The next event, or nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ProbeError) -> ProbeEvent? {
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

extension RunEvents {
    /// The same events, as many at a time as are there: for what is better done once for many of them, such as writing
    /// them out.
    public var batches: Batches { Batches(events: self) }

    /// The events of a run as they happen, as many at a time as are there.
    public struct Batches: AsyncSequence, Sendable {
        /// Events, at least one.
        public typealias Element = [ProbeEvent]
        /// Why the run could not begin.
        public typealias Failure = ProbeError

        fileprivate let events: RunEvents

        /// Prepares a run; it begins with the first call of `next`.
        public func makeAsyncIterator() -> Iterator { Iterator(run: RunTask(events.body)) }

        /// Reads the events of one run.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let run: RunTask<ProbeEvent>

            /// The next events, or nil after the last.
            public mutating func next() async throws(ProbeError) -> [ProbeEvent]? {
                try await next(isolation: nil)
            }

            /// The next events, or nil after the last.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(ProbeError) -> [ProbeEvent]? {
                let events = try await run.receive()
                return events.isEmpty ? nil : events
            }
        }
    }
}
