/// Drives runs over a channel, one or many: the one place where what is decided meets what is done.
///
/// The driver has no rules of its own. It sends what the plans say, waits as long as they say, tells them what arrived, and
/// reports each of these facts as an event of its run.
///
/// It holds its channel and the plans as existentials. With a type parameter for either, the compiler makes no version of its
/// asynchronous functions for the types that there are: a simulated trace took a quarter longer with one for the channel, and
/// three times as long with one for the plan.
struct RunDriver<Event: RunEvent>: ~Copyable {
    /// A run that has begun, or what is left of one at a place that is free.
    private struct Run {
        /// Its number among many.
        let position: Int
        let begunAt: Duration
        /// Its names; nil once it is over.
        var names: RunNames?
        /// How long it may wait for names at its end, by the time of the channel.
        let deadline: Duration?
        var hasSent = false
        /// Who answered last: the next one is often the same, and its name then is known to be asked for.
        var lastMet: IPAddress?
        /// Whether names may be on their way.
        var isNaming = false
        /// How it ended, where only names are still to come, and until when they are waited for.
        var ending: (end: RunEnd, until: ContinuousClock.Instant)?
    }

    private let options: RunOptions
    private let channel: any ProbeChannel
    private let resolver: any NameResolver
    private let allowance: (any SendAllowance)?
    /// What further runs ask, and where they come from, if there are many.
    private let settings: (any RunSettings)?
    private let supply: TargetSupply?
    private var isTargetPending = false
    /// Whether probes wait for their share of a rate.
    private var isHeldUp = false
    private var group: RunGroup
    /// The runs by their places. They are no optionals: with a plan or a name within, reading a part of one would copy it whole.
    private var runs: [Run] = []
    /// The places of runs whose names may be on their way, and how many runs wait for nothing else.
    private var naming: [Int] = []
    private var endings = 0

    private var events: [Event] = []
    /// How many events are gathered before they are handed over, and how long at the most if there are fewer.
    private let handOver: HandOver
    private var handOverDue: Duration?
    /// Whether the task may have been cancelled since that was last asked, which costs 30 ns.
    private var mayBeCancelled = true
    /// How long to wait before it is looked whether names have come; less if one has just been asked for.
    private var nameWait = RunNames.firstWait
    private var namesDue: Duration = .zero
    /// What was done since others had their turn, and when that was.
    private var work = 0
    private var yieldedAt = ContinuousClock.now

    /// How often it is looked whether a target has been found, while other things are going on.
    private static var patrol: Duration { .milliseconds(5) }
    /// How long other tasks wait for their turn at the most.
    private static var turn: Duration { .milliseconds(2) }

    /// A driver of many runs.
    init(
        _ settings: any RunSettings, options: RunOptions, over channel: any ProbeChannel, resolver: any NameResolver,
        targets: TargetSupply, pace: FleetPace, interval: Duration, handOver: HandOver
    ) {
        self.settings = settings
        self.options = options
        self.channel = channel
        self.resolver = resolver
        self.handOver = handOver
        allowance = nil
        supply = targets
        group = RunGroup(concurrency: pace.concurrency, interval: interval)
    }

    /// A driver of one run.
    ///
    /// - Parameter deadline: When it has to be over, by the time of the channel.
    init(
        _ plan: any ProbePlan, of description: RunDescription, options: RunOptions,
        over channel: any ProbeChannel, resolver: any NameResolver, deadline: Duration?, handOver: HandOver,
        allowance: (any SendAllowance)?
    ) {
        settings = nil
        self.options = options
        self.channel = channel
        self.resolver = resolver
        self.handOver = handOver
        self.allowance = allowance
        supply = nil
        group = RunGroup(plan, deadline: deadline)
        events.reserveCapacity(max(handOver.batch, 64))
        start(0, Run(position: 0, begunAt: .zero, names: RunNames(resolver, options), deadline: deadline), description)
    }

