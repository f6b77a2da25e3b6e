import Testing

@testable import TraceCore

@Suite struct `Ticks of a chart` {
    @Test func `are round numbers with units`() {
        func latency(_ limit: Int64) -> [String] { ChartTicks.latency(upTo: limit, count: 4).map(\.label) }
        #expect(latency(31_000_000) == ["0", "10 ms", "20 ms", "30 ms"])
        #expect(latency(1_900_000_000) == ["0", "500 ms", "1000 ms", "1500 ms"])
        #expect(latency(900) == ["0", "500 ns"])
        #expect(latency(8_000_000_000_000) == ["0", "2000 s", "4000 s", "6000 s", "8000 s"])
        func time(_ start: Int64, _ end: Int64) -> [String] {
            ChartTicks.time(from: start * 1_000_000_000, to: end * 1_000_000_000, count: 4).map(\.label)
        }
        #expect(time(0, 59) == ["0", "15 s", "30 s", "45 s"])
        #expect(time(0, 3600) == ["0", "15 min", "30 min", "45 min", "60 min"])
        #expect(time(100_000, 200_000) == ["36 h", "48 h"])
        #expect(time(0, 2_000_000) == ["0", "10 d", "20 d"])
    }

    @Test func `are few at any length`() {
        var length: Int64 = 1
        while length < .max / 3 {
            for ticks in [
                ChartTicks.latency(upTo: length, count: 5), ChartTicks.time(from: 0, to: length, count: 5),
                ChartTicks.time(from: length, to: length * 2, count: 5),
            ] {
                #expect(ticks.count <= 7, "\(length): \(ticks)")
                #expect(Set(ticks.map(\.label)).count == ticks.count)
            }
            length *= 3
        }
        #expect(ChartTicks.time(from: 0, to: .max, count: 5).count >= 2)
        #expect(ChartTicks.time(from: 5, to: 5, count: 5).isEmpty)
    }
}
