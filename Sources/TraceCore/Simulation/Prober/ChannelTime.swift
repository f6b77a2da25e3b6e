/// The time of a channel that keeps to a clock, in nanoseconds since it was opened.
///
/// Closures and not a type parameter: the channel then has none, and what it does for each probe needs no
/// look-up of types while it runs.
struct ChannelTime: Sendable {
    let now: @Sendable () -> Int64
    /// Sleeps until a time; comes back early if the task is cancelled.
    let sleep: @Sendable (_ until: Int64) async -> Void

    /// The time since now on a clock.
    init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let opened = clock.now
        now = { opened.duration(to: clock.now).simulationNanoseconds }
        sleep = { deadline in
            // The only error is that the task was cancelled, and who sleeps asks for that anyway.
            try? await clock.sleep(until: opened.advanced(by: .nanoseconds(deadline)), tolerance: nil)
        }
    }
}
