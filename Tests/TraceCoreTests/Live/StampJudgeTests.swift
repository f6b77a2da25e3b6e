import Testing

@testable import TraceCore

@Suite struct StampJudgeTests {
    private static let second: Int64 = 1_000_000_000
    /// The wall clock is so far ahead.
    private static let ahead: Int64 = 1_700_000_000 * second

    private func sample(_ monotonic: Int64, set: Int64 = 0, uncertainty: Int64 = 100) -> ClockSample {
        ClockSample(monotonic: monotonic, wall: monotonic + Self.ahead + set, uncertainty: uncertainty)
    }

    @Test func `a stamp is the monotonic time at which it was made`() {
        var judge = StampJudge(sample(0))
        judge.look(sample(5 * Self.second))
        #expect(judge.time(of: Self.ahead + 3 * Self.second) == 3 * Self.second)
        #expect(judge.arrival(Self.ahead + 3 * Self.second).best == 3 * Self.second)
    }

    @Test func `what has no stamp came when it was read`() {
        var judge = StampJudge(sample(0))
        judge.look(sample(5 * Self.second))
        #expect(judge.time(of: 0) == nil)
        #expect(judge.arrival(0) == ArrivalTime(5 * Self.second))
    }

    @Test func `a stamp from the future is not believed`() {
        var judge = StampJudge(sample(0))
        judge.look(sample(Self.second))
        #expect(judge.time(of: Self.ahead + 2 * Self.second) == nil)
        #expect(judge.time(of: Self.ahead + Self.second + StampJudge.tolerance) != nil)
    }

    @Test(arguments: [-3600, -1, 1, 3600] as [Int64], [true, false])
    func `where the wall clock was set, no stamp is believed that was made meanwhile`(
        seconds: Int64, isFirstLook: Bool
    ) throws {
        let step = seconds * Self.second
        var judge = StampJudge(sample(0))
        judge.look(sample(Self.second))
        judge.look(sample(2 * Self.second, set: step))
        let before = Self.ahead + 3 * Self.second / 2
        if isFirstLook {
            #expect(judge.time(of: before) == nil)
            #expect(judge.time(of: before + step) == nil)
            return
        }
        // The next look finds it steady again; what lay on the queue since before is dated wrong by the step, and
        // is taken for what can be true of it.
        judge.look(sample(3 * Self.second, set: step))
        let sentAt = 14 * Self.second / 10
        let time = try #require(judge.arrival(before).after(sentAt))
        // Set back by a second, it looks like half a second ago, which may be; no bound can tell.
        if seconds != -1 { #expect(time == 3 * Self.second) }
        #expect(judge.arrival(before + step).after(sentAt) == 3 * Self.second / 2)
    }

    @Test func `a bad look does not make good stamps worse`() {
        var judge = StampJudge(sample(0, uncertainty: 50))
        // The thread was put aside between the readings of the two clocks.
        judge.look(ClockSample(monotonic: Self.second, wall: Self.second + Self.ahead + 30_000, uncertainty: 60_000))
        #expect(judge.time(of: Self.ahead + Self.second / 2) == Self.second / 2)
    }

    @Test func `an answer is never older than its probe`() {
        #expect(ArrivalTime(best: 5, latest: 9).after(4) == 5)
        #expect(ArrivalTime(best: 5, latest: 9).after(6) == 9)
        #expect(ArrivalTime(best: 5, latest: 9).after(10) == nil)
    }
}
