/// How a simulated internet is joined to this machine.
public struct LinkOptions: Sendable, Hashable {
    /// What the network interface is called; `%d` in it becomes the first number that is free.
    public var device: String
    /// The vantage that this machine stands at, or nil for the topology's first.
    public var vantage: String?
    /// Decides what happens by chance, instead of the topology's own seed.
    public var seed: UInt64?
    /// The largest packet that the interface takes.
    public var mtu: UInt16
    /// Whether everything goes through the interface, and not only what the topology has an address for.
    public var takesDefaultRoute: Bool
    /// Whether delays are exact to the microsecond: packets are timed by the kernel and not when they are read, and the
    /// last moments before an answer is due are waited for awake. That costs half of the most that the link can carry,
    /// and up to a whole processor.
    public var isExact: Bool

    /// Options; what is not given is as usual.
    public init(
        device: String = "sim0", vantage: String? = nil, seed: UInt64? = nil, mtu: UInt16 = 1500,
        takesDefaultRoute: Bool = false, isExact: Bool = false
    ) {
        self.device = device
        self.vantage = vantage
        self.seed = seed
        self.mtu = mtu
        self.takesDefaultRoute = takesDefaultRoute
        self.isExact = isExact
    }
}
