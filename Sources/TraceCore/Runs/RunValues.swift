/// Values made from the events of a run as they happen: the answers of a ping, the views of a monitor.
public struct RunValues<Element: Sendable>: AsyncSequence, Sendable {
    /// Why the run could not begin.
    public typealias Failure = ProbeError

    typealias Transform = (ProbeEvent) -> Element?

    private let events: RunEvents
    private let makeTransform: @Sendable () -> Transform

    /// Values from events; each iteration gets a transform with a state of its own.
    init(_ events: RunEvents, _ makeTransform: @escaping @Sendable () -> Transform) {
        self.events = events
        self.makeTransform = makeTransform
    }

    /// Prepares a run; it begins with the first call of `next`.
    public func makeAsyncIterator() -> Iterator {
        Iterator(events: events.makeAsyncIterator(), transform: makeTransform())
    }

    /// Reads the values of one run.
    public struct Iterator: AsyncIteratorProtocol {
        private var events: RunEvents.Iterator
        private let transform: Transform

        init(events: RunEvents.Iterator, transform: @escaping Transform) {
            self.events = events
            self.transform = transform
        }

        /// The next value, or nil after the last.
        public mutating func next() async throws(ProbeError) -> Element? {
            try await next(isolation: nil)
        }

        /// The next value, or nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ProbeError) -> Element? {
            while let event = try await events.next(isolation: actor) {
                if let element = transform(event) { return element }
            }
            return nil
        }
    }
}
