import Testing
import TraceCore

@testable import TraceCoreReceivers

@Suite struct `When a message is tried again` {
    private let schedule = TrySchedule()

    @Test func `is after the pauses of Standard Webhooks, for three days`() {
        var (now, tries, waits): (UTCTime, Int, [Duration]) = (.noon, 0, [])
        while tries < 100 {
            tries += 1
            guard let next = schedule.next(after: tries, madeAt: .noon, now: now, chance: 0) else { break }
            waits.append(next - now)
            now = next
        }
        // The last one is what is left of the three days.
        let hours: [Double] = [2, 5, 10, 14, 20]
        let rest = Duration.seconds(72 * 3_600 - 51 * 3_600 - 1_800 - 305)
        #expect(waits == [.seconds(5), .seconds(300), .seconds(1_800)] + hours.map { .seconds($0 * 3_600) } + [rest])
        #expect(tries == 10 && now == .noon + .seconds(3 * 86_400))
    }

    @Test(arguments: [(0.0, 300.0), (0.5, 315), (1, 330), (7, 330), (-1, 300)])
    func `grows by chance, by a tenth at most`(_ chance: Double, _ seconds: Double) {
        #expect(schedule.next(after: 2, madeAt: .noon, now: .noon, chance: chance) == .noon + .seconds(seconds))
    }

    /// Tries so far, what was asked for, and what is done.
    @Test(arguments: [
        (1, 90, 90), (1, 0, 5), (3, 0, 60), (9, 10, 60), (1, 3_600, 3_600), (1, 86_400, 86_400), (1, 9_999_999, 86_400),
    ])
    func `is when the receiver says, within reason`(_ tries: Int, _ asked: Int, _ wait: Int) {
        let next = schedule.next(
            after: tries, madeAt: .noon, now: .noon, askedToWait: .seconds(asked), chance: 0)
        #expect(next == .noon + .seconds(wait))
    }

    @Test func `is never before the receiver wants it, even at the end`() {
        let now = UTCTime.noon + .seconds(3 * 86_400 - 10)
        let next = schedule.next(after: 10, madeAt: .noon, now: now, askedToWait: .seconds(600), chance: 0)
        #expect(next == now + .seconds(600))
        #expect(schedule.next(after: 11, madeAt: .noon, now: now + .seconds(600), chance: 0) == nil)
    }

    @Test func `stays within the times there are`() {
        let far = UTCTime(microsecondsSince1970: .max)
        #expect(schedule.next(after: 1, madeAt: far, now: far, chance: 0) == nil)
        #expect(schedule.next(after: .max, madeAt: .noon, now: .noon, chance: 0) == .noon + .seconds(86_400))
        // A clock that was set back.
        #expect(schedule.next(after: 1, madeAt: .noon, now: .noon - .seconds(600), chance: 0) == .noon - .seconds(595))
    }
}
