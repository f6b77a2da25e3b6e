import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct JSONMillisecondsTests {
    private struct Sample: Codable, Equatable {
        var rtt: Duration
        var gap: Duration?

        enum Key: String, CodingKey { case rttMs, gapMs }

        init(rtt: Duration, gap: Duration?) { (self.rtt, self.gap) = (rtt, gap) }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            rtt = try container.decodeMilliseconds(forKey: .rttMs)
            gap = try container.decodeMillisecondsIfPresent(forKey: .gapMs)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(milliseconds: rtt, forKey: .rttMs)
            try container.encodeIfPresent(milliseconds: gap, forKey: .gapMs)
        }
    }

    @Test func `durations come back to the nanosecond, also through Foundation`() throws {
        var random = SeededGenerator(seed: 7)
        for round in 0..<20_000 {
            let bound = Int64(1) << Int64(round % 51 + 1)
            let sample = Sample(
                rtt: .nanoseconds(Int64.random(in: 0..<bound, using: &random)),
                gap: round % 3 == 0 ? nil : .nanoseconds(Int64.random(in: -bound...0, using: &random)))
            let bytes = try JSON.encode(sample)
            let own = try JSON.decode(Sample.self, from: bytes)
            let foreign = try round % 20 == 0 ? JSONDecoder().decode(Sample.self, from: Data(bytes)) : own
            guard own == sample, foreign == sample else {
                Issue.record("\(sample) became \(own) and \(foreign)")
                return
            }
        }
    }

    @Test func `a time that is missing or null is none`() throws {
        for text in [#"{"rttMs":12.5}"#, #"{"rttMs":12.5,"gapMs":null}"#] {
            let sample = try JSON.decode(Sample.self, from: Array(text.utf8))
            #expect(sample == Sample(rtt: .microseconds(12_500), gap: nil))
        }
    }

    @Test(arguments: [#"{"rttMs":1e300}"#, #"{"rttMs":1,"gapMs":-1e14}"#, #"{"rttMs":"1"}"#, "{}"])
    func `a number that is no time is an error`(text: String) {
        #expect(throws: DecodingError.self) { try JSON.decode(Sample.self, from: Array(text.utf8)) }
    }

    @Test func `hostile text survives JSON and shows nothing raw`() throws {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<5_000 {
            let text = UntrustedTextTests.hostileString(using: &random)
            let bytes = try JSON.encode([text])
            let written = String(decoding: bytes, as: UTF8.self)
            let back = try JSON.decode([String].self, from: bytes)
            // Scalar by scalar: strings are equal under canonical equivalence, which would hide a change.
            guard back.first.map({ Array($0.unicodeScalars) }) == Array(text.unicodeScalars),
                !written.unicodeScalars.contains(where: \.isHazardous)
            else {
                Issue.record("\(UntrustedText(text).escaped) became \(UntrustedText(written).escaped)")
                return
            }
        }
    }
}
