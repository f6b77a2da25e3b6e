import Testing

@testable import BenchmarkKit

@Suite struct VerdictTests {
    @Test func `the machine's speed counts for the batch that it slowed`() {
        let measurement = Measurement(batches: [100, 300, 100], allocations: 0, slowdowns: [1, 3, 1])
        #expect(measurement.corrected == 100)
        #expect(measurement.slowdown == 1)
    }

    @Test(arguments: [
        (100, 2, Verdict.ok), (101, 2, .high), (150, 2, .high), (151, 2, .failed),
        (100, 3, .high), (100, 3.5, .failed), (151, 3, .failed),
    ])
    func `more than half above the threshold fails, in time or allocations`(
        nanoseconds: Double, allocations: Double, verdict: Verdict
    ) throws {
        let threshold = try #require(try Thresholds(parsing: "a 100 2")["a"])
        let measurement = Measurement(batches: [nanoseconds], allocations: allocations)
        #expect(Verdict(measurement, against: threshold) == verdict)
    }

    @Test func `one allocation is too many where none is allowed`() throws {
        let threshold = try #require(try Thresholds(parsing: "a 100 0")["a"])
        #expect(Verdict(Measurement(batches: [1], allocations: 1), against: threshold) == .failed)
    }

    @Test func `what a slow machine adds does not count`() throws {
        let threshold = try #require(try Thresholds(parsing: "a 100 0")["a"])
        #expect(Verdict(Measurement(batches: [190], allocations: 0, slowdowns: [2]), against: threshold) == .ok)
        #expect(Verdict(Measurement(batches: [320], allocations: 0, slowdowns: [2]), against: threshold) == .failed)
    }
}
