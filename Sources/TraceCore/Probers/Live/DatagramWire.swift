/// Probes by ordinary sockets: UDP for everybody, ICMP where the system admits the user's group.
///
/// The system writes the headers. What comes back is on the sockets' error queues, where it also puts the stamps of
/// what was sent.
final class DatagramWire: LiveWire, ReactorSource {
    private struct Lane: Hashable {
        let family: IPAddress.Family
        /// Which flow's source port it has; ICMP and classic probes need but one.
        let flow: UInt16
    }

    private struct State {
        var lanes: [Lane: StampedSocket] = [:]
        var slots: [StampedSocket] = []
    }

    /// The most flows that have a socket of their own; beyond, flows share ports.
    private static let flowLimit: UInt16 = 512

    var flowLimit: Int? { isEcho ? nil : Int(Self.flowLimit) }

    private let builder: ProbePacketBuilder
    private let options: LiveProber.Options
    private let exchange: ProbeExchange
    private let seat: ReactorSeat
    private let state = Lock(State())

    init(_ builder: ProbePacketBuilder, _ options: LiveProber.Options, _ exchange: ProbeExchange, _ reactor: Reactor) {
        self.builder = builder
        self.options = options
        self.exchange = exchange
        seat = ReactorSeat(in: reactor)
    }

    private var isEcho: Bool { builder.identity.transport.kind == .icmp }

    func prepare(_ family: IPAddress.Family) throws(ProbeError) { _ = try lane(family, flow: 0) }

    private func lane(_ family: IPAddress.Family, flow: UInt16) throws(ProbeError) -> StampedSocket {
        let lane = Lane(
            family: family, flow: isEcho || builder.identity.isClassic ? 0 : flow % Self.flowLimit)
        return try state.withLock { state throws(ProbeError) in
            if let socket = state.lanes[lane] { return socket }
            let socket = try open(lane, slot: UInt32(state.slots.count))
            state.lanes[lane] = socket
            state.slots.append(socket)
            return socket
        }
    }

    private func open(_ lane: Lane, slot: UInt32) throws(ProbeError) -> StampedSocket {
        let socket: SystemSocket
        do {
            socket = try SystemSocket(isEcho ? .echo : .datagram, lane.family)
        } catch {
            guard isEcho, error.isPermission else {
                throw error.opening(isEcho ? "a socket for ICMP" : "a socket for UDP")
            }
            throw ProbeError(
                .notPermitted, "This user may not send ICMP echo requests",
                remedy: "Let an administrator run: sysctl -w net.ipv4.ping_group_range=\"0 2147483647\" (for all) or "
                    + "setcap cap_net_raw+ep PROGRAM (for one program); UDP and TCP probes need neither",
                systemError: error.number)
        }
        do {
            try socket.reportErrors()
            try socket.reportHeaders()
            try socket.useOwnFamilyOnly()
            if options.stamps == .kernel { try socket.reportStamps(ofSent: true) }
            socket.reserve(receiving: 4 << 20)
            try socket.setDontFragment(options.packets.dontFragment)
            try options.direct(socket)
            let source = options.source(of: lane.family)
            let port = isEcho ? builder.identity.identifier : builder.identity.sourcePort(of: lane.flow)
            try bind(socket, source, port)
            if let label = options.packets.flowLabel, lane.family == .v6 { try socket.use(flowLabel: label) }
            try seat.watch(socket, of: self, slot: slot)
        } catch {
            throw options.opening(error, isEcho ? "a socket for ICMP" : "a socket for UDP")
        }
        return StampedSocket(socket)
    }

    /// Binds to the port that packets are made for; if another family's socket was luckier, to any.
    private func bind(_ socket: SystemSocket, _ source: IPAddress?, _ port: UInt16) throws(SystemError) {
        do {
            try socket.bind(to: source, port: port)
        } catch {
            guard error == .addressInUse, options.sourcePort == nil, seat.isTaken else { throw error }
            try socket.bind(to: source, port: 0)
        }
    }

    func send(
        _ packet: Span<UInt8>, _ record: ProbeRegistry.Record, _ probe: Probe, isStamped: Bool
    ) throws(SystemError) {
        let socket: StampedSocket
        do {
            socket = try lane(probe.target.family, flow: probe.flow)
        } catch {
            throw SystemError(number: error.systemError ?? SystemError.invalid.number)
        }
        let header = probe.target.isV4 ? IPv4Header.minimumLength : IPv6Header.length
        let start = isEcho ? header : header + UDPHeader.length
        try socket.send(
            packet.extracting(start..<packet.count), to: probe.target, port: isEcho ? 0 : record.destinationPort,
            SystemSocket.Dispatch(
                ttl: probe.ttl, trafficClass: options.packets.trafficClass,
                flowLabel: probe.target.isV6 ? options.packets.flowLabel ?? 0 : 0),
            stampedAs: isStamped ? UInt32(truncatingIfNeeded: record.serial) : nil)
    }

    // MARK: - What comes back

    func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer) {
        let socket = state.withLock { state in
            Int(event.slot) < state.slots.count ? state.slots[Int(event.slot)] : nil
        }
        guard let socket else { return }
        if event.isError {
            let hasRead = socket.socket.drain(fromErrorQueue: true, into: buffer) { takeErrors(buffer, socket) }
            // An error with nothing on the queue would be reported again and again.
            if !hasRead { _ = socket.socket.pendingError }
        }
        guard event.isReadable else { return }
        socket.socket.drain(into: buffer) { exchange.takeData(in: buffer, isEcho: isEcho) }
    }

    private func takeErrors(_ buffer: ReceiveBuffer, _ socket: StampedSocket) {
        exchange.takeErrors(in: buffer) { error, data, time, state, response in
            state.matcher.match(data, .error(error), at: time, in: state.registry, &response)
        } other: { message, state in
            if let (id, stamp) = message.sentStamp, let serial = socket.serial(of: id) { state.stamp(serial, stamp) }
        }
    }

    func close() {
        seat.leave()
        state.withLock { $0 = State() }
    }
}

extension LiveProber.Options {
    /// Lets what a socket sends take the way that was asked for.
    func direct(_ socket: SystemSocket) throws(SystemError) {
        if let mark { try socket.mark(mark) }
        if allowsBroadcast { try socket.allowBroadcast() }
        if let interface { try socket.bind(toInterface: interface) }
    }

    /// What kept a packet from being sent; to ask what would have fit costs a socket, once it has failed anyway.
    func sending(_ error: SystemError, to target: IPAddress) -> ProbeError {
        error.sending(to: target, mtu: error == .tooLarge ? try? connectedSocket(to: target).pathMTU : nil)
    }

    /// What kept a socket from being set up as these options want it.
    func opening(_ error: SystemError, _ what: String) -> ProbeError {
        if error == .addressInUse, let sourcePort {
            return ProbeError(
                .badSetting, "The source port \(sourcePort) is in use by another program", remedy: "Give another one",
                systemError: error.number)
        }
        if error == .notAvailable, let source {
            return ProbeError(
                .badSetting, "\(source) is not an address of this machine, so nothing can be sent from it",
                remedy: "Give one of its own", systemError: error.number)
        }
        if error == .noDevice, let interface {
            return ProbeError(
                .badSetting, "There is no interface \"\(UntrustedText(interface))\"", systemError: error.number)
        }
        if error == .notPermitted, let mark {
            return ProbeError(
                .notPermitted, "This process may not set the mark \(mark) on its packets",
                remedy: "Run it as root or let it with setcap cap_net_raw,cap_net_admin+ep PROGRAM, or give no mark",
                systemError: error.number)
        }
        return error.opening(what)
    }
}
