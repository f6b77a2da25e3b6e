/// Drives a plan over a channel: the one place where what is decided meets what is done.
///
/// The driver has no rules of its own. It sends what the plan says, waits as long as the plan says, tells the
/// plan what arrived, and reports each of these facts as an event.
struct RunDriver<Plan: ProbePlan>: ~Copyable {
    private var plan: Plan
    private let channel: any ProbeChannel
    private let names: RunNames
    /// When the sink gets the events that lie here; they may do so while the run waits.
    private var handOver: HandOver
    /// Whether the task may have been cancelled since that was last asked, which costs 30 ns.
    private var mayBeCancelled = true
    /// Who answered last: the next one is often the same, and its name then is known to be asked for.
    private var lastMet: IPAddress?
    /// Whether names may be on their way.
    private var awaitsNames = false
    /// How long to wait before it is looked whether names have come; less if one has just been asked for.
    private var nameWait = RunNames.firstWait

    init(plan: Plan, channel: any ProbeChannel, names: RunNames, batch: Int, hold: Duration) {
        self.plan = plan
        self.channel = channel
        self.names = names
        handOver = HandOver(batch: batch, hold: hold)
    }

    /// Runs to the end. The events go to the sink in the order in which they happened, several at a time.
    ///
    /// - Parameter sink: Takes the events; it may wait, and so hold up the run.
    mutating func run(
        _ description: RunDescription, sink: (_ events: inout [ProbeEvent]) async -> Void
    ) async {
        var events: [ProbeEvent] = []
        events.reserveCapacity(max(handOver.batch, 64))
        events.append(ProbeEvent(at: .zero, .started(description)))
        var end: RunEnd
        do throws(ProbeError) {
            end = try await loop(&events, sink)
        } catch {
            end = RunEnd(.failed, error: error)
        }
        await names.finish(on: channel)
        names.collect(into: &events, at: channel.now)
        let counts = channel.counts
        if counts.strays > 0 { end.strays = counts.strays }
        if counts.dropped > 0 { end.dropped = counts.dropped }
        events.append(ProbeEvent(at: channel.now, .ended(end)))
        await sink(&events)
    }

    private mutating func loop(
        _ events: inout [ProbeEvent], _ sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) -> RunEnd {
        while true {
            let now = channel.now
            switch plan.step(at: now) {
            case .timedOut(let probes):
                for probe in probes { events.append(ProbeEvent(at: now, .timedOut(probe))) }
            case .send(let probes):
                if isCancelled() { return RunEnd(.cancelled) }
                try await send(probes, at: now, &events)
                // Where sending fails, a plan may have nothing to wait for, and must not fill the memory.
                if events.count >= max(handOver.batch, 1024) {
                    await sink(&events)
                    mayBeCancelled = true
                }
            case .wait(let deadline):
                if awaitsNames { names.collect(into: &events, at: now) }
                if handOver.isDue(events.count, at: now) { await sink(&events) }
                if isCancelled() { return RunEnd(.cancelled) }
                let due = handOver.due.map { min($0, deadline) } ?? deadline
                let arrivals = try await channel.receive(until: nameDue(at: now).map { min($0, due) } ?? due)
                mayBeCancelled = true
                take(arrivals.span, &events)
                for failure in channel.takeFailures() {
                    let now = channel.now
                    guard let probe = plan.sendFailed(failure.probe, failure.error, at: now) else { continue }
                    events.append(ProbeEvent(at: now, .sendFailed(probe, failure.error)))
                }
            case .end(let end): return end
            }
        }
    }

    /// When to look for names that are on their way: nothing else may happen for long.
    private mutating func nameDue(at now: Duration) -> Duration? {
        guard awaitsNames else { return nil }
        guard names.isBusy else {
            awaitsNames = false
            return nil
        }
        defer { nameWait = min(nameWait * 2, RunNames.longestWait) }
        return now + nameWait
    }

    private mutating func isCancelled() -> Bool {
        guard mayBeCancelled else { return false }
        mayBeCancelled = false
        return Task.isCancelled
    }

    private mutating func send(
        _ probes: [Probe], at now: Duration, _ events: inout [ProbeEvent]
    ) async throws(ProbeError) {
        let failures = try await channel.send(probes)
        guard !failures.isEmpty else {
            for probe in probes { events.append(ProbeEvent(at: now, .sent(probe))) }
            return
        }
        var errors: [Probe.ID: ProbeError] = [:]
        for failure in failures { errors[failure.probe] = failure.error }
        for probe in probes {
            if let error = errors[probe.id] {
                _ = plan.sendFailed(probe.id, error, at: now)
                events.append(ProbeEvent(at: now, .sendFailed(probe, error)))
            } else {
                events.append(ProbeEvent(at: now, .sent(probe)))
            }
        }
    }

    /// Takes arrivals in their order. A span lends them, where a loop over the array would copy each.
    private mutating func take(_ arrivals: Span<Arrival>, _ events: inout [ProbeEvent]) {
        for index in arrivals.indices { take(arrivals[index], &events) }
    }

    private mutating func take(_ arrival: Arrival, _ events: inout [ProbeEvent]) {
        let fact: ProbeEvent.Fact
        switch plan.receive(arrival) {
        case .reply(let probe): fact = .reply(probe, arrival.response)
        case .late(let probe): fact = .late(probe, arrival.response)
        case .duplicate(let probe): fact = .duplicate(probe, arrival.response)
        case .stray: return
        }
        events.append(ProbeEvent(at: arrival.at, fact))
        guard arrival.response.from != lastMet else { return }
        lastMet = arrival.response.from
        guard names.meet(arrival.response.from, into: &events, at: arrival.at) else { return }
        awaitsNames = true
        nameWait = RunNames.firstWait
    }
}
