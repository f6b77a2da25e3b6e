/// Traces many targets over one channel, at one rate over all of them.
///
/// Each target has a plan of its own, which sees a run of its own: its time begins with it, and its probes are
/// counted from 0. What they share is the right to send. A target is begun only when those before it have nothing to
/// send at the moment: so paths are known one after the other, few of them are in memory, and the routers that they
/// share are asked evenly and never by all at once.
struct FleetPlan: Sendable {
    /// What is to be done.
    enum Step: Sendable {
        /// These probes of a run are given up.
        case timedOut(run: Int, [Probe])
        /// These probes of a run are to be sent under other numbers, those of the channel.
        case send(run: Int, [Probe], numbered: [Probe])
        /// A run is over.
        case ended(run: Int, RunEnd)
        /// There is room for one more target.
        case begin
        /// Nothing is to be done before this time, unless something arrives.
        case wait(until: Duration)
    }

    private struct TraceReport {
        /// The run that the trace is of, or nil where the place is free.
        var run: Int?
        var plan: TracePlan
        var begunAt: Duration
        /// The entry of the queues that holds; an earlier one is a relic.
        var deadline: Duration?
        var sending: Duration?
        var isTouched = false
    }

    /// Which probe of which trace a channel's number stands for.
    private struct Origin {
        let place: Int32
        let run: Int
        let probe: Probe.ID
    }

    private var settings: TraceSettings
    private let pace: FleetPace
    private var pacer: Pacer
    private var traces: [TraceReport] = []
    private var free: [Int] = []
    private var origins: [Origin] = []
    private var firstNumber = 0
    /// Traces whose time has come to give something up, or to send something.
    private var deadlines = WakeQueue()
    private var senders = WakeQueue()
    /// Traces that something happened to.
    private var touched: [Int] = []
    /// No target is asked for before this time; nil if there are no more.
    private var nextBegin: Duration? = .zero

    /// - Parameters:
    ///   - settings: What is asked of each target.
    ///   - pace: How many are traced at the same time.
    ///   - interval: The time between two probes.
    init(_ settings: TraceSettings, _ pace: FleetPace, interval: Duration) throws(ProbeError) {
        try settings.validate()
        try pace.validate()
        self.settings = settings
        self.settings.window = settings.window ?? settings.queries * 5
        self.pace = pace
        pacer = Pacer(interval: interval)
    }

    /// How many targets are being traced.
    var active: Int { traces.count - free.count }

    /// The most probes that are out at the same time.
    var window: Int { min(65536, pace.concurrency * (settings.window ?? 1)) }

    /// Begins a trace.
    mutating func begin(run: Int, target: IPAddress, at now: Duration) throws(ProbeError) {
        let trace = TraceReport(run: run, plan: try TracePlan(target: target, settings: settings), begunAt: now)
        let place = free.popLast() ?? traces.count
        if place < traces.count { traces[place] = trace } else { traces.append(trace) }
        touch(place)
    }

    /// Takes note that the next target is not known yet, or that there is none any more.
    mutating func holdBegin(until time: Duration?) { nextBegin = time }

    /// What to do at a time; to be asked again until the answer is to wait.
    mutating func step(at now: Duration) -> Step {
        while let place = touched.popLast() {
            traces[place].isTouched = false
            if let step = serve(place, sending: 0, at: now) { return step }
        }
        while let (place, time) = deadlines.take(at: now) {
            guard traces[place].run != nil, traces[place].deadline == time else { continue }
            traces[place].deadline = nil
            if let step = serve(place, sending: 0, at: now) { return step }
        }
        let most = pacer.ready(upTo: pacer.burst, at: now)
        while most > 0, let (place, time) = senders.take(at: now) {
            guard traces[place].run != nil, traces[place].sending == time else { continue }
            traces[place].sending = nil
            if let step = serve(place, sending: most, at: now) { return step }
        }
        if most > 0, active < pace.concurrency, let nextBegin, nextBegin <= now { return .begin }
        return .wait(until: nextWake(after: now))
    }

