/// Turns the kernel's stamps, which are wall time, into monotonic time, and refuses to where the wall clock was set.
///
/// Both clocks are slewed alike, so what the wall clock is ahead changes only when it is set. Where it was the same at
/// two looks, every stamp made in between can be trusted; where it was not, none can. One figure is used for all
/// stamps as long as it holds, the best that was seen: so the time between two stamps is as exact as the stamps are.
struct StampJudge: Sendable {
    /// How far two looks may differ without the clock having been set: less than any clock is ever set by on purpose,
    /// more than reading two clocks one after the other can be off when nothing interrupts.
    static let tolerance: Int64 = 20_000

    private var offset: Int64
    private var uncertainty: Int64
    private var now: Int64
    private var isSteady = true

    init(_ sample: ClockSample) {
        offset = sample.offset
        uncertainty = sample.uncertainty
        now = sample.monotonic
    }

    /// Looks at the clocks; what is judged next was stamped between the last look and this one.
    mutating func look(_ sample: ClockSample) {
        now = sample.monotonic
        let drift = (sample.offset &- offset).magnitude
        isSteady = drift <= UInt64(Self.tolerance &+ sample.uncertainty &+ uncertainty)
        guard !isSteady || sample.uncertainty < uncertainty else { return }
        offset = sample.offset
        uncertainty = sample.uncertainty
    }

    /// The time of a stamp, or nil if there is none or it cannot be trusted.
    func time(of stamp: Int64) -> Int64? {
        guard stamp > 0, isSteady else { return nil }
        let time = stamp &- offset
        return time <= now &+ Self.tolerance ? time : nil
    }

    /// When something came: by its stamp if that can be trusted, or else now. And in any case the latest that it can
    /// have come, for what was stamped before the clock was set and is read after the look that showed it.
    func arrival(_ stamp: Int64) -> ArrivalTime {
        ArrivalTime(best: time(of: stamp) ?? now, latest: now)
    }
}

/// When something came, in nanoseconds.
struct ArrivalTime: Hashable, Sendable {
    /// As exactly as is known.
    var best: Int64
    /// By the program's own clock when it read it.
    var latest: Int64

    init(best: Int64, latest: Int64) {
        self.best = best
        self.latest = latest
    }

    /// A time that is known exactly.
    init(_ time: Int64) { self.init(best: time, latest: time) }

    /// The time that can be true of an answer to a probe that was sent at a time; nil if none can.
    func after(_ sentAt: Int64) -> Int64? { best >= sentAt ? best : latest >= sentAt ? latest : nil }
}

/// The monotonic and the wall clock at the same moment, in nanoseconds.
struct ClockSample: Hashable, Sendable {
    var monotonic: Int64
    var wall: Int64
    /// How far apart the two readings may have been.
    var uncertainty: Int64

    /// What the wall clock is ahead.
    var offset: Int64 { wall &- monotonic }
}
