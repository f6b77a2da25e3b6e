import Testing

@testable import BenchmarkKit

@Suite struct ThresholdsTests {
    @Test func `a line gives a case its nanoseconds and allocations`() throws {
        let thresholds = try Thresholds(parsing: "# a comment\n\nfirst 30 0\nsecond\t1.5   2 # and why\n")
        #expect(thresholds["first"] == .init(nanoseconds: 30, allocations: 0))
        #expect(thresholds["second"] == .init(nanoseconds: 1.5, allocations: 2))
        #expect(thresholds["third"] == nil)
    }

    @Test(arguments: [
        "name 30", "name 30 0 0", "name x 0", "name 30 x", "name 0 0", "name 30 -1", "name inf 0",
    ])
    func `a line that cannot be read is refused by its number`(line: String) {
        let error = #expect(throws: Thresholds.SyntaxError.self) {
            try Thresholds(parsing: "good 1 1\n\(line)")
        }
        #expect(error?.line == 2)
    }

    @Test func `a case cannot have two thresholds`() {
        #expect(throws: Thresholds.SyntaxError(line: 2, reason: "“a” has a threshold already")) {
            try Thresholds(parsing: "a 1 0\na 2 0")
        }
    }

    @Test(arguments: [
        (["a", "b"], nil), (["a"], "the threshold “b” has no case"),
        (["a", "b", "c"], "the case “c” has no threshold"), (["a", "b", "a"], "two cases are named “a”"),
    ])
    func `cases and thresholds must match one to one`(names: [String], mismatch: String?) throws {
        #expect(try Thresholds(parsing: "a 1 0\nb 1 0").mismatch(with: names) == mismatch)
    }
}
