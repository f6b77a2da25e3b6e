import Foundation
import TraceCoreFuzzChecks
import Testing
import TraceCore

@Suite struct LatencyHistogramCodingTests {
    @Test(arguments: 0...10)
    func `decoding what was encoded gives an equal histogram`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var histogram = LatencyHistogram()
        for sample in generator.latencies(Int(seed) * 50, octaves: 0..<40) {
            histogram.add(.nanoseconds(sample))
        }
        let data = try JSONEncoder().encode(histogram)
        #expect(try JSONDecoder().decode(LatencyHistogram.self, from: data) == histogram)
    }

    @Test func `only buckets with samples are written, by their shortest latency`() throws {
        var histogram = LatencyHistogram()
        for nanoseconds in [100, 100, 1_000] { histogram.add(.nanoseconds(nanoseconds)) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(histogram), as: UTF8.self)
        #expect(text == #"{"counts":[2,1],"lowerNs":[100,1000]}"#)
    }

    @Test(arguments: [
        (#"{"lowerNs": [100], "counts": []}"#, "1 buckets but 0 counts"),
        (#"{"lowerNs": [1001], "counts": [1]}"#, "no bucket starts at 1001 ns"),
        (#"{"lowerNs": [137438953472], "counts": [1]}"#, "no bucket starts at 137438953472 ns"),
        (#"{"lowerNs": [100, 100], "counts": [1, 1]}"#, "bounds must ascend"),
        (#"{"lowerNs": [100], "counts": [0]}"#, "the bucket at 100 ns is empty"),
        (#"{"lowerNs": [100], "counts": [1], "clamped": 2}"#, "cannot have been clamped"),
        (#"{"lowerNs": [], "counts": [], "clamped": -1}"#, "cannot have been clamped"),
    ])
    func `a histogram that no samples lead to is refused with the reason`(json: String, reason: String) {
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LatencyHistogram.self, from: Data(json.utf8))
        }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("not a corruption: \(String(describing: error))")
            return
        }
        #expect(context.debugDescription.contains(reason))
    }
}