    /// Runs to the end of the last run. The events go to the sink in the order in which they happened, several at a time.
    ///
    /// - Parameter sink: Takes the events; it may wait, and so hold up the runs.
    /// - Returns: What made the channel unusable, if something did; every run that had begun has ended then.
    mutating func run(sink: (_ events: inout [Event]) async -> Void) async -> ProbeError? {
        defer { supply?.stop() }
        var failure: ProbeError?
        do throws(ProbeError) { try await loop(sink) } catch { failure = error }
        for place in runs.indices {
            guard let names = runs[place].names else { continue }
            names.stop()
            collectNames(of: place, at: channel.now)
            conclude(
                place, runs[place].ending?.end ?? failure.map { RunEnd(.failed, error: $0) } ?? RunEnd(.cancelled))
        }
        await sink(&events)
        return failure
    }

    private mutating func loop(_ sink: (inout [Event]) async -> Void) async throws(ProbeError) {
        while true {
            let now = channel.now
            switch step(at: now) {
            case .begin:
                if isCancelled() { return }
                begin(at: now)
                if events.count >= max(handOver.batch, 1024) { await flush(sink) }
            case .timedOut(let place, let probes):
                for probe in probes { tell(place, at: now, .timedOut(probe)) }
            case .send(let place, let probes, let numbered):
                if isCancelled() { return }
                let failures = try await channel.send(numbered)
                sent(probes, numbered, failures, of: place, at: now)
                // Where sending fails, a plan may have nothing to wait for, and must not fill the memory.
                if events.count >= max(handOver.batch, 1024) { await flush(sink) }
            case .ended(let place, let end): finish(place, end)
            case .wait(let until, let nextSend):
                if !naming.isEmpty { collectNames(at: now) }
                if isHandOverDue(at: now) { await flush(sink) }
                if isCancelled() { return }
                if group.active == 0 {
                    if isTargetPending || endings > 0 {
                        if !events.isEmpty { await flush(sink) }
                        await rest()
                        continue
                    }
                    guard group.wantsToBegin else { return }
                }
                // Before it looks what has arrived: an answer that came meanwhile counts, however long others took.
                if work >= 64, isTurnOver() {
                    await Task.yield()
                    yieldedAt = .now
                }
                let (wake, pause) = waiting(until: until, nextSend, at: now)
                let began = pause.map { _ in ContinuousClock.now }
                let arrivals = try await channel.receive(until: wake)
                mayBeCancelled = true
                // A channel whose time jumps does not wait, but a rate is of real time.
                if let began, arrivals.isEmpty, channel.now >= wake {
                    let missing = wake - now - began.duration(to: .now)
                    if missing > .zero { try? await Task.sleep(for: missing) }
                }
                take(arrivals.span)
                takeFailures()
            }
            work += 1
        }
    }

    /// What to do at a time. Where runs share a rate, the run asks for its share only if it has something to send, or others
    /// would go without it.
    private mutating func step(at now: Duration) -> RunGroup.Step {
        guard let allowance else { return group.step(at: now, sending: .max) }
        let step = group.step(at: now, sending: 0)
        guard case .wait(_, let nextSend) = step else { return step }
        guard let nextSend, nextSend <= now else {
            if isHeldUp { allowance.release() }
            isHeldUp = false
            return step
        }
        let allowed = allowance.ready(upTo: 64)
        isHeldUp = allowed == 0
        guard allowed > 0 else { return step }
        let next = group.step(at: now, sending: allowed)
        if case .send = next {} else { allowance.spend(0) }
        return next
    }

    /// Until when to wait for what arrives, and how much of that is for its share of a rate.
    private func waiting(
        until: Duration, _ nextSend: Duration?, at now: Duration
    ) -> (until: Duration, pause: Duration?) {
        var wake = until
        var pause: Duration?
        if let nextSend {
            if let allowance, isHeldUp { pause = allowance.pause }
            wake = min(wake, max(nextSend, now + (pause ?? channel.facts.gather)))
        }
        if let handOverDue { wake = min(wake, handOverDue) }
        // Nothing else may happen for long while names are on their way.
        if !naming.isEmpty { wake = min(wake, max(namesDue, now)) }
        return (wake, pause)
    }

