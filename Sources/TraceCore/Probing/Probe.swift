/// One question to the network: a packet to a target, with a limit of hops.
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

/// How a prober asks: the name that stands in reports and event logs.
///
/// It names and never decides: nothing in the library switches over it, so that your own prober
/// brings its own name along.
public struct ProbeMethod: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name, in lower case.
    public let rawValue: String

    /// A method with a name of your own, such as `ProbeMethod(rawValue: "http")`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// ICMP echo requests.
    public static let icmp = ProbeMethod(rawValue: "icmp")
    /// UDP datagrams to ports on which no program listens.
    public static let udp = ProbeMethod(rawValue: "udp")
    /// TCP connection requests.
    public static let tcp = ProbeMethod(rawValue: "tcp")

    /// The name.
    public var description: String { rawValue }
}
