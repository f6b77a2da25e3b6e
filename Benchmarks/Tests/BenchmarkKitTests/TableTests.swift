import Testing

@testable import BenchmarkKit

@Suite struct TableTests {
    @Test(arguments: [
        (0, "0"), (30, "30"), (3_333, "3333"), (0.126, "0.13"), (9.876, "9.88"), (12.34, "12.3"),
        (99.99, "100"),
        (123.4, "123"),
    ])
    func `numbers have about three digits`(value: Double, text: String) {
        #expect(Table.number(value) == text)
    }

    @Test func `the columns of header and lines are aligned`() throws {
        let table = Table(names: ["a-long-name", "b"])
        let threshold = try #require(try Thresholds(parsing: "b 100 0")["b"])
        let outcome = Outcome(
            name: "b", measurement: Measurement(batches: [50], allocations: 0), threshold: threshold)
        #expect(table.line(outcome).hasSuffix("  ok"))
        #expect(
            table.line(outcome).dropLast("ok".count).count == table.header.dropLast("verdict".count).count)
    }
}
