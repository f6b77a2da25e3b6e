/// The sums of a sweep: the statistics of `-s`.
struct FpingTotals: Sendable {
    /// The targets that were probed.
    var targets = 0
    /// The targets that answered.
    var alive = 0
    /// The names without an address, which could not be probed.
    var unknown = 0
    var timeouts = 0
    var sent = 0
    var received = 0
    /// Answers in time that did not come from the target.
    var others = 0
    var roundTrips = FpingRoundTrips()
    var elapsed: Duration = .zero

    var unreachable: Int { targets - alive }
}

/// The smallest, the largest and the sum of round trips.
struct FpingRoundTrips: Sendable {
    private(set) var count = 0
    private(set) var smallest: Duration = .zero
    private(set) var largest: Duration = .zero
    private var sum: Duration = .zero

    /// The arithmetic mean, or nil if there are none.
    var average: Duration? { count > 0 ? Duration(attoseconds: sum.attoseconds / Int128(count)) : nil }

    mutating func add(_ roundTrip: Duration) {
        smallest = count == 0 || roundTrip < smallest ? roundTrip : smallest
        largest = roundTrip > largest ? roundTrip : largest
        sum += roundTrip
        count += 1
    }
}

/// The result of a target that is probed a fixed number of times.
struct FpingTarget: Sendable {
    let address: IPAddress
    /// Of the whole run.
    var sums = FpingSums()
    /// Since sums were last shown on the way.
    var recent = FpingSums()
    /// The round trip of each probe in order, kept where they are shown.
    var values: [Duration?] = []
    /// Whether netdata knows its charts.
    var hasCharts = false
}

/// What became of probes to a target.
struct FpingSums: Sendable {
    var lost = 0
    var roundTrips = FpingRoundTrips()

    /// The decided probes: those that are still out when the run is stopped count neither as lost nor as sent.
    var decided: Int { lost + roundTrips.count }

    /// The share of lost probes among the decided ones, in whole percent, or nil if none is decided.
    var loss: Int? { LossCount(answered: roundTrips.count, lost: lost).percent.map { Int($0) } }
}
