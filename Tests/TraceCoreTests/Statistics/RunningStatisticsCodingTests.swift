import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct RunningStatisticsCodingTests {
    static func decode(_ json: String) throws -> RunningStatistics {
        try JSONDecoder().decode(RunningStatistics.self, from: Data(json.utf8))
    }

    @Test(arguments: 0...20)
    func `decoding what was encoded gives equal statistics that go on alike`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var statistics = RunningStatistics()
        for sample in generator.latencies(Int(seed) * 20, octaves: 0..<44) {
            statistics.add(.nanoseconds(sample))
        }
        var decoded = try JSONDecoder().decode(
            RunningStatistics.self, from: try JSONEncoder().encode(statistics))
        #expect(decoded == statistics)
        statistics.add(.milliseconds(3))
        decoded.add(.milliseconds(3))
        #expect(decoded == statistics)
    }

    @Test func `statistics of no sample are a count of 0`() throws {
        let data = try JSONEncoder().encode(RunningStatistics())
        #expect(String(decoding: data, as: UTF8.self) == #"{"count":0}"#)
        #expect(try Self.decode(#"{"count":0}"#) == RunningStatistics())
    }

    /// One state that is right, and for each field a value that no samples lead to.
    @Test(arguments: [
        ("count", "-1"), ("count", "9007199254740993"), ("minNs", "21000000"), ("maxNs", "99999999999999"),
        ("firstNs", "9"), ("lastNs", "20000001"), ("sum", #""19999999""#), ("sum", #""x""#),
        ("sumOfSquares", #""1""#), ("jitterNs", "-1"), ("jitterNs", "10000002"),
        ("lastDifferenceNs", "10000001"), ("maxDifferenceNs", "10000001"),
        ("sumOfDifferences", #""10000001""#), ("product", "0"), ("product", "1e308"),
        ("productExponent", "-1"), ("histogram", #"{"lowerNs":[100],"counts":[3]}"#),
    ])
    func `a state that no samples lead to is refused`(field: String, value: String) throws {
        var statistics = RunningStatistics()
        statistics.add(.milliseconds(10))
        statistics.add(.milliseconds(20))
        let data = try JSONEncoder().encode(statistics)
        var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let replacement = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        #expect(object.updateValue(replacement, forKey: field) != nil)
        let changed = try JSONSerialization.data(withJSONObject: object)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RunningStatistics.self, from: changed)
        }
    }
}
