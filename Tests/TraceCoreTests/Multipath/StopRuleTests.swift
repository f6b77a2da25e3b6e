import Testing

@testable import TraceCore

@Suite struct `The stop rule` {
    @Test func `demands what the literature does`() {
        let usual = StopRule(confidence: 0.95)
        #expect((2...10).map { usual.flows(toMeet: $0) } == [6, 11, 16, 21, 27, 33, 38, 44, 51])
        let careful = StopRule(confidence: 0.99)
        #expect((2...10).map { careful.flows(toMeet: $0) } == [8, 15, 21, 28, 36, 43, 51, 58, 66])
    }

    @Test(arguments: [0.5, 0.9, 0.95, 0.99, 0.999, 0.999_999]) func `is the least that will do`(_ confidence: Double) {
        let rule = StopRule(confidence: confidence)
        for count in [2, 3, 5, 8, 16, 17, 33, 64, 100] {
            let flows = rule.flows(toMeet: count)
            #expect(Self.risk(count, flows) <= rule.risk * (1 + 1e-9))
            #expect(Self.risk(count, flows - 1) > rule.risk * (1 - 1e-9))
        }
    }

    /// The same chance, counted flow by flow: how likely each number of next hops is to have been met.
    private static func risk(_ count: Int, _ flows: Int) -> Double {
        var chances = [1.0] + [Double](repeating: 0, count: count)
        for _ in 0..<flows {
            for met in stride(from: count, through: 1, by: -1) {
                chances[met] =
                    chances[met] * Double(met) / Double(count)
                    + chances[met - 1] * Double(count - met + 1) / Double(count)
            }
            chances[0] = 0
        }
        return chances.dropLast().reduce(0, +)
    }

    @Test func `says how often a flow must keep to its way`() {
        let rule = StopRule(confidence: 0.95)
        #expect((2...8).map { rule.repeats(among: $0) } == [5, 3, 3, 2, 2, 2, 2])
        #expect(rule.repeats(among: 1) == 0)
    }
}
