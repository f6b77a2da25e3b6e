/// Which probes to send next, and when to stop: a state machine without a clock, a socket or a task.
///
/// The run that drives a plan tells it what arrived and asks it, at each time, what to do. A plan is a value:
/// the same calls always give the same answers. All times count from the beginning of its own run, those of arrivals too.
///
/// - The identifiers of its probes are 0, 1, 2 and so on, in the order of sending.
/// - A probe that a step sends counts as sent from then on. If it could not be, `sendFailed` says so afterwards.
/// - It never has more probes out than its settings `need` of the channel (``RunSettings/needs``).
public protocol ProbePlan: Sendable {
    /// What to do at a time; the run asks again until the answer is to wait or to end.
    ///
    /// - Parameters:
    ///   - now: The time since the run began.
    ///   - most: The most probes that may be sent now. It is 0 where runs share a rate and this one has to wait its turn. The
    ///     plan then goes on giving probes up, and waits with the time at which it would have sent.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep

    /// Takes note of an arrival, and says what it means for its probe.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate

    /// Takes note of a probe that could not be sent, and why: a plan that varies the size learns from it.
    ///
    /// A plan that sends the next probe in the same instant may fail for ever without any time passing: wait a little.
    ///
    /// - Returns: The probe, or nil if the plan did not have it out.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe?
}

/// What a plan wants done.
public enum PlanStep: Sendable, Hashable {
    /// These probes are given up; at least one.
    case timedOut([Probe])
    /// These probes are to be sent, in this order, now; at least one.
    case send([Probe])
    /// Nothing is to be done before this time, unless something arrives or a probe may be sent.
    ///
    /// The next probe is to be sent at the other time, which may be in the past, or nil if there is none to send before
    /// something happens. Where nothing is to be done at all, any time far away will do.
    case wait(until: Duration, nextSend: Duration? = nil)
    /// The run is over, for this reason; a plan that said so says nothing else any more.
    indirect case end(RunEnd)
}

/// What an arrival means for the probe that it answers.
public enum ArrivalFate: Sendable, Hashable {
    /// It is the probe's first answer, in time.
    case reply(Probe)
    /// The probe had been given up before.
    case late(Probe)
    /// The probe had been answered before.
    case duplicate(Probe)
    /// No such probe is remembered.
    case stray
}
