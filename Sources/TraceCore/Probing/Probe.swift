/// One question to the network: a packet to a target that may live for so many hops.
public struct Probe: Sendable, Hashable, Identifiable {
    /// Its number within the run, counted from 0 without gaps.
    public let id: Int
    /// Where it is sent.
    public let target: IPAddress
    /// How many hops it may live.
    public let ttl: UInt8
    /// Which one of its kind it is, from 0: a ping's sequence, a hop's query, a monitor's round, a sweep's try.
    public let sequence: Int
    /// Which flow it belongs to; routers that balance by flow keep the probes of one flow on one path.
    public let flow: UInt16
    /// The size of its payload in bytes, or nil for what the prober was set to.
    public let size: UInt16?

    /// A probe, as a plan makes them.
    public init(
        id: Int, target: IPAddress, ttl: UInt8 = 64, sequence: Int = 0, flow: UInt16 = 0,
        size: UInt16? = nil
    ) {
        self.id = id
        self.target = target
        self.ttl = ttl
        self.sequence = sequence
        self.flow = flow
        self.size = size
    }
}
