/// TCP probes without a privilege: a connection attempt for each, with its TTL set.
///
/// The system sends the request again after a second, which would make a lost probe look like a slow one. So an
/// attempt is given up just before that: one probe is one packet.
///
/// Where flows are kept, each has a source port, and so one attempt at a time: the next one ends that before.
final class ConnectWire: LiveWire, ReactorSource, ReactorTimer {
    private struct Attempt {
        let socket: SystemSocket
        let record: ProbeRegistry.Record
        let target: IPAddress
        let lane: Lane?
    }

    /// A flow to a target, by its source port.
    private struct Lane: Hashable {
        let port: UInt16
        let target: IPAddress
    }

    private struct State {
        var lanes: [Lane: UInt32] = [:]
        var attempts: [UInt32: Attempt] = [:]
        var lastSlot: UInt32 = 0
        /// In the order of sending, which is that of their ends.
        var ends = Queue<(at: Int64, slot: UInt32)>()
    }

    /// How long an attempt may last: the first retransmission comes after a second (RFC 6298, 2.1).
    private static let life: Int64 = 980_000_000

    private let builder: ProbePacketBuilder
    private let options: LiveProber.Options
    private let exchange: ProbeExchange
    private let reactor: Reactor
    /// How many attempts may be out: some descriptors are left to the rest of the program, which may stop without them.
    private let mostAttempts: Int
    private let state = Lock(State())
    private let handles = Lock<(source: Reactor.Handle, timer: Reactor.Handle)>((0, 0))

    init(_ builder: ProbePacketBuilder, _ options: LiveProber.Options, _ exchange: ProbeExchange, _ reactor: Reactor) {
        self.builder = builder
        self.options = options
        self.exchange = exchange
        self.reactor = reactor
        let limit = SystemSocket.descriptorLimit
        mostAttempts = max(1, limit - max(limit / 4, min(64, limit / 2)))
    }

    func prepare(_ family: IPAddress.Family) throws(ProbeError) {
        guard options.sourcePort == nil else {
            throw ProbeError(
                .badSetting,
                "A fixed source port for TCP probes needs raw packets: the system gives each connection "
                    + "a port of its own", remedy: "Run it with CAP_NET_RAW, or give no source port")
        }
        guard options.packets.trafficClass & 3 == 0 else {
            throw ProbeError(
                .badSetting,
                "The ECN bits (the lower two of the class) of TCP probes need raw packets: the system sets those of "
                    + "its connections itself",
                remedy: "Run it with CAP_NET_RAW, or give the class "
                    + "\(options.packets.trafficClass & ~3), which has none of them")
        }
        let isNew = handles.withLock { handles in
            guard handles.source == 0 else { return false }
            handles = (reactor.add(self as any ReactorSource), reactor.add(self as any ReactorTimer))
            return true
        }
        guard isNew else { return }
        do {
            // Tried once, so that a source or an interface that is not there is known before anything is sent.
            _ = try open(family, ttl: 64, port: nil)
        } catch {
            throw options.opening(error, "a socket for TCP")
        }
    }

    var hasSerialFlows: Bool { options.keepsFlows }

    private func open(
        _ family: IPAddress.Family, ttl: UInt8, port: UInt16?
    ) throws(SystemError) -> SystemSocket {
        let socket = try SystemSocket(.stream, family)
        try socket.reportErrors()
        try socket.reportHeaders()
        if options.stamps == .kernel { try socket.reportStamps(ofSent: false) }
        try socket.setTTL(ttl)
        try socket.setTrafficClass(options.packets.trafficClass)
        try socket.setDontFragment(options.packets.dontFragment)
        try options.direct(socket)
        let source = options.source(of: family)
        if port != nil { try socket.shareAddress() }
        // Attempts of one flow have one label: the one that was asked for, or none.
        if family == .v6, let label = options.packets.flowLabel ?? (port == nil ? nil : 0) {
            try socket.use(flowLabel: label)
        }
        if source != nil || port != nil { try socket.bind(to: source, port: port ?? 0) }
        // Whatever becomes of it, it ends at once and leaves nothing behind.
        socket.abort()
        return socket
    }

