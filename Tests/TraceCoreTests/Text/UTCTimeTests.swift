import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_767_225_600_000_000, "2026-01-01T00:00:00.000000Z"),
        (951_782_400_123_456, "2000-02-29T00:00:00.123456Z"),
        (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        (253_402_300_800_000_000, "+010000-01-01T00:00:00.000000Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
        (-62_167_219_200_000_001, "-000001-12-31T23:59:59.999999Z"),
        (.max, "+294247-01-10T04:00:54.775807Z"), (.min, "-290308-12-21T19:59:05.224192Z"),
    ])
    func `a time is written and read back`(microseconds: Int64, text: String) {
        let time = UTCTime(microsecondsSince1970: microseconds)
        #expect(time.description == text)
        #expect(UTCTime(text) == time)
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00Z", Int64(1_767_225_600_000_000)),
        ("2026-01-01T00:00:00.5Z", 1_767_225_600_500_000),
        ("2026-01-01T00:00:00.123456789Z", 1_767_225_600_123_456),
        ("2026-01-01T01:00:00+01:00", 1_767_225_600_000_000),
        ("2025-12-31T18:30:00-0530", 1_767_225_600_000_000), ("2026-01-01t00:00:00z", 1_767_225_600_000_000),
        ("2026-01-01 00:00:00,25Z", 1_767_225_600_250_000),
    ])
    func `other ISO 8601 forms are read`(text: String, microseconds: Int64) {
        #expect(UTCTime(text)?.microsecondsSince1970 == microseconds)
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-01-01T00:00:00", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z ",
        "2026-01-01T00:00:00.0000000000Z", "-000000-01-01T00:00:00Z", "+294247-01-10T04:00:54.775808Z",
        "2026-01-01T00:00:00+1:00", "２026-01-01T00:00:00Z",
    ])
    func `what is no time is refused`(text: String) {
        #expect(UTCTime(text) == nil)
    }

    @Test func `dates agree with Foundation's calendar`() throws {
        var random = SeededGenerator(seed: 3)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for _ in 0..<2_000 {
            let day = Int.random(in: -100_000...1_000_000, using: &random)
            let date = CivilDate(daysSince1970: day)
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            #expect(date.year == parts.year && date.month == parts.month && date.day == parts.day)
            #expect(date.daysSince1970 == day)
        }
    }

    @Test func `random times survive their text`() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<50_000 {
            let time = UTCTime(microsecondsSince1970: .random(in: .min ... .max, using: &random))
            guard UTCTime(time.description) == time else {
                Issue.record("\(time)")
                return
            }
        }
    }

    @Test func `times and durations add up and stop at the ends`() {
        let time = UTCTime.epoch + .milliseconds(1500)
        #expect(time.microsecondsSince1970 == 1_500_000)
        #expect(time - .seconds(2) == UTCTime(microsecondsSince1970: -500_000))
        #expect(time - UTCTime.epoch == .milliseconds(1500))
        #expect(UTCTime.epoch < time)
        let latest = UTCTime(microsecondsSince1970: .max)
        #expect(latest + .seconds(1) == latest)
        #expect(latest + .seconds(Int64.max) == latest)
        let earliest = UTCTime(microsecondsSince1970: .min)
        #expect(earliest - .seconds(1) == earliest)
        #expect(latest - earliest == .microseconds(Int64.max) - .microseconds(Int64.min))
    }

    @Test func `a time is coded as its text`() throws {
        let data = try JSONEncoder().encode([UTCTime.epoch])
        #expect(String(decoding: data, as: UTF8.self) == #"["1970-01-01T00:00:00.000000Z"]"#)
        #expect(try JSONDecoder().decode([UTCTime].self, from: data) == [.epoch])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([UTCTime].self, from: Data(#"["now"]"#.utf8))
        }
    }
}
