/// An open way into a simulated internet, for one run.
final class SimulatedChannel: ProbeChannel {
    /// Everything that changes, in one place, so that a probe takes one lock and no hop between tasks.
    private struct State {
        var builder: ProbePacketBuilder
        var matcher: ReplyMatcher
        var registry: ProbeRegistry
        var network: SimulatedNetwork
        var queue = ArrivalQueue()
        var packet: [UInt8] = []
        /// The time of a run without a clock, in nanoseconds since the channel was opened.
        var now: Int64 = 0
    }

    /// What the channel is and how it works.
    let facts: ChannelFacts

    private let sources: AddressPair
    private let payloadSize: UInt16?
    /// The time in the simulation at which the channel was opened.
    private let openedAt: Int64
    /// The clock that the channel keeps to, or nil for a time of its own.
    private let time: ChannelTime?
    private let state: Lock<State>

    init(
        _ internet: SimulatedInternet, _ transport: ProbeTransport, _ options: SimulatedInternet.Options,
        from sources: AddressPair, _ settings: ChannelSettings, at start: Int64, time: ChannelTime?
    ) {
        let network = SimulatedNetwork(internet.plan, seed: options.seed)
        // Two channels at the same time must not share identities, and a run must be the same each time.
        var random = PacketRandom(
            seed: options.seed ?? internet.plan.seed, packet: UInt64(bitPattern: start) &+ 0x7472_6163_65)
        let number = random.next()
        var packets = options.packets
        if settings.variesSize { packets.dontFragment = true }
        let builder = ProbePacketBuilder(
            transport, packets, identifier: UInt16(truncatingIfNeeded: number),
            cookie: UInt32(truncatingIfNeeded: number >> 16))
        self.sources = sources
        payloadSize = settings.payloadSize
        self.time = time
        openedAt = start
        var facts = builder.facts(mode: "simulated", openedAt: internet.start + .nanoseconds(start), settings)
        facts.identityLimit = ProbeRegistry.limit
        self.facts = facts
        state = Lock(
            State(
                builder: builder, matcher: ReplyMatcher(builder),
                registry: ProbeRegistry(
                    capacity: settings.capacity, hold: ProbeRegistry.Hold(settings), modulus: builder.identity.modulus,
                    findsUnnumbered: builder.identity.hasUnnumberedAnswers),
                network: network))
    }

    /// The time since the channel was opened.
    var now: Duration { .nanoseconds(nanoseconds) }

    private var nanoseconds: Int64 {
        time?.now() ?? state.withLock { $0.now }
    }

    /// The facts with the sizes of packets to a target.
    func facts(for target: IPAddress) -> ChannelFacts {
        state.withLock { $0.builder.facts(facts, for: target.family, payloadSize: payloadSize) }
    }

    /// The vantage's address of the target's family.
    func source(for target: IPAddress) -> IPAddress? { target.isV4 ? sources.v4 : sources.v6 }

    /// How many packets came back that answered no probe; none is ever dropped.
    var counts: ChannelFacts.Counts { ChannelFacts.Counts(strays: state.withLock { $0.matcher.strays }) }