    /// Whether others are to have their turn: a run that never has to wait, as on a simulated network, would keep its thread.
    private mutating func isTurnOver() -> Bool {
        work = 0
        guard yieldedAt.duration(to: .now) >= Self.turn else { return false }
        mayBeCancelled = true
        return true
    }

    private mutating func isCancelled() -> Bool {
        guard mayBeCancelled else { return false }
        mayBeCancelled = false
        return Task.isCancelled
    }
}

// MARK: - Beginning and ending

extension RunDriver {
    private mutating func begin(at now: Duration) {
        guard let supply, let settings else { return group.holdBegin(until: nil) }
        isTargetPending = false
        switch supply.next() {
        case .pending:
            isTargetPending = true
            group.holdBegin(until: now + Self.patrol)
        case .finished: group.holdBegin(until: nil)
        case .target(let position, .failure(let error), _): events.append(Event(error, of: position))
        case .target(let position, .success(let target), let took):
            let facts = channel.facts(for: target.address)
            let deadline = options.deadline.map { now + max(.zero, $0 - took) }
            do throws(ProbeError) {
                let plan = try settings.plan(for: target.address, over: facts)
                let place = group.begin(plan, deadline: deadline, at: now)
                let description = RunDescription(
                    type(of: settings).verb, target, channel.source(for: target.address), facts, since: now,
                    settings.parameters(over: facts))
                let run = Run(
                    position: position, begunAt: now, names: RunNames(resolver, options), deadline: deadline)
                start(place, run, description)
            } catch {
                events.append(Event(error, of: position))
            }
        }
    }

    private mutating func start(_ place: Int, _ run: Run, _ description: RunDescription) {
        if place < runs.count { runs[place] = run } else { runs.append(run) }
        events.append(Event(ProbeEvent(at: .zero, .started(description)), of: run.position))
    }

    /// Ends a run whose plan has ended; what is still to come are names, and meanwhile others go on.
    private mutating func finish(_ place: Int, _ end: RunEnd) {
        guard let names = runs[place].names else { return }
        guard names.isBusy else { return conclude(place, end) }
        let now = channel.now
        runs[place].ending = (end, .now + options.nameGrace(until: runs[place].deadline, at: now))
        nameWait = min(nameWait, Self.patrol)
        namesDue = min(namesDue, now + nameWait)
        endings += 1
    }

    private mutating func conclude(_ place: Int, _ end: RunEnd) {
        guard runs[place].names != nil else { return }
        var end = end
        if supply == nil {
            // What came to a channel of many belongs to none of them.
            let counts = channel.counts
            if counts.strays > 0 { end.strays = counts.strays }
            if counts.dropped > 0 { end.dropped = counts.dropped }
        }
        tell(place, at: channel.now, .ended(end))
        if runs[place].ending != nil { endings -= 1 }
        runs[place].ending = nil
        runs[place].names = nil
        group.stop(place)
        group.release(place)
    }

    /// Waits for the next target, or for names, where nothing else goes on.
    private mutating func rest() async {
        mayBeCancelled = true
        if isTargetPending {
            if endings > 0 { try? await Task.sleep(for: Self.patrol) } else { await supply?.wait() }
            isTargetPending = false
            return group.holdBegin(until: channel.now)
        }
        guard let place = runs.firstIndex(where: { $0.ending != nil }), let ending = runs[place].ending else { return }
        // All of them have been waiting since they ended.
        let left = supply == nil ? Setting.longest : max(.zero, ContinuousClock.now.duration(to: ending.until))
        let grace = min(left, options.nameGrace(until: runs[place].deadline, at: channel.now))
        await runs[place].names?.finish(within: grace, on: channel)
        collectNames(of: place, at: channel.now)
        conclude(place, ending.end)
    }
}

// MARK: - Events

extension RunDriver {
    private mutating func tell(_ place: Int, at time: Duration, _ fact: ProbeEvent.Fact) {
        events.append(Event(ProbeEvent(at: time - runs[place].begunAt, fact), of: runs[place].position))
    }

    private mutating func isHandOverDue(at now: Duration) -> Bool {
        guard !events.isEmpty else {
            handOverDue = nil
            return false
        }
        if events.count >= handOver.batch { return true }
        let due = handOverDue ?? now + handOver.hold
        handOverDue = due
        return now >= due
    }

