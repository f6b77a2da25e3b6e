/// The book of all probes that leave by one set of sockets: which channel sent each, and so which one gets its answer.
///
/// Any number of channels share it, so a thousand runs need no more sockets than one, and no two of their probes look
/// alike.
final class ProbeExchange: Sendable {
    struct State {
        var registry: ProbeRegistry
        var matcher: ReplyMatcher
        var judge: StampJudge
        var channels: [UInt32: LiveChannel] = [:]
        /// Runs that have something to read; they are woken when the book is closed again.
        var woken: [LiveChannel.Waiter] = []
    }

    private let state: Lock<State>

    init(_ builder: ProbePacketBuilder, allowsBroadcast: Bool, now: ClockSample) {
        // Classic probes begin with the first port; for others, the start of the count should not be guessable.
        let first = builder.identity.isClassic ? ProbeIdentity.classicRange - 1 : Int(UInt16.random(in: .min ... .max))
        var matcher = ReplyMatcher(builder)
        matcher.allowsBroadcast = allowsBroadcast
        state = Lock(
            State(
                registry: ProbeRegistry(
                    capacity: 1024, firstSerial: first, modulus: builder.identity.modulus,
                    findsUnnumbered: builder.identity.hasUnnumberedAnswers),
                matcher: matcher, judge: StampJudge(now)))
    }

    /// How many packets came that answered no probe.
    var strays: Int { state.withLock { $0.matcher.strays } }

    /// Whether a transport checksum must be right.
    func setChecksTransport(_ value: Bool) { state.withLock { $0.matcher.checksTransport = value } }

    // MARK: - Channels

    /// Takes in a channel, and gives the number that its probes are entered under.
    func add(_ channel: LiveChannel, _ hold: ProbeRegistry.Hold) -> UInt32 {
        state.withLock { state in
            let number = state.registry.open(hold)
            state.channels[number] = channel
            return number
        }
    }

    /// Forgets a channel: what answers its probes from now on is dropped.
    func remove(_ channel: UInt32) {
        state.withLock { state in
            state.registry.close(channel)
            state.channels[channel] = nil
        }
    }

    // MARK: - Probes

    /// Makes the packet of a probe and enters it; nil if too many are out to tell their answers apart.
    func enter(
        _ probe: Probe, of channel: UInt32, _ builder: inout ProbePacketBuilder, from source: IPAddress,
        into packet: inout [UInt8]
    ) -> ProbeRegistry.Record? {
        state.withLock { state in
            let now = SystemClock.monotonic
            guard let serial = state.registry.nextSerial(to: probe.target.withoutZone, at: now) else { return nil }
            var record = builder.build(probe, from: source, serial: serial, at: now, into: &packet)
            record.channel = channel
            state.registry.add(record)
            return record
        }
    }

    /// Takes back a probe that could not be sent.
    func withdraw(_ record: ProbeRegistry.Record) { state.withLock { $0.registry.withdraw(record.serial) } }

    // MARK: - Answers

    /// Opens the book for a batch of what was received, then wakes the runs that got something.
    func take(_ body: (inout State) -> Void) {
        let woken = state.withLock { state in
            state.judge.look(SystemClock.sample)
            body(&state)
            defer { state.woken.removeAll(keepingCapacity: true) }
            return state.woken
        }
        for waiter in woken { waiter.resume() }
    }
}

// MARK: - Whole batches

extension ProbeExchange {
    /// Takes what came as the data of datagrams, without a header: echo replies, or what listeners say.
    ///
    /// - Parameters:
    ///   - buffer: What was received.
    ///   - isEcho: Whether it is echo replies.
    ///   - port: The port that it came to, where all probes from there are of one flow; only then can answers be
    ///     accepted that repeat nothing of a probe.
    func takeData(in buffer: ReceiveBuffer, isEcho: Bool, to port: UInt16? = nil) {
        take { state in
            for index in 0..<buffer.count {
                let message = buffer.message(index)
                guard let peer = message.peer else { continue }
                var response = ProbeReply(
                    from: peer, rtt: .zero, kind: .other, ttl: message.ttl, trafficClass: message.trafficClass)
                let time = state.judge.arrival(message.stamp)
                let answer = buffer.withBytes(of: index) { data in
                    state.matcher.match(
                        data, isEcho ? .echoReply(from: peer) : .datagram(from: peer, port: message.peerPort, to: port),
                        at: time, in: state.registry, &response)
                }
                if let answer { state.deliver(response, to: answer) }
            }
        }
    }

    /// Takes errors that the system has put on a socket's queue, and hands on whatever else lies there.
    ///
    /// - Parameter match: Which probe an error answers, if any.
    func takeErrors(
        in buffer: ReceiveBuffer,
        _ match: (
            _ error: QueuedError, _ data: Span<UInt8>, _ at: ArrivalTime, _ state: inout State, inout ProbeReply
        ) -> ReplyMatcher.Match?,
        other: (ReceivedMessage, inout State) -> Void = { _, _ in }
    ) {
        take { state in
            for index in 0..<buffer.count {
                let message = buffer.message(index)
                guard let error = message.error else {
                    other(message, &state)
                    continue
                }
                var response = ProbeReply(
                    from: error.offender, rtt: .zero, kind: .other, ttl: message.ttl,
                    trafficClass: message.trafficClass)
                let time = state.judge.arrival(message.stamp)
                let answer = buffer.withBytes(of: index) { data in match(error, data, time, &state, &response) }
                if let answer { state.deliver(response, to: answer) }
            }
        }
    }
}

extension ProbeExchange.State {
    /// Takes note of the kernel's stamp of a probe that left.
    mutating func stamp(_ serial: UInt32, _ stamp: Int64) {
        if let time = judge.time(of: stamp) { registry.stamp(serial, at: time) }
    }

    /// Hands an answer to the channel whose probe it answers.
    mutating func deliver(_ response: ProbeReply, to answer: ReplyMatcher.Match) {
        registry.settle(answer.record.serial, as: response.kind)
        guard let channel = channels[answer.record.channel] else { return }
        if let waiter = channel.deliver(response, to: answer.record.probe, at: answer.time) { woken.append(waiter) }
    }
}
