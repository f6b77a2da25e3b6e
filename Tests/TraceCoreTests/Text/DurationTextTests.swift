import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct DurationTextTests {
    @Test(arguments: [
        (Int64(12_345_678), 3, "12.346"), (12_345_499, 3, "12.345"), (12_345_500, 3, "12.346"),
        (0, 3, "0.000"), (0, 0, "0"), (499_999, 0, "0"), (500_000, 0, "1"), (-500_000, 0, "-1"),
        (-499_999, 0, "0"), (-499, 3, "0.000"), (-500, 3, "-0.001"), (999_999_999, 3, "1000.000"),
        (1, 6, "0.000001"), (1, 9, "0.000001"), (1_500_000, -1, "2"), (12_345_678, 1, "12.3"),
        (.max, 6, "9223372036854.775807"), (.min, 6, "-9223372036854.775808"), (.max, 0, "9223372036855"),
    ])
    func `milliseconds are rounded half away from zero`(nanoseconds: Int64, decimals: Int, text: String) {
        #expect(Duration.nanoseconds(nanoseconds).millisecondsText(decimals: decimals) == text)
    }

    @Test func `seconds take up to nine decimals`() {
        #expect(Duration.nanoseconds(1_234_567_891).secondsText(decimals: 9) == "1.234567891")
        #expect(Duration.milliseconds(1999).secondsText(decimals: 0) == "2")
    }

    @Test func `whole nanoseconds stop at the ends`() {
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
        #expect(Duration.nanoseconds(Int64.min).wholeNanoseconds == .min)
        #expect(Duration(secondsComponent: 0, attosecondsComponent: -1_999_999_999).wholeNanoseconds == -1)
    }

    @Test(arguments: [
        Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 9.3e12, -9.3e12,
        9_223_372_036_854.775807,
    ])
    func `milliseconds that are no time are refused`(number: Double) {
        #expect(Duration(milliseconds: number) == nil)
    }

    @Test func `milliseconds are rounded to the nearest nanosecond`() {
        #expect(Duration(milliseconds: 0.0000005) == .nanoseconds(1))
        #expect(Duration(milliseconds: -0.0000005) == .nanoseconds(-1))
        #expect(Duration(milliseconds: 0.00000049) == .zero)
        #expect(Duration(milliseconds: .leastNonzeroMagnitude) == .zero)
    }

    /// 2^33 ms in nanoseconds.
    private static let exactBelow: Int64 = 8_589_934_592_000_000

    @Test func `any count of nanoseconds below 99 days survives as milliseconds`() {
        var random = SeededGenerator(seed: 2)
        for round in 0..<200_000 {
            let bound = round % 2 == 0 ? Self.exactBelow : 1 << Int64.random(in: 1...51, using: &random)
            let magnitude = Int64.random(in: 0..<bound, using: &random)
            let nanoseconds = Bool.random(using: &random) ? magnitude : -magnitude
            let number = Duration.nanoseconds(nanoseconds).inMilliseconds
            guard Duration(milliseconds: number)?.wholeNanoseconds == nanoseconds,
                let read = Double(number.description), read == number
            else {
                Issue.record("\(nanoseconds) ns became \(number) ms")
                return
            }
        }
    }

    @Test func `a time of any length has the same milliseconds when it is read and written again`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200_000 {
            let nanoseconds = Int64.random(in: Self.exactBelow...(.max / 2), using: &random)
            let number = Duration.nanoseconds(nanoseconds).inMilliseconds
            let again = try #require(Duration(milliseconds: number)).inMilliseconds
            guard again == number else {
                Issue.record("\(number) ms became \(again) ms")
                return
            }
        }
    }
}
