import TraceCoreFuzzChecks
import Testing
import TraceCore

@Suite struct RunningStatisticsMTRTests {
    @Test func `constant differences of 10 ms make a Jint of 160 ms`() {
        var statistics = RunningStatistics()
        for index in 0..<1_000 { statistics.add(.milliseconds(index.isMultiple(of: 2) ? 10 : 20)) }
        #expect(statistics.jitter * 16 == .milliseconds(160))
        #expect(statistics.lastDifference == .milliseconds(10))
    }

    @Test(arguments: 1...10)
    func `Jint stays within mtr's rounding of RFC 1889's integer arithmetic`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var statistics = RunningStatistics()
        var previous: Int64?
        var scaled: Int64 = 0
        for microseconds in generator.latencies(500, octaves: 10..<18) {
            statistics.add(.microseconds(microseconds))
            // RFC 1889, A.8: the estimate is kept at 16 times its size and rounded at each step.
            if let previous { scaled += abs(microseconds - previous) - (scaled + 8) >> 4 }
            previous = microseconds
            // A step rounds by half a microsecond at most, and each of these fades by 15/16: 8 in the sum.
            #expect(abs(statistics.jitter * 16 / .microseconds(1) - Double(scaled)) <= 8.001)
        }
    }
}