    private func nextWake(after now: Duration) -> Duration {
        var wake = deadlines.next ?? now + .seconds(3600)
        var send = senders.next
        if active < pace.concurrency, let nextBegin { send = min(send ?? nextBegin, nextBegin) }
        if let send { wake = min(wake, max(send, pacer.next)) }
        return wake
    }

    /// Takes note of an arrival; gives the run with what the arrival means for it, unless the run is over.
    mutating func receive(_ arrival: Arrival) -> (run: Int, at: Duration, fate: ArrivalFate)? {
        guard let (place, run, probe) = origin(of: arrival.probe) else { return nil }
        let time = arrival.at - traces[place].begunAt
        let fate = traces[place].plan.receive(Arrival(probe: probe, at: time, response: arrival.response))
        touch(place)
        return (run, time, fate)
    }

    /// Takes note of a probe that could not be sent; gives the run with its probe.
    mutating func sendFailed(_ number: Probe.ID, at now: Duration) -> (run: Int, probe: Probe)? {
        guard let (place, run, id) = origin(of: number),
            let probe = traces[place].plan.sendFailed(id, at: now - traces[place].begunAt)
        else { return nil }
        touch(place)
        return (run, probe)
    }

    /// Ends a run before its time.
    mutating func drop(run: Int) {
        guard let place = traces.firstIndex(where: { $0.run == run }) else { return }
        release(place)
    }
}

// MARK: - One trace among the others

extension FleetPlan {
    private mutating func touch(_ place: Int) {
        guard !traces[place].isTouched else { return }
        traces[place].isTouched = true
        touched.append(place)
    }

    private mutating func release(_ place: Int) {
        traces[place].run = nil
        traces[place].deadline = nil
        traces[place].sending = nil
        free.append(place)
    }

    /// Lets a trace do what it has to at a time; nil if that is nothing.
    private mutating func serve(_ place: Int, sending most: Int, at now: Duration) -> Step? {
        guard let run = traces[place].run else { return nil }
        switch traces[place].plan.step(at: now - traces[place].begunAt, sending: most) {
        case .timedOut(let probes):
            touch(place)
            return .timedOut(run: run, probes)
        case .send(let probes):
            touch(place)
            _ = pacer.take(upTo: probes.count, at: now)
            return .send(run: run, probes, numbered: probes.map { number($0, of: run, at: place) })
        case .end(let end):
            release(place)
            return .ended(run: run, end)
        case .wait(let until):
            schedule(place, until)
            return nil
        }
    }

    private mutating func schedule(_ place: Int, _ until: Duration) {
        let begunAt = traces[place].begunAt
        // A later deadline than that in the queue is found when the earlier one has come.
        if traces[place].deadline.map({ begunAt + until < $0 }) ?? true {
            traces[place].deadline = begunAt + until
            deadlines.add(place, at: begunAt + until)
        }
        if traces[place].sending == nil, let send = traces[place].plan.nextSend {
            traces[place].sending = begunAt + send
            senders.add(place, at: begunAt + send)
        }
    }

    /// The probe under the number that the channel knows it by.
    private mutating func number(_ probe: Probe, of run: Int, at place: Int) -> Probe {
        if origins.count == origins.capacity { forget() }
        origins.append(Origin(place: Int32(place), run: run, probe: probe.id))
        return Probe(
            id: firstNumber + origins.count - 1, target: probe.target, ttl: probe.ttl, sequence: probe.sequence,
            flow: probe.flow, size: probe.size)
    }

    private func origin(of number: Probe.ID) -> (place: Int, run: Int, probe: Probe.ID)? {
        let index = number &- firstNumber
        guard origins.indices.contains(index) else { return nil }
        let origin = origins[index]
        guard traces[Int(origin.place)].run == origin.run else { return nil }
        return (Int(origin.place), origin.run, origin.probe)
    }

    /// Drops the oldest numbers of runs that are over, but only when they are half of all: each then moves once at the
    /// most for each that was added.
    private mutating func forget() {
        let old = origins.firstIndex { traces[Int($0.place)].run == $0.run } ?? origins.count
        guard old > origins.count / 2 else { return }
        origins.removeFirst(old)
        firstNumber += old
    }
}
