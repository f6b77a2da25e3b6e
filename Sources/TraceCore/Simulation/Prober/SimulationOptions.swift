/// How a simulated prober sends, and from where.
public struct SimulationOptions: Sendable, Hashable {
    /// How the packets are made.
    public var packets: PacketOptions
    /// The vantage that is sent from, or nil for the topology's first.
    public var vantage: String?
    /// Decides what happens by chance, instead of the topology's own seed.
    public var seed: UInt64?
    /// How long the simulation has been running when a run starts: what the topology has for a time holds then.
    public var startingAt: Duration

    /// Options; what is not given is as usual.
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
