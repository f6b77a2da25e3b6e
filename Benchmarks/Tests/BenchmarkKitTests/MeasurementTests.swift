import Testing

@testable import BenchmarkKit

@Suite struct MeasurementTests {
    @Test func `the median is the batch in the middle`() {
        let odd = Measurement(batches: [9, 1, 2], allocations: 0)
        #expect(odd.median == 2 && odd.min == 1 && odd.max == 9)
        #expect(Measurement(batches: [4, 1, 2, 9], allocations: 0).median == 3)
    }

    @Test func `a case is run in as many batches as asked, from one setup, and may suspend`() async throws {
        let benchmark = Benchmark("sum", setup: { 0 }) { sum, iterations in
            for index in 0..<iterations { sum &+= index }
            await Task.yield()
            keep(sum)
        }
        let measurement = try await benchmark.measure(.quick)
        #expect(measurement.batches.count == Effort.quick.batches)
        #expect(measurement.min > 0)
    }

    @Test func `an error in a case ends its measurement`() async {
        struct Broken: Error {}
        let benchmark = Benchmark("broken", setup: {}) { _, _ in throw Broken() }
        await #expect(throws: Broken.self) { try await benchmark.measure(.quick) }
    }
}
