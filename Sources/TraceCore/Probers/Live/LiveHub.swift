/// One set of sockets and one book for all channels with the same options, for as long as there is such a channel.
final class LiveHub: Sendable {
    /// What two channels must have in common to share their sockets.
    private struct Key: Hashable {
        let transport: ProbeTransport
        let mode: LiveProber.Options.Mode
        let options: LiveProber.Options
    }

    private struct Entry {
        let hub: LiveHub
        var users: Int
    }

    private static let hubs = Lock<[Key: Entry]>([:])

    let transport: ProbeTransport
    let options: LiveProber.Options
    /// Raw or unprivileged, whichever it came to.
    let mode: LiveProber.Options.Mode
    let builder: ProbePacketBuilder
    let exchange: ProbeExchange
    let reactor: Reactor
    let wire: any LiveWire

    /// The hub for a channel, which must be released by it.
    static func acquire(
        _ transport: ProbeTransport, _ options: LiveProber.Options, _ family: IPAddress.Family?
    ) throws(ProbeError) -> LiveHub {
        let mode = try resolve(options.mode, family ?? .v4)
        let key = Key(transport: transport, mode: mode, options: options)
        let hub = try hubs.withLock { hubs throws(ProbeError) in
            if let hub = hubs[key]?.hub {
                hubs[key]?.users += 1
                return hub
            }
            let reactor = try acquireReactor()
            let hub: LiveHub
            do throws(ProbeError) {
                hub = try LiveHub(transport, options, mode, family, reactor)
            } catch {
                reactor.release()
                throw error
            }
            hubs[key] = Entry(hub: hub, users: 1)
            return hub
        }
        do {
            // Without a target too: what the system forbids must be known before anything is sent.
            try hub.wire.prepare(family ?? .v4)
        } catch {
            release(hub)
            throw error
        }
        return hub
    }

    /// Gives a hub back. Its last user closes it.
    static func release(_ hub: LiveHub) {
        hubs.withLock { hubs in
            let key = Key(transport: hub.transport, mode: hub.mode, options: hub.options)
            guard let users = hubs[key]?.users else { return }
            hubs[key]?.users = users - 1
            guard users == 1 else { return }
            hubs[key] = nil
            // Within the lock, so that the next one with the same options finds its ports free.
            hub.wire.close()
            hub.reactor.release()
        }
    }

    private static func acquireReactor() throws(ProbeError) -> Reactor {
        do {
            return try Reactor.acquire()
        } catch {
            guard error == .again else { throw error.opening("what waits for answers") }
            throw ProbeError(
                .outOfResources, "There is no thread to wait for answers",
                remedy: "Allow this user or this container more threads", systemError: error.number)
        }
    }

    /// How many hubs are open.
    static var openCount: Int { hubs.withLock { $0.count } }

    /// Which way is taken: raw packets where this process may send them.
    private static func resolve(
        _ mode: LiveProber.Options.Mode, _ family: IPAddress.Family
    ) throws(ProbeError) -> LiveProber.Options.Mode {
        if mode == .unprivileged { return mode }
        do throws(SystemError) {
            _ = try SystemSocket(.rawSending, family)
            return .raw
        } catch {
            if mode == .automatic { return .unprivileged }
            if error.isPermission {
                throw ProbeError(
                    .notPermitted, "This process may not send raw packets",
                    remedy: "Run it as root or let it with setcap cap_net_raw+ep PROGRAM; the other modes need neither",
                    systemError: error.number)
            }
            throw error.opening("a raw socket")
        }
    }

    private init(
        _ transport: ProbeTransport, _ options: LiveProber.Options, _ mode: LiveProber.Options.Mode,
        _ family: IPAddress.Family?,
        _ reactor: Reactor
    ) throws(ProbeError) {
        self.transport = transport
        self.options = options
        self.mode = mode
        self.reactor = reactor
        var packets = options.packets
        if packets.identity == .automatic { packets.identity = mode == .raw ? .paris : .classic }
        if packets.identity == .dublin, mode != .raw, transport.kind == .udp {
            throw ProbeError(
                .notPermitted, "The identity of a probe can only be written into the IP header in raw packets",
                remedy: "Run it with CAP_NET_RAW, or ask for the identity classic or paris")
        }
        // Another process may have taken an identity already; there are 32,768 of them.
        var triesLeft = 16
        while true {
            let random = UInt64.random(in: 0...UInt64.max)
            let builder = ProbePacketBuilder(
                transport, packets, identifier: UInt16(truncatingIfNeeded: random),
                cookie: UInt32(truncatingIfNeeded: random >> 16), sourcePort: options.sourcePort)
            let exchange = ProbeExchange(
                builder, allowsBroadcast: options.allowsBroadcast, now: SystemClock.sample)
            let wire: any LiveWire =
                switch (mode, transport.kind) {
                case (.raw, _): RawWire(builder, options, exchange, reactor)
                case (_, .tcp): ConnectWire(builder, options, exchange, reactor)
                default: DatagramWire(builder, options, exchange, reactor)
                }
            do throws(ProbeError) {
                try wire.prepare(family ?? .v4)
            } catch {
                wire.close()
                triesLeft -= 1
                if error.systemError == SystemError.addressInUse.number, options.sourcePort == nil, triesLeft > 0 {
                    continue
                }
                throw error
            }
            self.builder = builder
            self.exchange = exchange
            self.wire = wire
            return
        }
    }

    /// Whether a probe's packet cannot be made without knowing where it is sent from.
    ///
    /// The system fills in IPv4's source itself, and ICMP's checksum does not cover it.
    func needsSource(_ target: IPAddress) -> Bool {
        mode == .raw && (target.isV6 || transport.kind != .icmp || options.source != nil)
    }
}
