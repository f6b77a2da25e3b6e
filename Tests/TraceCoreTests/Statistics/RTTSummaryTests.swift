import Foundation
import TraceCoreFuzzChecks
import Testing
import TraceCore

@Suite struct RTTSummaryTests {
    static func summary(ms samples: [Int]) -> RTTSummary? {
        RTTSummary(of: samples.map { .milliseconds($0) })
    }

    @Test func `no sample has no summary`() {
        #expect(Self.summary(ms: []) == nil)
    }

    @Test func `the keys and numbers of its JSON`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Self.summary(ms: [10, 20])), as: UTF8.self)
        #expect(
            text == #"{"avgMs":15,"jitterMs":0.625,"maxMs":20,"minMs":10,"p50Ms":10,"p90Ms":20,"p95Ms":20,"#
                + #""p99Ms":20,"stddevMs":7.071068}"#)
    }

    @Test func `one sample has no deviation in its JSON`() throws {
        let data = try JSONEncoder().encode(Self.summary(ms: [10]))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Double])
        #expect(object["stddevMs"] == nil)
        #expect(object.count == 8)
        #expect(try JSONDecoder().decode(RTTSummary.self, from: data) == Self.summary(ms: [10]))
    }

    @Test(arguments: 1...50)
    func `decoding what was encoded gives an equal summary`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var statistics = RunningStatistics()
        for sample in generator.latencies(40, octaves: 0..<43) { statistics.add(.nanoseconds(sample)) }
        let summary = try #require(RTTSummary(statistics))
        let data = try JSONEncoder().encode(summary)
        #expect(try JSONDecoder().decode(RTTSummary.self, from: data) == summary)
    }

    @Test(arguments: ["-1", "1e300"])
    func `a time that no packet can take is refused`(figure: String) {
        let json =
            #"{"minMs":\#(figure),"avgMs":1,"maxMs":1,"p50Ms":1,"p90Ms":1,"p95Ms":1,"p99Ms":1,"jitterMs":0}"#
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RTTSummary.self, from: Data(json.utf8))
        }
    }
}
