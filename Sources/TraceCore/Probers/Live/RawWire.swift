/// Probes as raw packets: every byte is ours, and whole packets come back.
///
/// One socket sends and others receive. So the stamps of what was sent, which are on the sending socket's error
/// queue, wake no thread: they are read after sending and before the answers are.
final class RawWire: LiveWire, ReactorSource {
    /// The sockets of one address family.
    private struct Lane {
        let sending: StampedSocket
        let icmp: SystemSocket
        let tcp: SystemSocket?
        /// Keeps other programs from the port that UDP probes of flow 0 come from, and receives what a listener sends
        /// there.
        let reserved: SystemSocket?
    }

    private enum Slot: UInt32 {
        case icmpV4, icmpV6, tcpV4, tcpV6, udpV4, udpV6

        /// Where the slots of further flows' sockets begin.
        static let flows: UInt32 = 6
    }

    private struct State {
        var v4: Lane?
        var v6: Lane?
        /// What does the same for other flows; slots count on from the lanes'.
        var reserved: [(socket: SystemSocket, port: UInt16)] = []
        var flows: Set<UInt32> = []
    }

    /// The most flows that have a socket of their own; what a listener says to others is not heard.
    private let socketLimit = min(512, SystemSocket.descriptorLimit / 4)

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
        // Packets that never left this machine have no transport checksum yet.
        exchange.setChecksTransport(false)
    }

    func prepare(_ family: IPAddress.Family) throws(ProbeError) {
        try state.withLock { state throws(ProbeError) in
            if (family == .v4 ? state.v4 : state.v6) != nil { return }
            let lane: Lane
            do throws(SystemError) {
                lane = try open(family)
            } catch {
                throw options.opening(error, "a raw socket")
            }
            if family == .v4 { state.v4 = lane } else { state.v6 = lane }
        }
    }

    private func open(_ family: IPAddress.Family) throws(SystemError) -> Lane {
        let source = options.source(of: family)
        let sending = try SystemSocket(.rawSending, family)
        try sending.writeHeaders()
        // Or the system drops what is larger than it has learnt of the path, and the network is never asked.
        if options.packets.dontFragment { try sending.setDontFragment(true) }
        // Without it a full queue drops packets silently.
        try sending.reportErrors()
        if options.stamps == .kernel { try sending.reportStamps(ofSent: true) }
        try options.direct(sending)
        // A foreign address is refused here, and not sent.
        if let source { try sending.bind(to: source, port: 0) }

        let icmp = try receiver(.rawICMP, family)
        try icmp.admit(types: family == .v4 ? [0, 3, 11, 12] : [1, 2, 3, 4, 129])
        var tcp: SystemSocket?
        var reserved: SystemSocket?
        switch builder.identity.transport.kind {
        case .icmp: break
        case .tcp:
            let socket = try receiver(.rawTCP, family)
            try socket.admitHandshakes()
            tcp = socket
        case .udp:
            reserved = try reserve(family, flow: 0)
        }
        let isV4 = family == .v4
        try seat.watch(icmp, of: self, slot: (isV4 ? Slot.icmpV4 : .icmpV6).rawValue)
        if let tcp { try seat.watch(tcp, of: self, slot: (isV4 ? Slot.tcpV4 : .tcpV6).rawValue) }
        if let reserved { try seat.watch(reserved, of: self, slot: (isV4 ? Slot.udpV4 : .udpV6).rawValue) }
        return Lane(sending: StampedSocket(sending), icmp: icmp, tcp: tcp, reserved: reserved)
    }

    private func reserve(_ family: IPAddress.Family, flow: UInt16) throws(SystemError) -> SystemSocket {
        let socket = try SystemSocket(.datagram, family)
        try socket.useOwnFamilyOnly()
        try socket.reportHeaders()
        if options.stamps == .kernel { try socket.reportStamps(ofSent: false) }
        let source = options.source(of: family)
        try socket.bind(to: source, port: builder.identity.sourcePort(of: flow))
        return socket
    }

    /// Hears what listeners say to another flow than the first; where its port cannot be had, nothing is heard.
    private func hear(_ family: IPAddress.Family, flow: UInt16) {
        state.withLock { state in
            guard state.flows.count < socketLimit,
                state.flows.insert(UInt32(flow) << 8 | UInt32(family.rawValue)).inserted,
                let socket = try? reserve(family, flow: flow)
            else { return }
            let slot = Slot.flows + UInt32(state.reserved.count)
            state.reserved.append((socket, builder.identity.sourcePort(of: flow)))
            try? seat.watch(socket, of: self, slot: slot)
        }
    }

    private func receiver(
        _ kind: SystemSocket.Kind, _ family: IPAddress.Family
    ) throws(SystemError) -> SystemSocket {
        let socket = try SystemSocket(kind, family)
        if family == .v6 { try socket.reportHeaders() }
        if options.stamps == .kernel { try socket.reportStamps(ofSent: false) }
        socket.reserve(receiving: 16 << 20)
        return socket
    }

    private func lane(_ family: IPAddress.Family) -> Lane? {
        state.withLock { family == .v4 ? $0.v4 : $0.v6 }
    }

    func send(
        _ packet: Span<UInt8>, _ record: ProbeRegistry.Record, _ probe: Probe, isStamped: Bool
    ) throws(SystemError) {
        guard let lane = lane(probe.target.family) else { throw .invalid }
        if probe.flow != 0, lane.reserved != nil { hear(probe.target.family, flow: probe.flow) }
        let stamp = isStamped ? UInt32(truncatingIfNeeded: record.serial) : nil
        // IPv6 is asked before: of what does not fit the system tells by an ICMP message of its own, which would be
        // taken for an answer. Every link takes 1280 bytes.
        if probe.target.isV6, packet.count > 1280, let fragments = try fragments(of: packet, to: probe.target) {
            return try send(fragments, to: probe.target, by: lane.sending, stampedAs: stamp)
        }
        do {
            // A raw socket takes no port: the packet has it.
            try lane.sending.send(packet, to: probe.target, port: 0, SystemSocket.Dispatch(), stampedAs: stamp)
        } catch {
            guard error == .tooLarge, let fragments = try fragments(of: packet, to: probe.target) else { throw error }
            try send(fragments, to: probe.target, by: lane.sending, stampedAs: stamp)
        }
    }

    /// Cuts a packet that does not fit the way to its target, unless that is forbidden: the system fragments none whose
    /// headers it did not write.
    private func fragments(of packet: Span<UInt8>, to target: IPAddress) throws(SystemError) -> [[UInt8]]? {
        guard !options.packets.dontFragment, let mtu = try options.connectedSocket(to: target).pathMTU,
            packet.count > mtu
        else { return nil }
        return IPFragment.cut(packet, mtu: mtu, identification: UInt32.random(in: 1 ... .max))
    }

    private func send(
        _ fragments: [[UInt8]], to target: IPAddress, by socket: StampedSocket, stampedAs stamp: UInt32?
    ) throws(SystemError) {
        // The probe left when its first fragment did, which is the one that routers answer and quote.
        var stamp = stamp
        for fragment in fragments {
            try socket.send(fragment.span, to: target, port: 0, SystemSocket.Dispatch(), stampedAs: stamp)
            stamp = nil
        }
    }

    func readStamps() {
        let lanes = state.withLock { [$0.v4, $0.v6] }
        for lane in lanes {
            guard let sending = lane?.sending else { continue }
            var stamps: [(UInt32, Int64)] = []
            sending.socket.readStamps { id, stamp in
                if let serial = sending.serial(of: id) { stamps.append((serial, stamp)) }
            }
            guard !stamps.isEmpty else { continue }
            exchange.take { state in
                for (serial, stamp) in stamps { state.stamp(serial, stamp) }
            }
        }
    }

    // MARK: - What comes back

    func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer) {
        guard let slot = Slot(rawValue: event.slot) else {
            let flow = state.withLock { state -> (socket: SystemSocket, port: UInt16)? in
                let index = Int(event.slot) - Int(Slot.flows)
                return state.reserved.indices.contains(index) ? state.reserved[index] : nil
            }
            flow?.socket.drain(into: buffer) { [port = flow?.port] in
                exchange.takeData(in: buffer, isEcho: false, to: port)
            }
            return
        }
        let family: IPAddress.Family
        switch slot {
        case .icmpV4, .tcpV4, .udpV4: family = .v4
        case .icmpV6, .tcpV6, .udpV6: family = .v6
        }
        guard let lane = lane(family) else { return }
        if options.stamps == .kernel { readStamps() }
        switch slot {
        case .icmpV4, .icmpV6: receivePackets(lane.icmp, .icmp(for: family), buffer)
        case .tcpV4, .tcpV6: if let tcp = lane.tcp { receivePackets(tcp, .tcp, buffer) }
        case .udpV4, .udpV6:
            lane.reserved?.drain(into: buffer) {
                exchange.takeData(in: buffer, isEcho: false, to: builder.identity.sourcePort(of: 0))
            }
        }
    }

    private func receivePackets(_ socket: SystemSocket, _ proto: IPProtocol, _ buffer: ReceiveBuffer) {
        socket.drain(into: buffer) {
            exchange.take { state in
                for index in 0..<buffer.count { take(index, socket.family, proto, buffer, &state) }
            }
        }
    }

    private func take(
        _ index: Int, _ family: IPAddress.Family, _ proto: IPProtocol, _ buffer: ReceiveBuffer,
        _ state: inout ProbeExchange.State
    ) {
        let message = buffer.message(index)
        let time = state.judge.arrival(message.stamp)
        var response = ProbeReply(from: IPAddress(v4: 0), rtt: .zero, kind: .other)
        let match = { (packet: Span<UInt8>) in
            state.matcher.match(packet, .packet(to: nil), at: time, in: state.registry, &response)
        }
        let answer: ReplyMatcher.Match?
        if family == .v4 {
            answer = buffer.withBytes(of: index, match)
        } else {
            // IPv6 hands up no header; what was in it came beside the packet.
            guard let peer = message.peer, let destination = message.destination else { return }
            let header = IPv6Header(
                source: peer, destination: destination, nextHeader: proto, hopLimit: message.ttl ?? 0,
                payloadLength: UInt16(clamping: message.length), trafficClass: message.trafficClass ?? 0)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(IPv6Header.length)
            header.append(to: &bytes)
            answer = buffer.withBytes(of: index, after: bytes, match)
        }
        // Packets carry no zone, and without one a link-local address means nothing.
        if family == .v6, let peer = message.peer { response.from = peer }
        if let answer { state.deliver(response, to: answer) }
    }

    func close() {
        seat.leave()
        state.withLock { $0 = State() }
    }
}
