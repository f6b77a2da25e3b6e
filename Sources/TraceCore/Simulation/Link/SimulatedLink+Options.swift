extension SimulatedLink {
    /// How a simulated internet is joined to this machine.
    public struct Options: Sendable, Hashable {
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

        /// Options; what is not given has its default.
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
}

extension SimulatedLink {
    /// How many packets went over a link, and what became of them.
    public struct Counts: Sendable, Hashable {
        /// Packets that this machine sent into the simulated internet.
        public internal(set) var carried = 0
        /// Packets that are for no host of it: multicast, and what the system says to its neighbours.
        public internal(set) var ignored = 0
        /// Answers that came back; a packet that is answered twice counts twice.
        public internal(set) var answered = 0
        /// Packets that got no answer.
        public internal(set) var lost = 0
        /// Packets for which the topology has no way.
        public internal(set) var withoutRoute = 0
        /// Packets that were dropped because too many were on their way.
        public internal(set) var dropped = 0
        /// Answers that the system did not take, as when the interface is down.
        public internal(set) var refused = 0
        /// Packets that are missing from the record, which could not be written as fast as they came.
        public internal(set) var unrecorded = 0

        /// No packets yet.
        public init() {}
    }
}
