import Foundation
import Testing
@testable import TraceCore

@Suite struct LossCountTests {
    @Test func `nothing decided has no loss to speak of`() {
        #expect(LossCount().percent == nil)
        #expect(LossCount().ratio == nil)
    }

    @Test(arguments: [(0, 4, 100.0), (4, 0, 0), (3, 1, 25), (2, 1, 100.0 / 3)])
    func `loss is the lost share of the decided probes`(answered: Int, lost: Int, percent: Double) {
        var loss = LossCount()
        for _ in 0..<answered { loss.addAnswered() }
        for _ in 0..<lost { loss.addLost() }
        #expect(loss.percent == percent)
        #expect(loss.decided == answered + lost)
        #expect(loss == LossCount(answered: answered, lost: lost))
    }

    @Test func `merging adds both numbers`() {
        var loss = LossCount(answered: 1, lost: 2)
        loss.merge(LossCount(answered: 10, lost: 20))
        #expect(loss == LossCount(answered: 11, lost: 22))
    }

    @Test func `decoding what was encoded gives an equal count`() throws {
        let loss = LossCount(answered: 7, lost: 3)
        let data = try JSONEncoder().encode(loss)
        #expect(try JSONDecoder().decode(LossCount.self, from: data) == loss)
    }

    @Test(arguments: [#"{"answered":-1,"lost":0}"#, #"{"answered":1,"lost":9007199254740993}"#])
    func `numbers that no count can have are refused`(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LossCount.self, from: Data(json.utf8))
        }
    }
}
