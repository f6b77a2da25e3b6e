/// Probes the real network, by ICMP, UDP or TCP, with no privilege where the system allows it.
///
/// ```swift
/// let trace = try await Tracer(.udp).trace("example.com")
/// ```
public struct LiveProber: Prober {
    /// What the probes are.
    public let transport: ProbeTransport
    /// How they are sent.
    public var options: LiveOptions
    /// Finds addresses and names.
    public var resolver: any NameResolver

    /// A prober of the real network.
    public init(
        _ transport: ProbeTransport, options: LiveOptions = LiveOptions(),
        resolver: any NameResolver = SystemResolver.shared
    ) {
        self.transport = transport
        self.options = options
        self.resolver = resolver
    }

    /// Opens a channel to the network.
    public func open(_ settings: ChannelSettings) async throws(ProbeError) -> SimulatedChannel {
        throw ProbeError(
            .unsupported, "Live probing is not in this version",
            remedy: "Use a simulated internet: --network demo, or --network FILE")
    }
}

extension Prober where Self == LiveProber {
    /// ICMP echo requests.
    public static var icmp: LiveProber { LiveProber(.icmp) }
    /// UDP datagrams from port 33434 on, where by custom nobody listens.
    public static var udp: LiveProber { LiveProber(.udp) }
    /// TCP connection requests to port 80.
    public static var tcp: LiveProber { LiveProber(.tcp) }
    /// UDP datagrams to a port.
    public static func udp(port: UInt16) -> LiveProber { LiveProber(.udp(port: port)) }
    /// TCP connection requests to a port.
    public static func tcp(port: UInt16) -> LiveProber { LiveProber(.tcp(port: port)) }
}
