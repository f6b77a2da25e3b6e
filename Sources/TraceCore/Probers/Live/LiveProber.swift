/// Probes the real network, by ICMP, UDP or TCP, with no privilege where the system allows it.
///
/// ```swift
/// let trace = try await PathTracer(.udp).trace("example.com")
/// ```
///
/// Runs with the same transport and options share their sockets, however many there are. Only TCP probes without a
/// privilege take a descriptor each while they are out. Where the process has none left, they are reported as not sent;
/// ``raiseDescriptorLimit()`` gives it as many as it is allowed.
public struct LiveProber: Prober {
    /// What the probes are.
    public let transport: ProbeTransport
    /// How they are sent.
    public var options: LiveProber.Options
    /// Finds addresses and names.
    public var resolver: any NameResolver

    /// A prober of the real network.
    public init(
        _ transport: ProbeTransport, options: LiveProber.Options = LiveProber.Options(),
        resolver: any NameResolver = SystemResolver.shared
    ) {
        self.transport = transport
        self.options = options
        self.resolver = resolver
    }

    /// Raises this process's limit of open descriptors as far as the system allows without a privilege.
    ///
    /// The limit is the whole process's, so that the library never changes it by itself. A program that has many TCP
    /// probes out without a privilege calls this once, before its first run.
    public static func raiseDescriptorLimit() { SystemSocket.raiseDescriptorLimit() }

    /// Opens a channel to the network.
    ///
    /// - Throws: `notPermitted` where the system does not let this user do it, with what would; `noRoute` for a
    ///   target that no way leads to.
    public func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
        var options = options
        if settings.variesSize {
            options.packets.dontFragment = true
            // Its numbers are the lengths of IPv6 packets.
            if options.packets.identity == .dublin { options.packets.identity = .automatic }
        }
        try options.check(transport, settings.target)
        if settings.keepsFlows { options = try options.keepingFlows(transport) }
        let hub = try LiveHub.acquire(transport, options, settings.target?.family)
        if settings.variesSize, transport.kind == .tcp, hub.mode == .unprivileged {
            LiveHub.release(hub)
            throw ProbeError(
                .unsupported, "The system's connection requests are empty, so TCP probes cannot be made larger",
                remedy: "Ask by UDP or ICMP, or run it with CAP_NET_RAW")
        }
        let channel = LiveChannel(hub, settings)
        channel.attach(ProbeRegistry.Hold(settings))
        guard let target = settings.target else { return channel }
        do throws(SystemError) {
            var sources = SourceCache(options)
            _ = try sources.source(for: target)
        } catch {
            channel.close()
            throw error.sending(to: target)
        }
        return channel
    }
}

extension LiveProber.Options {
    /// Refuses what cannot be done, before anything is opened.
    func check(_ transport: ProbeTransport, _ target: IPAddress?) throws(ProbeError) {
        if let source, let target, source.family != target.family {
            throw ProbeError(
                .badSetting, "\(target) cannot be probed from \(source): one is IPv4 and the other IPv6",
                remedy: "Give a source address of the target's family")
        }
        if sourcePort != nil, transport.kind == .icmp {
            throw ProbeError(.badSetting, "ICMP has no ports, and a source port was given")
        }
        if sourcePort != nil, transport.kind == .tcp, mode == .unprivileged {
            throw ProbeError(
                .badSetting,
                "A fixed source port for TCP probes needs raw packets: the system gives each "
                    + "connection a port of its own", remedy: "Ask for the mode raw, or give no source port")
        }
        if let label = packets.flowLabel, label > 0xF_FFFF {
            throw ProbeError(
                .badSetting, "The flow label \(label) is larger than 20 bits", remedy: "Give at most 1048575")
        }
    }
}

extension Prober where Self == LiveProber {
    /// ICMP echo requests.
    public static var icmp: LiveProber { LiveProber(.icmp) }
    /// UDP datagrams from port 33434 on, where by custom no program listens.
    public static var udp: LiveProber { LiveProber(.udp) }
    /// TCP connection requests to port 80.
    public static var tcp: LiveProber { LiveProber(.tcp) }
    /// UDP datagrams to a port.
    public static func udp(port: UInt16) -> LiveProber { LiveProber(.udp(port: port)) }
    /// TCP connection requests to a port.
    public static func tcp(port: UInt16) -> LiveProber { LiveProber(.tcp(port: port)) }
}
