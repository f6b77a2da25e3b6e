/// Probes a simulated internet: no privileges, no network, and the same answers every time.
///
/// Unless it is given a clock, every run has a time of its own, which jumps to the next thing that happens: an hour
/// passes in milliseconds, and runs at the same time do not disturb one another.
///
/// ```swift
/// let report = try await Pinger(SimulatedProber(.icmp)).ping("tokyo.example", count: 4)
/// ```
public struct SimulatedProber<C: Clock>: Prober where C.Duration == Duration {
    /// What the probes can be.
    public typealias Method = ProbeTransport

    /// What is probed.
    public let internet: SimulatedInternet
    /// What the probes are.
    public let transport: ProbeTransport
    /// How they are sent.
    public var options: SimulatedInternet.Options

    private let clock: C?
    /// The simulation's zero on the clock.
    private let origin: C.Instant?

    /// A prober whose runs keep to a clock; the simulation starts now.
    public init(
        _ transport: ProbeTransport, _ internet: SimulatedInternet = .demo,
        options: SimulatedInternet.Options = SimulatedInternet.Options(), clock: C
    ) {
        self.internet = internet
        self.transport = transport
        self.options = options
        self.clock = clock
        origin = clock.now
    }

    /// Looks names up in the topology.
    public var resolver: any NameResolver { internet.resolver }

    /// Opens a channel into the simulated internet.
    ///
    /// - Throws: `badSetting` for a vantage that does not exist, `noRoute` for a target that no way leads to.
    public func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
        let vantages = internet.plan.vantages
        guard let vantage = vantages.first(where: { options.vantage == nil || $0.name == options.vantage })
        else {
            throw ProbeError(
                .badSetting, "The topology has no vantage \"\(UntrustedText(options.vantage ?? ""))\"",
                remedy: "It has \(vantages.map(\.name).joined(separator: ", "))")
        }
        var time = options.startingAt.simulationNanoseconds
        if let clock, let origin { time += origin.duration(to: clock.now).simulationNanoseconds }
        let channel = SimulatedChannel(
            internet, transport, options, from: vantage.addresses, settings, at: time,
            time: clock.map { ChannelTime($0) })
        if let target = settings.target {
            guard let source = channel.source(for: target) else {
                throw SimulatedChannel.noSource(vantage.name, target)
            }
            guard internet.network().hasRoute(from: source, to: target, at: time) else {
                throw SimulatedChannel.noRoute(target)
            }
        }
        return channel
    }
}

extension SimulatedProber where C == ManualClock {
    /// A prober whose runs each have a time of their own.
    public init(
        _ transport: ProbeTransport, _ internet: SimulatedInternet = .demo,
        options: SimulatedInternet.Options = SimulatedInternet.Options()
    ) {
        self.internet = internet
        self.transport = transport
        self.options = options
        clock = nil
        origin = nil
    }
}

extension Prober where Self == SimulatedProber<ManualClock> {
    /// A prober of a simulated internet, each run of which has a time of its own.
    public static func simulated(
        _ transport: ProbeTransport, _ internet: SimulatedInternet = .demo,
        options: SimulatedInternet.Options = SimulatedInternet.Options()
    ) -> Self {
        SimulatedProber(transport, internet, options: options)
    }
}

extension SimulatedInternet {
    /// How a simulated prober sends, and from where.
    public struct Options: Sendable, Hashable {
        /// How the packets are made.
        public var packets: PacketOptions
        /// The vantage that is sent from, or nil for the topology's first.
        public var vantage: String?
        /// Decides what happens by chance, instead of the topology's own seed.
        public var seed: UInt64?
        /// How long the simulation has been running when a run starts: what the topology has for a time holds then.
        public var startingAt: Duration

        /// Options; what is not given has its default.
        public init(
            packets: PacketOptions = PacketOptions(), vantage: String? = nil, seed: UInt64? = nil,
            startingAt: Duration = .zero
        ) {
            self.packets = packets
            self.vantage = vantage
            self.seed = seed
            self.startingAt = startingAt
        }
    }
}