    private mutating func flush(_ sink: (inout [Event]) async -> Void) async {
        handOverDue = nil
        await sink(&events)
        mayBeCancelled = true
    }

    /// Takes note of probes that were sent, and of those that could not be.
    private mutating func sent(
        _ probes: [Probe], _ numbered: [Probe], _ failures: [Probe.Failure], of place: Int, at now: Duration
    ) {
        allowance?.spend(probes.count)
        work += probes.count
        guard !failures.isEmpty else {
            runs[place].hasSent = true
            for probe in probes { tell(place, at: now, .sent(probe)) }
            return
        }
        var errors: [Probe.ID: ProbeError] = [:]
        var refusal: ProbeError?
        for failure in failures { errors[failure.probe] = failure.error }
        for (probe, numbered) in zip(probes, numbered) {
            guard let error = errors[numbered.id] else {
                runs[place].hasSent = true
                tell(place, at: now, .sent(probe))
                continue
            }
            group.sendFailed(numbered.id, error, at: now)
            tell(place, at: now, .sendFailed(probe, error))
            refusal = error
        }
        // Of many, one that cannot even begin is an error, and no path of silent hops. What this machine is out of, it has
        // again after a while.
        if let refusal, refusal.code != .outOfResources, supply != nil, !runs[place].hasSent {
            conclude(place, RunEnd(.failed, error: refusal))
        }
    }

    /// Takes note of probes that turned out later not to have been sent.
    private mutating func takeFailures() {
        for failure in channel.takeFailures() {
            let now = channel.now
            guard let (place, probe) = group.sendFailed(failure.probe, failure.error, at: now) else { continue }
            tell(place, at: now, .sendFailed(probe, failure.error))
        }
    }

    /// Takes arrivals in their order. A span lends them, where a loop over the array would copy each.
    private mutating func take(_ arrivals: Span<Arrival>) {
        work += arrivals.count
        for index in arrivals.indices { take(arrivals[index]) }
    }

    private mutating func take(_ arrival: Arrival) {
        guard let (place, time, fate) = group.receive(arrival) else { return }
        let fact: ProbeEvent.Fact
        switch fate {
        case .reply(let probe): fact = .reply(probe, arrival.reply)
        case .late(let probe): fact = .late(probe, arrival.reply)
        case .duplicate(let probe): fact = .duplicate(probe, arrival.reply)
        case .stray: return
        }
        let position = runs[place].position
        events.append(Event(ProbeEvent(at: time, fact), of: position))
        let from = arrival.reply.from
        guard from != runs[place].lastMet else { return }
        runs[place].lastMet = from
        switch runs[place].names?.meet(from) {
        case .known(let name): events.append(Event(ProbeEvent(at: time, .named(from, name)), of: position))
        case .asked:
            if !runs[place].isNaming {
                runs[place].isNaming = true
                naming.append(place)
            }
            nameWait = RunNames.firstWait
            namesDue = arrival.at + nameWait
        case .met, nil: break
        }
    }

    /// Collects the names that have come, and ends the runs that waited for nothing else, or long enough.
    private mutating func collectNames(at now: Duration) {
        // Not with each packet: there may be thousands of runs whose names are on their way.
        guard !naming.isEmpty, now >= namesDue || group.active == 0 else { return }
        var left: [Int] = []
        for place in naming {
            guard let names = runs[place].names else { continue }
            collectNames(of: place, at: now)
            let isBusy = names.isBusy
            if let ending = runs[place].ending, !isBusy || (supply != nil && ending.until <= .now) {
                names.stop()
                conclude(place, ending.end)
            } else if isBusy {
                left.append(place)
            } else {
                runs[place].isNaming = false
            }
        }
        naming = left
        namesDue = now + nameWait
        nameWait = min(nameWait * 2, endings > 0 ? Self.patrol : RunNames.longestWait)
    }

    private mutating func collectNames(of place: Int, at now: Duration) {
        for (address, name) in runs[place].names?.collect() ?? [] { tell(place, at: now, .named(address, name)) }
    }
}
