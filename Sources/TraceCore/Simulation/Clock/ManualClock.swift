/// A clock that stands still until it is moved: tests decide what time it is.
///
/// ```swift
/// let clock = ManualClock()
/// let task = Task { try await clock.sleep(for: .seconds(5)) }
/// await clock.sleepers(atLeast: 1)
/// clock.advance(by: .seconds(5))
/// try await task.value
/// ```
public final class ManualClock: Clock {
    /// A time of a manual clock.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public let offset: Duration

        /// The instant so long after the clock was made.
        public init(offset: Duration) { self.offset = offset }

        /// The instant so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// How much later another instant is.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        /// Whether an instant is earlier.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var nextID = 0
        /// In the order in which they went to sleep, which is that of their numbers.
        var sleepers: [Int: Sleeper] = [:]
        /// Sleepers that were cancelled before they fell asleep.
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Lock(State())

    /// A clock at its zero.
    public init() {}

    /// The time that the clock shows.
    public var now: Instant { state.withLock { $0.now } }
    /// Nothing is too short for it.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Sleeps until the clock is moved to a time, or the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(Sleeper(deadline: deadline, continuation: continuation), id)
            }
        } onCancel: {
            cancel(id)
        }
        if !isDue { throw CancellationError() }
    }

    private func add(_ sleeper: Sleeper, _ id: Int) {
        let (answer, watchers) = state.withLock { state -> (Bool?, [CheckedContinuation<Void, Never>]) in
            if state.cancelled.remove(id) != nil { return (false, []) }
            if sleeper.deadline <= state.now { return (true, []) }
            state.sleepers[id] = sleeper
            let count = state.sleepers.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return (nil, ready)
        }
        if let answer { sleeper.continuation.resume(returning: answer) }
        for watcher in watchers { watcher.resume() }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            if let sleeper = state.sleepers.removeValue(forKey: id) { return Optional(sleeper) }
            state.cancelled.insert(id)
            return nil
        }
        sleeper?.continuation.resume(returning: false)
    }

    /// Moves the clock, and wakes the tasks that sleep until then: the earliest first, and those of one time in the order in which they fell asleep.
    public func advance(by duration: Duration) {
        let end = state.withLock { $0.now.advanced(by: duration) }
        while let sleeper = next(until: end) { sleeper.continuation.resume(returning: true) }
        state.withLock { $0.now = max($0.now, end) }
    }

    /// The sleeper that is due first, with the clock moved to its time.
    private func next(until end: Instant) -> Sleeper? {
        state.withLock { state in
            let due = state.sleepers.filter { $0.value.deadline <= end }
            guard let first = due.min(by: { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) })
            else {
                return nil
            }
            state.sleepers[first.key] = nil
            state.now = max(state.now, first.value.deadline)
            return first.value
        }
    }

    /// Waits until at least that many tasks sleep on the clock, so that moving it finds them.
    public func sleepers(atLeast count: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
