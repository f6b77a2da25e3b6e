import Testing

@testable import TraceCore

@Suite struct ManualClockTests {
    /// The times at which sleepers woke, in their order.
    private final class Log: Sendable {
        private let times = Lock<[Duration]>([])

        var all: [Duration] { times.withLock { $0 } }
        func add(_ time: Duration) { times.withLock { $0.append(time) } }
    }

    @Test func `sleepers wake when the clock comes to their time`() async throws {
        let clock = ManualClock()
        let log = Log()
        let tasks = [3, 1, 2].map { seconds in
            Task {
                try await clock.sleep(until: ManualClock.Instant(offset: .seconds(seconds)))
                log.add(.seconds(seconds))
            }
        }
        await clock.sleepers(atLeast: 3)
        clock.advance(by: .seconds(1))
        try await tasks[1].value
        clock.advance(by: .seconds(1))
        try await tasks[2].value
        #expect(log.all == [.seconds(1), .seconds(2)])
        clock.advance(by: .seconds(5))
        try await tasks[0].value
        #expect(log.all == [.seconds(1), .seconds(2), .seconds(3)])
        #expect(clock.now.offset == .seconds(7))
    }

    @Test func `a cancelled sleeper wakes with an error`() async {
        let clock = ManualClock()
        let task = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.sleepers(atLeast: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a time that has come needs no sleep`() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: ManualClock.Instant(offset: .seconds(5)))
        #expect(clock.now.offset == .seconds(5))
    }
}