    /// Sends probes in their order.
    func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
        let clockTime = time?.now()
        return state.withLock { state in
            let now = clockTime ?? state.now
            var failures: [Probe.Failure] = []
            for probe in probes {
                if let error = send(probe, at: now, &state) {
                    failures.append(Probe.Failure(probe: probe.id, error: error))
                }
            }
            return failures
        }
    }

    /// None: what the vantage cannot send, it says at once.
    func takeFailures() -> [Probe.Failure] { [] }

    private func send(_ probe: Probe, at now: Int64, _ state: inout State) -> ProbeError? {
        guard let source = source(for: probe.target) else { return Self.noSource(nil, probe.target) }
        guard let serial = state.registry.nextSerial(to: probe.target.withoutZone, at: now) else {
            return Self.tooManyOut
        }
        let record = state.builder.build(probe, from: source, serial: serial, at: now, into: &state.packet)
        state.registry.add(record)
        let (slot, outcome) = state.queue.fill { answer in
            state.network.carry(state.packet, at: openedAt &+ now, answer: &answer)
        }
        switch outcome {
        case .answered(let at): state.queue.push(slot, at: at &- openedAt)
        case .answeredTwice(let first, let second):
            state.queue.push(slot, at: first &- openedAt)
            state.queue.pushCopy(of: slot, at: second &- openedAt)
        case .lost: state.queue.release(slot)
        case .noRoute:
            state.queue.release(slot)
            return Self.noRoute(probe.target)
        case .tooLarge:
            state.queue.release(slot)
            return ProbeError(
                .tooLarge, "The packet to \(probe.target) is larger than the vantage's link takes",
                remedy: "Send a smaller one, or allow fragments")
        }
        return nil
    }

    private static let tooManyOut = ProbeError(
        .outOfResources, "Too many probes are out to tell their answers apart", remedy: "Send more slowly")

    static func noRoute(_ target: IPAddress) -> ProbeError {
        ProbeError(
            .noRoute, "The topology has no way to \(target)", remedy: "Give it a path line, or a default path"
        )
    }

    static func noSource(_ vantage: String?, _ target: IPAddress) -> ProbeError {
        let family = target.isV4 ? "IPv4" : "IPv6"
        let name = vantage.map { " \"\($0)\"" } ?? ""
        return ProbeError(
            .noRoute, "The vantage\(name) has no \(family) address to probe \(target) from",
            remedy: "Give its line one")
    }

    private static let endOfTime = ProbeError(
        .unsupported, "The simulation ends after 292 years, and the run has not",
        remedy: "Ask for less, or wait for less")

    /// Waits until something has arrived, a time has come, or the task was cancelled.
    func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
        // Rounded up, or a run that waits for a part of a nanosecond would come back too early again and again.
        let deadline = deadline.simulationNanosecondsRoundedUp
        guard let time else {
            // Time must not jump for a run that has been cancelled.
            if Task.isCancelled { return [] }
            let arrivals = state.withLock { receive(until: deadline, &$0) }
            guard !arrivals.isEmpty || deadline < .max else { throw Self.endOfTime }
            return arrivals
        }
        while !Task.isCancelled {
            let now = time.now()
            let arrivals = state.withLock { arrived(by: now, &$0) }
            if !arrivals.isEmpty || now >= deadline { return arrivals }
            let wake = min(deadline, state.withLock { $0.queue.next } ?? deadline)
            await time.sleep(wake)
        }
        return []
    }

    /// Waits by the channel's clock; in real time where it has none, and then its own time stands still.
    func sleep(until deadline: Duration) async {
        guard let time else {
            try? await Task.sleep(for: max(.zero, deadline - now))
            return
        }
        await time.sleep(deadline.simulationNanosecondsRoundedUp)
    }

    /// Lets time jump to the next arrival, or to the deadline if that is earlier.
    private func receive(until deadline: Int64, _ state: inout State) -> [Arrival] {
        while let next = state.queue.next, next <= deadline {
            state.now = max(state.now, next)
            let arrivals = arrived(by: state.now, &state)
            if !arrivals.isEmpty { return arrivals }
        }
        state.now = max(state.now, deadline)
        return []
    }

    private func arrived(by now: Int64, _ state: inout State) -> [Arrival] {
        var arrivals: [Arrival] = []
        while let next = state.queue.next, next <= now, let slot = state.queue.pop() {
            let packet = state.queue.packets[slot]
            state.matcher.match(packet.span, at: next, sources: sources, in: &state.registry, into: &arrivals)
            state.queue.release(slot)
        }
        return arrivals
    }

    /// Forgets what is still on its way.
    func close() { state.withLock { $0.queue = ArrivalQueue() } }
}

extension Duration {
    /// Whole nanoseconds, within what 64 bits hold.
    ///
    /// 10⁹ is 2⁹ · 5⁹: with the nine bits shifted out, everything below an hour is a division of 64 bits.
    @inline(__always) var simulationNanoseconds: Int64 {
        let shifted = attoseconds >> 9
        if let word = Int64(exactly: shifted), word >= 0 { return word / 1_953_125 }
        return Int64(clamping: attoseconds / 1_000_000_000)
    }

    /// The first whole nanosecond that is not before the duration, within what 64 bits hold.
    @inline(__always) var simulationNanosecondsRoundedUp: Int64 {
        let whole = simulationNanoseconds
        return .nanoseconds(whole) < self && whole < .max ? whole + 1 : whole
    }
}

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
            // The only error is that the task was cancelled, and the sleeper checks for that anyway.
            try? await clock.sleep(until: opened.advanced(by: .nanoseconds(deadline)), tolerance: nil)
        }
    }
}
