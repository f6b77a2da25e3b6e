/// The runs of one driver: one alone, or many that share a channel, its numbers and one rate.
///
/// Each run has a plan of its own, which sees a run of its own: its time begins with it, and its probes are counted from 0.
/// Many runs share the right to send. A run is begun only when those before it have nothing to send at the moment: so
/// results come one after the other, few runs are in memory, and routers that the paths share are asked evenly and never by
/// all runs at once. A run has a place, which another one gets after it.
struct RunGroup: Sendable {
    /// What is to be done.
    enum Step: Sendable {
        /// These probes of a run are given up.
        case timedOut(place: Int, [Probe])
        /// These probes of a run are to be sent under other numbers, those of the channel.
        case send(place: Int, [Probe], numbered: [Probe])
        /// A run is over; its place is to be released.
        indirect case ended(place: Int, RunEnd)
        /// There is room for one more run.
        case begin
        /// Nothing is to be done before this time, unless something arrives. A probe can be sent or a run begun at the other
        /// time, be it in the past, or nil if there is nothing to send before something happens.
        case wait(until: Duration, nextSend: Duration?)
    }

    private struct Run {
        var plan: any ProbePlan
        let begunAt: Duration
        /// When it has to be over, by the time of the channel.
        let deadline: Duration?
        var isActive = true
        /// The entry of the queues that holds; an earlier one is a relic.
        var wake: Duration?
        var sending: Duration?
        var isTouched = false
    }

    /// Which probe of which run a channel's number stands for.
    private struct Origin {
        let place: Int32
        /// When that run began: the place may be another's by now.
        let begun: UInt32
        let probe: Probe.ID
    }

    /// Whether it is one run alone: then there is nothing to share, and the channel's numbers are the run's own.
    private let isAlone: Bool
    private let concurrency: Int
    private var pacer: Pacer
    /// The runs by their places. They are no optionals: with a plan within, reading a part of one would copy it whole.
    private var runs: [Run] = []
    private var free: [Int] = []
    /// How many runs there have been at each place.
    private var begun: [UInt32] = []
    private var origins: [Origin] = []
    private var firstNumber = 0
    /// Runs whose time has come to give something up, or to send something.
    private var wakes = WakeQueue()
    private var senders = WakeQueue()
    /// Runs that something happened to.
    private var touched: [Int] = []
    /// No run is asked for before this time; nil if there are no more.
    private var nextBegin: Duration?

    /// How many runs go on.
    private(set) var active = 0

    /// One run, which begins now.
    init(_ plan: any ProbePlan, deadline: Duration?) {
        isAlone = true
        concurrency = 1
        pacer = Pacer(interval: .zero)
        runs = [Run(plan: plan, begunAt: .zero, deadline: deadline)]
        active = 1
    }

    /// Many runs, to be begun as there is room for them.
    ///
    /// - Parameters:
    ///   - concurrency: How many go on at the same time.
    ///   - interval: The time between two probes.
    init(concurrency: Int, interval: Duration) {
        isAlone = false
        self.concurrency = concurrency
        pacer = Pacer(interval: interval)
        nextBegin = .zero
    }

    /// Begins a run.
    ///
    /// - Returns: Its place.
    mutating func begin(_ plan: any ProbePlan, deadline: Duration?, at now: Duration) -> Int {
        let run = Run(plan: plan, begunAt: now, deadline: deadline)
        let place = free.popLast() ?? runs.count
        if place < runs.count {
            runs[place] = run
            begun[place] &+= 1
        } else {
            runs.append(run)
            begun.append(0)
        }
        active += 1
        touch(place)
        return place
    }

    /// Takes note that the next run is not known yet, or that there is none any more.
    mutating func holdBegin(until time: Duration?) { nextBegin = time }

    /// Whether there may be more runs to begin.
    var wantsToBegin: Bool { nextBegin != nil }

    /// Gives the place of a run that is over to the next one.
    mutating func release(_ place: Int) {
        if !isAlone { free.append(place) }
    }

    /// What to do at a time; to be asked again until the answer is to wait.
    ///
    /// - Parameter allowed: The most probes that may be sent now.
    mutating func step(at now: Duration, sending allowed: Int) -> Step {
        if isAlone { return stepAlone(at: now, sending: allowed) }
        while let place = touched.popLast() {
            runs[place].isTouched = false
            if let step = serve(place, sending: 0, at: now) { return step }
        }
        while let (place, time) = wakes.take(at: now) {
            guard runs[place].wake == time else { continue }
            runs[place].wake = nil
            if let step = serve(place, sending: 0, at: now) { return step }
        }
        let most = min(allowed, pacer.ready(upTo: pacer.burst, at: now))
        while most > 0, let (place, time) = senders.take(at: now) {
            guard runs[place].sending == time else { continue }
            runs[place].sending = nil
            if let step = serve(place, sending: most, at: now) { return step }
        }
        if most > 0, active < concurrency, let nextBegin, nextBegin <= now { return .begin }
        var send = senders.next
        if active < concurrency, let nextBegin { send = min(send ?? nextBegin, nextBegin) }
        return .wait(until: wakes.next ?? now + .seconds(3600), nextSend: send.map { max($0, pacer.next) })
    }

    @inline(__always) private mutating func stepAlone(at now: Duration, sending most: Int) -> Step {
        guard let step = advance(0, sending: most, at: now) else {
            return .wait(until: now + .seconds(3600), nextSend: nil)
        }
        switch step {
        case .timedOut(let probes): return .timedOut(place: 0, probes)
        case .send(let probes): return .send(place: 0, probes, numbered: probes)
        case .end(let end): return .ended(place: 0, end)
        case .wait(let until, let send): return .wait(until: until, nextSend: send)
        }
    }