    func send(
        _ packet: Span<UInt8>, _ record: ProbeRegistry.Record, _ probe: Probe, isStamped: Bool
    ) throws(SystemError) {
        var lane: Lane?
        if options.keepsFlows {
            let new = Lane(port: builder.identity.sourcePort(of: probe.flow), target: probe.target)
            // Its socket goes here, so that the port is free.
            if let last = state.withLock({ $0.lanes.removeValue(forKey: new) }) { drop(last) }
            lane = new
        }
        guard state.withLock({ $0.attempts.count }) < mostAttempts else { throw .noDescriptors }
        let socket = try open(probe.target.family, ttl: probe.ttl, port: lane?.port)
        // Making a socket takes longer than the way through the system; the probe's time begins here.
        let now = SystemClock.monotonic
        var record = record
        record.sentAt = now
        let slot = state.withLock { [record, lane] state in
            repeat { state.lastSlot &+= 1 } while state.attempts[state.lastSlot] != nil
            state.attempts[state.lastSlot] = Attempt(
                socket: socket, record: record, target: probe.target, lane: lane)
            if let lane { state.lanes[lane] = state.lastSlot }
            state.ends.append((now &+ Self.life, state.lastSlot))
            return state.lastSlot
        }
        do {
            try socket.connect(
                to: probe.target, port: record.destinationPort, flowLabel: options.packets.flowLabel ?? 0)
        } catch {
            if error == .refused {
                finish(slot, .closed, at: SystemClock.monotonic)
                return
            }
            guard error == .inProgress else {
                drop(slot)
                throw error
            }
        }
        let (source, timer) = handles.withLock { $0 }
        do {
            try reactor.watch(socket, for: source, slot: slot, isConnecting: true)
        } catch {
            drop(slot)
            throw error
        }
        reactor.call(timer, at: now &+ Self.life)
    }

    // MARK: - What comes back

    func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer) {
        let now = SystemClock.monotonic
        guard let attempt = state.withLock({ $0.attempts[event.slot] }) else { return }
        if event.isError, attempt.socket.receive(into: buffer, fromErrorQueue: true), buffer.count > 0 {
            if takeErrors(buffer, attempt) {
                drop(event.slot)
                return
            }
        }
        if let error = attempt.socket.pendingError {
            if error == .refused { finish(event.slot, .closed, at: now) } else { drop(event.slot) }
        } else if event.isWritable {
            // The kernel has measured the handshake itself, where it was not busy with something else before us.
            let measured = attempt.socket.handshakeTime
            let time = measured.map { min(now, attempt.record.sentAt &+ $0) } ?? now
            finish(event.slot, .open, at: time)
        }
    }

    private func takeErrors(_ buffer: ReceiveBuffer, _ attempt: Attempt) -> Bool {
        var isAnswered = false
        exchange.takeErrors(in: buffer) { error, data, time, state, response in
            let answer = state.matcher.match(error, data, to: attempt.record, at: time, &response)
            if answer != nil { isAnswered = true }
            return answer
        }
        return isAnswered
    }

    /// The target has answered: with a connection or a refusal.
    private func finish(_ slot: UInt32, _ kind: ReplyKind, at time: Int64) {
        guard let attempt = remove(slot) else { return }
        exchange.take { state in
            var response = ProbeReply(from: attempt.target, rtt: .zero, kind: kind)
            if let answer = state.matcher.settle(attempt.record, at: ArrivalTime(time), &response) {
                state.deliver(response, to: answer)
            }
        }
    }

    private func drop(_ slot: UInt32) { _ = remove(slot) }

    private func remove(_ slot: UInt32) -> Attempt? {
        state.withLock { Self.remove(slot, from: &$0) }
    }

    private static func remove(_ slot: UInt32, from state: inout State) -> Attempt? {
        let attempt = state.attempts.removeValue(forKey: slot)
        if let lane = attempt?.lane, state.lanes[lane] == slot { state.lanes[lane] = nil }
        return attempt
    }

    func timeCame(_ now: Int64) {
        var ended: [Attempt] = []
        let next = state.withLock { state -> Int64? in
            while let end = state.ends.popFirst(where: { $0.at <= now }) {
                if let attempt = Self.remove(end.slot, from: &state) { ended.append(attempt) }
            }
            return state.ends.first?.at
        }
        // Closed here, outside the lock.
        ended.removeAll()
        if let next { reactor.call(handles.withLock { $0.timer }, at: next) }
    }

    func close() {
        let (source, timer) = handles.withLock { $0 }
        reactor.remove(source)
        reactor.remove(timer: timer)
        state.withLock { $0 = State() }
    }
}
