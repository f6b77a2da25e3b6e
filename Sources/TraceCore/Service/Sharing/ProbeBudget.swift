/// A budget of probes a second that any number of runs share.
package final class ProbeBudget: Sendable {
    fileprivate let schedule: Lock<ProbeSchedule>
    fileprivate let now: @Sendable () -> Duration

    /// A budget of at least one probe a second, by a clock.
    package init<C: Clock>(probesPerSecond rate: Int, clock: C = ContinuousClock()) where C.Duration == Duration {
        schedule = Lock(ProbeSchedule(probesPerSecond: rate))
        let start = clock.now
        now = { start.duration(to: clock.now) }
    }

    /// The share of one more run, which it has until it drops it.
    package func share() -> BudgetShare { BudgetShare(of: self) }
}

/// What one run has of a budget.
///
/// The run asks how many probes may leave, sends no more than that, and says how many it sent. Nothing waits in here.
package final class BudgetShare: SendAllowance {
    private let budget: ProbeBudget
    private let share = Lock(ProbeSchedule.Share())

    fileprivate init(of budget: ProbeBudget) { self.budget = budget }

    deinit { release() }

    /// How many probes may be sent now; after 0, ask again after ``pause``.
    ///
    /// They are kept for the run until it says what it sent, also where that is nothing, or asks again.
    package func ready(upTo limit: Int) -> Int {
        share.withLock { share in
            budget.schedule.withLock { $0.ready(upTo: limit, for: &share, at: budget.now()) }
        }
    }

    /// Says that so many probes have been sent: at most what ``ready(upTo:)`` gave.
    package func spend(_ count: Int) {
        share.withLock { share in
            budget.schedule.withLock { $0.spend(count, of: &share, at: budget.now()) }
        }
    }

    /// How long after the last ``ready(upTo:)`` it is worth asking again.
    package var pause: Duration { share.withLock { $0.pause } }

    /// Gives back what the run has, for a run that wants to send nothing for a while.
    package func release() {
        share.withLock { share in
            budget.schedule.withLock { $0.release(&share, at: budget.now()) }
        }
    }
}
