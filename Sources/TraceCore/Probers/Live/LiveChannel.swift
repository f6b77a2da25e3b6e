/// An open way to the real network, for one run.
final class LiveChannel: ProbeChannel {
    typealias Waiter = CheckedContinuation<Void, Never>

    /// What only the run's task uses.
    private struct Sender {
        var builder: ProbePacketBuilder
        var packet: [UInt8] = []
        var sources: SourceCache
        /// The family that the hub was last asked to be ready for.
        var prepared: IPAddress.Family?
    }

    /// What the reactor and the run hand to one another.
    private struct Inbox {
        var arrivals: [Arrival] = []
        /// How many answers came while there was no room for them.
        var dropped = 0
        var waiter: Waiter?
        var deadline: Int64 = 0
        /// Whether an answer ends the waiting too, or only the time does.
        var isWaitingForArrivals = false
        /// Whether the run must come back although nothing has arrived.
        var isCalledBack = false
        /// Whether the run has been woken for an answer.
        var hasAnswered = false
    }

    /// What the channel is and how it works.
    let facts: ChannelFacts

    let hub: LiveHub
    private let openedAt: Int64
    /// The most answers that may lie here unread: a run that does not read must not fill the memory.
    private let limit: Int
    private let strayCount: Int
    private let payloadSize: UInt16?
    /// For how many nanoseconds answers lie here before the run is woken for them.
    private let gather: Int64
    private let sender: Lock<Sender>
    private let inbox = Lock(Inbox())
    private let number = Lock<(channel: UInt32, timer: Reactor.Handle)>((0, 0))

    init(_ hub: LiveHub, _ settings: ChannelSettings) {
        self.hub = hub
        openedAt = SystemClock.monotonic
        limit = max(4096, min(settings.capacity, 1 << 20) * 4)
        strayCount = hub.exchange.strays
        payloadSize = settings.payloadSize
        gather = settings.gather.wholeNanoseconds
        var facts = hub.builder.facts(mode: hub.mode.rawValue, openedAt: .now, settings)
        facts.flowLimit = hub.wire.flowLimit
        // The ports of flows follow each other.
        if let port = hub.options.sourcePort { facts.flowLimit = min(facts.flowLimit ?? .max, 65536 - Int(port)) }
        facts.hasSerialFlows = hub.wire.hasSerialFlows
        facts.identityLimit = ProbeRegistry.limit
        facts.gather = settings.gather
        self.facts = facts
        sender = Lock(Sender(builder: hub.builder, sources: SourceCache(hub.options)))
    }

    /// Takes its place in the hub's book and the reactor's; `close` gives both back.
    func attach(_ hold: ProbeRegistry.Hold) {
        let channel = hub.exchange.add(self, hold)
        let timer = hub.reactor.add(self)
        number.withLock { $0 = (channel, timer) }
    }

    /// The time since the channel was opened.
    var now: Duration { .nanoseconds(SystemClock.monotonic &- openedAt) }

    /// The packets that have come since the channel was opened and answered nobody's probe, and the answers for which there
    /// was no room.
    var counts: ChannelFacts.Counts {
        ChannelFacts.Counts(strays: hub.exchange.strays - strayCount, dropped: inbox.withLock { $0.dropped })
    }

    /// The facts with the sizes of packets to a target.
    func facts(for target: IPAddress) -> ChannelFacts {
        hub.builder.facts(facts, for: target.family, payloadSize: payloadSize)
    }

    /// The address that probes to a target are sent from.
    func source(for target: IPAddress) -> IPAddress? {
        sender.withLock { sender in try? sender.sources.source(for: target) }
    }

    // MARK: - Sending

