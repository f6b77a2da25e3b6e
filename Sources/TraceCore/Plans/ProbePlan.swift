/// Which probes to send next, and when to stop: a state machine without a clock, a socket or a task.
///
/// The run that drives a plan tells it what arrived and asks it, at each time, what to do. A plan is a value:
/// the same calls always give the same answers.
public protocol ProbePlan: Sendable {
    /// The most probes that the plan ever has out at the same time.
    var window: Int { get }

    /// What to do at a time; the run asks again until the answer is to wait or to end.
    ///
    /// - Parameters:
    ///   - now: The time since the run began.
    ///   - most: The most probes that may be sent now. It is 0 where runs share a rate and this one has to wait; the plan
    ///     then says how long it has nothing else to do, and since when it wants to send.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep

    /// Takes note of an arrival, and says what it means for its probe.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate

    /// Takes note of a probe that could not be sent, and why: a plan that varies the size learns from it.
    ///
    /// - Returns: The probe, or nil if the plan did not have it out.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe?
}

/// What a plan wants done.
public enum PlanStep: Sendable, Hashable {
    /// These probes are given up.
    case timedOut([Probe])
    /// These probes are to be sent, in this order, now.
    case send([Probe])
    /// Nothing is to be done before this time, unless something arrives or a probe may be sent.
    ///
    /// The next probe is to be sent at the other time, which may be in the past, or nil if there is none to send before
    /// something happens.
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
