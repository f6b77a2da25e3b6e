import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct JSONNumberTextTests {
    @Test(arguments: [
        (1.5, "[1.5]"), (12.345678, "[12.345678]"), (0.001, "[0.001]"), (0.1, "[0.1]"),
        (1.000001, "[1.000001]"),
        (999_999_999.999999, "[999999999.999999]"), (0.1 + 0.2, "[0.30000000000000004]"),
        (1_000_000_000.5, "[1000000000.5]"), (-2.25, "[-2.25]"), (1.0 / 3, "[0.3333333333333333]"),
    ])
    func `a number has the shortest text that reads back as the same`(number: Double, text: String) throws {
        #expect(try JSON.text([number]) == text)
    }

    @Test func `millionths have the text that the standard library gives them`() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let number = Double(Int64.random(in: 1_000..<1_000_000_000_000_000, using: &random)) / 1e6
            let text = try JSON.text([number])
            guard number == number.rounded(.towardZero) || text == "[\(number)]" else {
                Issue.record("\(number) was written as \(text)")
                return
            }
        }
    }

    @Test func `what a NAT rewrote comes back, and facts without it are equal`() throws {
        var facts = ProbeReply.Quote(
            ttl: 1, length: 28, rewrittenSource: IPAddress(192, 0, 2, 1), rewrittenTargetPort: 53)
        #expect(facts.isRewritten)
        #expect(try JSON.decode(ProbeReply.Quote.self, from: JSON.encode(facts)) == facts)
        facts.rewrittenSource = nil
        facts.rewrittenTargetPort = nil
        #expect(facts == ProbeReply.Quote(ttl: 1, length: 28))
        #expect(!facts.isRewritten)
    }
}