    /// Sends probes in their order.
    func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
        // In a long batch microseconds do not matter, and stamps cost a third of the sending.
        let isStamped = hub.options.stamps == .kernel && probes.count <= 16
        var failures: [Probe.Failure] = []
        for probe in probes {
            var pause: Int64 = 250_000
            var waited: Int64 = 0
            while true {
                do throws(SystemError) {
                    if let failure = try send(probe, isStamped: isStamped) { failures.append(failure) }
                    break
                } catch {
                    // Something is full for the moment: it empties soon, or the probe is given up.
                    guard let patience = error.patience, waited < patience, !Task.isCancelled else {
                        let reason = hub.options.sending(error, to: probe.target)
                        failures.append(Probe.Failure(probe: probe.id, error: reason))
                        break
                    }
                    await wait(until: SystemClock.monotonic &+ pause, forArrivals: false)
                    waited += pause
                    pause = min(pause * 2, 32_000_000)
                }
            }
        }
        // Where many runs send, the reactor reads the stamps of several at once, before any answer.
        if isStamped, gather == 0 { hub.wire.readStamps() }
        return failures
    }

    private func send(_ probe: Probe, isStamped: Bool) throws(SystemError) -> Probe.Failure? {
        let channel = number.withLock { $0.channel }
        return try sender.withLock { sender throws(SystemError) in
            if sender.prepared != probe.target.family {
                do throws(ProbeError) {
                    try hub.options.check(hub.transport, probe.target)
                    try hub.wire.prepare(probe.target.family)
                    sender.prepared = probe.target.family
                } catch {
                    return Probe.Failure(probe: probe.id, error: error)
                }
            }
            let source = hub.needsSource(probe.target) ? try sender.sources.source(for: probe.target) : nil
            let unknown = probe.target.isV4 ? IPAddress(v4: 0) : IPAddress(v6: 0)
            guard
                let record = hub.exchange.enter(
                    probe, of: channel, &sender.builder, from: source ?? unknown, into: &sender.packet)
            else {
                return Probe.Failure(
                    probe: probe.id,
                    error: ProbeError(
                        .outOfResources, "Too many probes are out to tell their answers apart",
                        remedy: "Send more slowly"))
            }
            do throws(SystemError) {
                try hub.wire.send(sender.packet.span, record, probe, isStamped: isStamped)
            } catch {
                hub.exchange.withdraw(record)
                throw error
            }
            return nil
        }
    }

    /// None: what the system refuses, it refuses at once.
    func takeFailures() -> [Probe.Failure] { [] }

    // MARK: - Receiving

    /// Waits until something has arrived, a time has come, or the task was cancelled.
    func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
        let nanoseconds = deadline.wholeNanoseconds
        let (time, isBeyond) = openedAt.addingReportingOverflow(nanoseconds < .max ? nanoseconds + 1 : nanoseconds)
        let arrivals = takeArrivals()
        if !arrivals.isEmpty { return arrivals }
        await wait(until: isBeyond ? .max : time, forArrivals: true)
        return takeArrivals()
    }

    private func takeArrivals() -> [Arrival] {
        inbox.withLock { inbox in
            guard !inbox.arrivals.isEmpty else { return [] }
            let arrivals = inbox.arrivals
            inbox.arrivals = []
            return arrivals
        }
    }

    /// Waits for a time, and no longer than until the task is cancelled or, if so asked, something has arrived.
    private func wait(until deadline: Int64, forArrivals: Bool) async {
        guard SystemClock.monotonic < deadline, !Task.isCancelled else { return }
        let timer = number.withLock { $0.timer }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = inbox.withLock { inbox in
                    if forArrivals && !inbox.arrivals.isEmpty || inbox.isCalledBack {
                        inbox.isCalledBack = false
                        return true
                    }
                    inbox.waiter = continuation
                    inbox.deadline = deadline
                    inbox.isWaitingForArrivals = forArrivals
                    return false
                }
                if isReady { continuation.resume() } else { hub.reactor.call(timer, at: deadline) }
            }
        } onCancel: {
            callBack()
        }
    }

    /// Makes the run come back from waiting, now or when it next waits.
    private func callBack() {
        let waiter = inbox.withLock { inbox in
            inbox.isCalledBack = inbox.waiter == nil
            defer { inbox.waiter = nil }
            return inbox.waiter
        }
        waiter?.resume()
    }

    /// Takes in an answer; gives the run's continuation if it waits for one.
    func deliver(_ response: ProbeReply, to probe: Probe.ID, at time: Int64) -> Waiter? {
        let (waiter, wake) = inbox.withLock { inbox -> (Waiter?, Int64?) in
            guard inbox.arrivals.count < limit else {
                inbox.dropped += 1
                return (nil, nil)
            }
            inbox.arrivals.append(
                Arrival(probe: probe, at: .nanoseconds(max(0, time &- openedAt)), reply: response))
            guard inbox.isWaitingForArrivals, inbox.waiter != nil else { return (nil, nil) }
            // The first answer is what a person waits for.
            guard gather == 0 || !inbox.hasAnswered else {
                let due = SystemClock.monotonic &+ gather
                guard inbox.arrivals.count == 1, due < inbox.deadline else { return (nil, nil) }
                inbox.deadline = due
                return (nil, due)
            }
            inbox.hasAnswered = true
            defer { inbox.waiter = nil }
            return (inbox.waiter, nil)
        }
        if let wake { hub.reactor.call(number.withLock { $0.timer }, at: wake) }
        return waiter
    }

    /// Waits until a time.
    func sleep(until deadline: Duration) async { try? await Task.sleep(for: max(.zero, deadline - now)) }

    /// Gives everything back at once.
    func close() {
        let (channel, timer) = number.withLock { $0 }
        hub.exchange.remove(channel)
        hub.reactor.remove(timer: timer)
        LiveHub.release(hub)
    }
}

extension LiveChannel: ReactorTimer {
    /// Wakes the run if the time that it waits for has come, and is called again if not.
    func timeCame(_ now: Int64) {
        let (waiter, deadline) = inbox.withLock { inbox -> (Waiter?, Int64?) in
            guard inbox.waiter != nil else { return (nil, nil) }
            guard inbox.deadline <= now else { return (nil, inbox.deadline) }
            defer { inbox.waiter = nil }
            return (inbox.waiter, nil)
        }
        waiter?.resume()
        if let deadline { hub.reactor.call(number.withLock { $0.timer }, at: deadline) }
    }
}
