import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct LogarithmTests {
    static let numbers: [Double] = {
        var generator = SeededGenerator(seed: 1)
        return [1, 1.5, 2.0.squareRoot(), 2, 3, 0.1, 1e-300, 1e300, 1.0.nextUp, 2.0.nextDown]
            + (0..<200).map { _ in Double.random(in: 0...1e12, using: &generator) }
    }()

    @Test(arguments: numbers)
    func `the binary logarithm agrees with C's`(number: Double) {
        let exact = Foundation.log2(number)
        #expect(abs(Logarithm.log2(number) - exact) <= max(abs(exact), 1) * 1e-15)
    }

    @Test(arguments: [-1000, -37.5, -0.5, 0, 0.25, 0.5, 1, 7.75, 43.1, 999.9])
    func `powers of two agree with C's`(power: Double) {
        #expect(abs(Logarithm.exp2(power) / Foundation.exp2(power) - 1) < 1e-14)
    }

    @Test(arguments: numbers)
    func `the square root agrees with C's to the last place`(number: Double) {
        let exact = number.squareRoot()
        #expect(abs(Logarithm.squareRoot(number) - exact) <= exact.ulp)
    }

    @Test func `the square root of nothing is nothing`() {
        #expect(Logarithm.squareRoot(0) == 0)
    }
}
