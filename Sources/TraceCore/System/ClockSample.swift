/// The monotonic and the wall clock at the same moment, in nanoseconds.
struct ClockSample: Hashable, Sendable {
    var monotonic: Int64
    var wall: Int64
    /// How far apart the two readings may have been.
    var uncertainty: Int64

    /// What the wall clock is ahead.
    var offset: Int64 { wall &- monotonic }
}
