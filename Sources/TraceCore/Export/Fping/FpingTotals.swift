/// What a sweep comes to in sum: the statistics of `-s`.
struct FpingTotals: Sendable {
    /// The targets that have been asked.
    var targets = 0
    /// Those of them that have answered.
    var alive = 0
    /// The names that no address was found for, so that they could not be asked.
    var unknown = 0
    var timeouts = 0
    var sent = 0
    var received = 0
    /// Answers in time that were not from the target.
    var others = 0
    var roundTrips = FpingRoundTrips()
    var elapsed: Duration = .zero

    var unreachable: Int { targets - alive }
}

/// The smallest, the largest and the sum of some round trips.
struct FpingRoundTrips: Sendable {
    private(set) var count = 0
    private(set) var smallest: Duration = .zero
    private(set) var largest: Duration = .zero
    private var sum: Duration = .zero

    /// The arithmetic mean, or nil of none.
    var average: Duration? { count > 0 ? Duration(attoseconds: sum.attoseconds / Int128(count)) : nil }

    mutating func add(_ roundTrip: Duration) {
        smallest = count == 0 || roundTrip < smallest ? roundTrip : smallest
        largest = roundTrip > largest ? roundTrip : largest
        sum += roundTrip
        count += 1
    }
}

/// What came of one target that is asked a number of times.
struct FpingTarget: Sendable {
    let address: IPAddress
    var lost = 0
    var roundTrips = FpingRoundTrips()
    /// One for each probe in order, where they are shown.
    var values: [Duration?] = []

    /// The probes whose fate is decided: those that are out when somebody ends the run are neither lost nor sent in vain.
    var decided: Int { lost + roundTrips.count }

    /// The share of lost probes among those whose fate is decided, in whole percent, or nil if there are none.
    var loss: Int? { LossCount(answered: roundTrips.count, lost: lost).percent.map { Int($0) } }
}
