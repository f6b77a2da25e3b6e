/// The monotonic and the wall clock at the same moment, in nanoseconds.
struct ClockSample: Hashable, Sendable {
    var monotonic: Int64
    var wall: Int64
    /// How far apart the two readings may have been.
    var uncertainty: Int64

    /// What the wall clock is ahead.
    var offset: Int64 { wall &- monotonic }
}

/// Turns the kernel's stamps, which are wall time, into monotonic time, and refuses to where the wall clock was set.
///
/// Both clocks are slewed alike, so their difference changes only when the wall clock is set. Where it was the same
/// at two looks, every stamp made in between can be trusted; where it was not, none can.
struct StampJudge: Sendable {
    /// How far two looks at the difference may be apart without the clock having been set.
    static let tolerance: Int64 = 20_000

    private var last: ClockSample
    private(set) var isSteady = true

    init(_ sample: ClockSample) { last = sample }

    /// Looks at the clocks; what is judged next was stamped between the last look and this one.
    mutating func look(_ sample: ClockSample) {
        let drift = (sample.offset &- last.offset).magnitude
        isSteady = drift <= UInt64(Self.tolerance &+ sample.uncertainty &+ last.uncertainty)
        last = sample
    }

    /// The monotonic time of a stamp, or nil if there is none or it cannot be trusted.
    func time(of stamp: Int64) -> Int64? {
        guard stamp > 0, isSteady else { return nil }
        let time = stamp &- last.offset
        return time <= last.monotonic &+ Self.tolerance ? time : nil
    }
}