    /// Takes note of an arrival; gives the run with what the arrival means for it, unless that is over.
    mutating func receive(_ arrival: Arrival) -> (place: Int, at: Duration, fate: ArrivalFate)? {
        if isAlone { return (0, arrival.at, runs[0].plan.receive(arrival)) }
        guard let (place, probe) = origin(of: arrival.probe) else { return nil }
        let time = arrival.at - runs[place].begunAt
        touch(place)
        return (place, time, runs[place].plan.receive(Arrival(probe: probe, at: time, reply: arrival.reply)))
    }

    /// Takes note of a probe that could not be sent; gives the run with its probe, unless that is over.
    @discardableResult
    mutating func sendFailed(_ number: Probe.ID, _ error: ProbeError, at now: Duration) -> (place: Int, probe: Probe)? {
        if isAlone { return runs[0].plan.sendFailed(number, error, at: now).map { (0, $0) } }
        guard let (place, id) = origin(of: number) else { return nil }
        touch(place)
        let time = now - runs[place].begunAt
        return runs[place].plan.sendFailed(id, error, at: time).map { (place, $0) }
    }

    /// Ends a run before its time; its place is to be released.
    mutating func stop(_ place: Int) {
        guard runs[place].isActive else { return }
        runs[place].isActive = false
        active -= 1
    }
}

// MARK: - One run among the others

extension RunGroup {
    /// What a run that goes on has to do at a time; nil if there is none.
    @inline(__always) private mutating func advance(_ place: Int, sending most: Int, at now: Duration) -> PlanStep? {
        guard runs[place].isActive else { return nil }
        let begunAt = runs[place].begunAt
        let time = now - begunAt
        var step: PlanStep
        // The plan is changed where it lies: taken out and put back it would be copied.
        if let deadline = runs[place].deadline {
            step = runs[place].plan.step(at: time, sending: now < deadline ? most : 0)
            if case .wait(let until, let send) = step {
                step =
                    now < deadline
                    ? .wait(until: min(until, deadline - begunAt), nextSend: send) : .end(RunEnd(.deadline))
            }
        } else {
            step = runs[place].plan.step(at: time, sending: most)
        }
        if case .end = step { stop(place) }
        return step
    }

    private mutating func touch(_ place: Int) {
        guard !runs[place].isTouched else { return }
        runs[place].isTouched = true
        touched.append(place)
    }

    /// Lets a run do what it has to at a time; nil if that is nothing.
    private mutating func serve(_ place: Int, sending most: Int, at now: Duration) -> Step? {
        switch advance(place, sending: most, at: now) {
        case .timedOut(let probes):
            touch(place)
            return .timedOut(place: place, probes)
        case .send(let probes):
            touch(place)
            _ = pacer.take(upTo: probes.count, at: now)
            return .send(place: place, probes, numbered: probes.map { number($0, at: place) })
        case .end(let end): return .ended(place: place, end)
        case .wait(let until, let send):
            schedule(place, until, send)
            return nil
        case nil: return nil
        }
    }

    private mutating func schedule(_ place: Int, _ until: Duration, _ send: Duration?) {
        let begunAt = runs[place].begunAt
        // A later time than that in the queue is found when the earlier one has come.
        if runs[place].wake.map({ begunAt + until < $0 }) ?? true {
            runs[place].wake = begunAt + until
            wakes.add(place, at: begunAt + until)
        }
        if let send = send.map({ begunAt + $0 }), runs[place].sending.map({ send < $0 }) ?? true {
            runs[place].sending = send
            senders.add(place, at: send)
        }
        // Relics are found when their time has come, which may be in a hundred years.
        let most = 64 + 4 * runs.count
        if wakes.count > most { wakes.keep { [runs] place, time in runs[place].wake == time } }
        if senders.count > most { senders.keep { [runs] place, time in runs[place].sending == time } }
    }

    /// The probe under the number that the channel knows it by.
    private mutating func number(_ probe: Probe, at place: Int) -> Probe {
        if origins.count == origins.capacity { forget() }
        origins.append(Origin(place: Int32(place), begun: begun[place], probe: probe.id))
        return Probe(
            id: firstNumber + origins.count - 1, target: probe.target, ttl: probe.ttl, sequence: probe.sequence,
            flow: probe.flow, size: probe.size)
    }

    private func origin(of number: Probe.ID) -> (place: Int, probe: Probe.ID)? {
        let index = number &- firstNumber
        guard origins.indices.contains(index) else { return nil }
        let origin = origins[index]
        return isCurrent(origin) ? (Int(origin.place), origin.probe) : nil
    }

    private func isCurrent(_ origin: Origin) -> Bool {
        let place = Int(origin.place)
        return begun[place] == origin.begun && runs[place].isActive
    }

    /// The most numbers that are remembered: more than a live channel can tell apart. One run without an end would keep them
    /// all.
    private static var mostOrigins: Int { 1 << 18 }

    /// Drops the oldest numbers, of runs that are over or too many, but only when they are half of all: each then moves once at the
    /// most for each that was added.
    private mutating func forget() {
        let old = max(origins.firstIndex { isCurrent($0) } ?? origins.count, origins.count - Self.mostOrigins)
        guard old > origins.count / 2 else { return }
        origins.removeFirst(old)
        firstNumber += old
    }
}
