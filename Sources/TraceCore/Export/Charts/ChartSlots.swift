/// What was measured in a slot of time.
protocol ChartSlot: Sendable, Equatable {
    /// A slot in which nothing was measured.
    init()
    /// Takes in what was measured in the slot that follows.
    mutating func merge(_ next: Self)
}

extension Array where Element: ChartSlot {
    /// Slots that are a number of times as long.
    func merged(by factor: Int) -> [Element] {
        stride(from: 0, to: count, by: factor).map { first in
            self[first..<Swift.min(first + factor, count)].reduce(into: Element()) { $0.merge($1) }
        }
    }

    /// The slot at a position; those before it that are missing are made.
    subscript(growing index: Int) -> Element {
        get { index < count ? self[index] : Element() }
        set {
            while count <= index { append(Element()) }
            self[index] = newValue
        }
    }
}

/// A target in a slot of time: the distribution of its round trips, and its loss.
struct TargetSlot: ChartSlot {
    /// The most round trips that are kept as they are.
    static let exactLimit = 64

    private(set) var roundTrips = LatencyHistogram()
    /// The round trips while they are few: on a fine scale the buckets of the histogram would be seen as steps.
    private var exact: [Duration]? = []
    private(set) var loss = LossCount()

    init() {}

    /// What was kept of a slot.
    init(_ roundTrips: LatencyHistogram, _ loss: LossCount) {
        (self.roundTrips, self.loss) = (roundTrips, loss)
        exact = roundTrips.count == 0 ? [] : nil
    }

    mutating func add(_ roundTrip: Duration) {
        roundTrips.add(roundTrip)
        loss.addAnswered()
        keep([roundTrip])
    }

    mutating func addLost() { loss.addLost() }

    mutating func merge(_ next: TargetSlot) {
        roundTrips.merge(next.roundTrips)
        loss.merge(next.loss)
        keep(next.exact)
    }

    private mutating func keep(_ more: [Duration]?) {
        guard let kept = exact, let more, kept.count + more.count <= Self.exactLimit else {
            exact = nil
            return
        }
        exact = kept + more
    }

    /// What a share of the round trips did not exceed, or nil without any.
    func quantile(_ share: Double) -> Duration? {
        guard let exact, !exact.isEmpty else { return roundTrips.quantile(share) }
        return SortedSamples(exact).quantile(share)
    }
}

/// A hop in a slot of time. There are many of them, so of the round trips only the sum and the shortest are kept.
struct HopSlot: ChartSlot {
    private(set) var loss = LossCount()
    private var total = 0.0
    private(set) var shortest = Double.infinity

    init() {}

    /// What was kept of a slot.
    init(_ roundTrips: LatencyHistogram, _ loss: LossCount) {
        self.loss = loss
        total = roundTrips.meanNanoseconds * Double(roundTrips.count)
        shortest = roundTrips.quantileNanoseconds(0).map { Double($0) } ?? .infinity
    }

    mutating func add(_ roundTrip: Duration) {
        let nanoseconds = Double(roundTrip.sampleNanoseconds)
        loss.addAnswered()
        total += nanoseconds
        shortest = min(shortest, nanoseconds)
    }

    mutating func addLost() { loss.addLost() }

    mutating func merge(_ next: HopSlot) {
        loss.merge(next.loss)
        total += next.total
        shortest = min(shortest, next.shortest)
    }

    /// The mean round trip in nanoseconds, or nil without any.
    var mean: Double? { loss.answered > 0 ? total / Double(loss.answered) : nil }
}

/// A watched path in equal slots of time, in bounded memory: where there would be too many slots, two become one.
struct ChartSlots: Sendable, Equatable {
    /// The most slots of a series.
    static let limit = 480

    /// How long a slot is, in nanoseconds.
    var length: Int64
    /// When the first slot begins, in nanoseconds from the start of the run.
    let start: Int64
    /// The target, from the first slot on.
    var target: [TargetSlot] = []
    /// The hops, from the first TTL on.
    var hops: [[HopSlot]] = []

    /// Slots that are as long as the interval at first, so that each has a round.
    ///
    /// - Parameter start: When the first one begins: later than the run where a recording has lost its beginning.
    init(interval: Duration?, start: Duration = .zero) {
        self.start = max(0, start.wholeNanoseconds)
        length = min(max(interval?.wholeNanoseconds ?? 1_000_000_000, 1_000_000), 3_600_000_000_000)
    }

    /// The number of slots in which anything was measured, or that are before one.
    var count: Int { max(target.count, hops.map(\.count).max() ?? 0) }

    /// Counts an answer of the target.
    mutating func addTarget(_ roundTrip: Duration, at time: Duration) {
        let index = index(of: time)
        target[growing: index].add(roundTrip)
    }

    /// Counts a probe that the target did not answer.
    mutating func addTargetLoss(at time: Duration) {
        let index = index(of: time)
        target[growing: index].addLost()
    }

    /// Counts what became of a probe to a hop: its round trip, or nil if it was lost.
    mutating func addHop(_ ttl: Int, _ roundTrip: Duration?, at time: Duration) {
        let index = index(of: time)
        while hops.count < ttl { hops.append([]) }
        if let roundTrip {
            hops[ttl - 1][growing: index].add(roundTrip)
        } else {
            hops[ttl - 1][growing: index].addLost()
        }
    }

    private mutating func index(of time: Duration) -> Int {
        let nanoseconds = max(0, max(0, time.wholeNanoseconds) - start)
        // 292 years are 50 doublings of an hour at the most.
        while nanoseconds / length >= Int64(Self.limit) {
            self = merged(by: 2)
        }
        return Int(nanoseconds / length)
    }

    /// The same in slots that are a number of times as long.
    func merged(by factor: Int) -> ChartSlots {
        var slots = self
        let (longer, isTooLong) = length.multipliedReportingOverflow(by: Int64(factor))
        slots.length = isTooLong ? .max : longer
        slots.target = target.merged(by: factor)
        slots.hops = hops.map { $0.merged(by: factor) }
        return slots
    }
}
