import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct DurationSampleTests {
    @Test func `a sample is the whole nanoseconds of its duration`() {
        var generator = SeededGenerator(seed: 7)
        for nanoseconds in generator.latencies(1_000, octaves: 0..<42) {
            let duration = Duration.nanoseconds(nanoseconds)
            #expect(duration.sampleNanoseconds == UInt64(nanoseconds))
            let withFraction = duration + Duration(secondsComponent: 0, attosecondsComponent: 999_999_999)
            #expect(withFraction.sampleNanoseconds == UInt64(nanoseconds))
        }
    }

    @Test(arguments: [Duration.zero, .nanoseconds(-1), .seconds(-5), .seconds(Int64.min)])
    func `a duration that is not positive is the sample 0`(duration: Duration) {
        #expect(duration.sampleNanoseconds == 0)
    }

    @Test(arguments: [Duration.seconds(10_000), .seconds(Int64.max)])
    func `a duration beyond 2,6 hours is the longest sample`(duration: Duration) {
        #expect(duration.sampleNanoseconds == Duration.longestSampleNanoseconds)
        #expect(Duration.longestSampleNanoseconds / 1_000_000_000 == 9_444)
    }
}
