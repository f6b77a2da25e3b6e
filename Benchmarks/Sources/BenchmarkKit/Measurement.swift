import AllocationCounter

/// What one operation of a case cost.
struct Measurement: Equatable, Sendable {
    /// Nanoseconds for an operation in each batch, from the fastest up.
    let batches: [Double]
    /// Heap allocations for an operation.
    let allocations: Double
    /// How many times slower the machine was meanwhile than where the thresholds were set.
    let slowdown: Double
    /// The median of what the batches would have taken where the thresholds were set. Each is corrected by what the
    /// machine was just then: its speed changes within a case.
    let corrected: Double

    /// Batches with how many times slower the machine was at each; nothing for a quiet one.
    init(batches: [Double], allocations: Double, slowdowns: [Double] = []) {
        self.batches = batches.sorted()
        self.allocations = allocations
        slowdown = slowdowns.isEmpty ? 1 : Self.median(slowdowns.sorted())
        corrected = Self.median((slowdowns.isEmpty ? batches : zip(batches, slowdowns).map { $0 / $1 }).sorted())
    }

    /// The batch in the middle, or the mean of the two there.
    var median: Double { Self.median(batches) }

    private static func median(_ sorted: [Double]) -> Double {
        (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// The fastest batch.
    var min: Double { batches[0] }

    /// The slowest batch.
    var max: Double { batches[batches.count - 1] }
}

extension Benchmark {
    /// Runs the case: first until a batch is long enough to be timed, then for its allocations, then for time.
    func measure(_ effort: Effort) async throws -> Measurement {
        let body = try await prepare()
        let iterations = try await calibrate(body, for: effort.batchDuration)
        let allocations = try await countAllocations(body, iterations: Swift.min(iterations, 1_000))
        var batches: [Double] = []
        var slowdowns: [Double] = []
        var before = Yardstick.slowdown()
        for _ in 0..<effort.batches {
            let duration = try await time(body, iterations)
            batches.append(duration / .nanoseconds(1) / Double(iterations))
            let after = Yardstick.slowdown()
            slowdowns.append((before + after) / 2)
            before = after
        }
        return Measurement(batches: batches, allocations: allocations, slowdowns: slowdowns)
    }

    private func time(_ body: (Int) async throws -> Void, _ iterations: Int) async throws -> Duration {
        let start = ContinuousClock.now
        try await body(iterations)
        return start.duration(to: .now)
    }

    /// The number of iterations that take about the given time.
    private func calibrate(_ body: (Int) async throws -> Void, for target: Duration) async throws -> Int {
        var iterations = 1
        while true {
            let duration = try await time(body, iterations)
            if duration >= target { return iterations }
            // A first guess from a few nanoseconds is worth little: approach in steps.
            let wanted = 1.2 * (target / Swift.max(duration, .nanoseconds(1)))
            iterations = Int((Double(iterations) * Swift.min(wanted, 20)).rounded(.up))
        }
    }

    /// What an operation allocates: twice as many less once as many, so that what a batch allocates by itself
    /// drops out. It is counted apart from the time, which counting would add to.
    private func countAllocations(_ body: (Int) async throws -> Void, iterations: Int) async throws -> Double {
        func count(_ iterations: Int) async throws -> Int {
            allocation_counter_start()
            defer { _ = allocation_counter_stop() }
            try await body(iterations)
            return Int(allocation_counter_stop())
        }
        let once = try await count(iterations)
        let twice = try await count(2 * iterations)
        return Double(twice - once) / Double(iterations)
    }
}
