extension LiveProber {
    /// How a live prober sends: in which way, from where, and what its packets look like.
    public struct Options: Sendable, Hashable {
        /// How the system sends and receives the packets.
        public var mode: Mode
        /// The address that probes are sent from, or nil for what the system chooses.
        ///
        /// Probes to targets of the other family are not sent.
        public var source: IPAddress?
        /// The interface that probes leave by, or nil for what the system chooses.
        public var interface: String?
        /// The mark that the system's routing rules and firewall know the probes by, or nil for none.
        ///
        /// It does not leave this machine. Setting one needs the capability `CAP_NET_ADMIN`.
        public var mark: UInt32?
        /// The source port of UDP and TCP probes, or nil for any that is free.
        public var sourcePort: UInt16?
        /// Whether probes may go to broadcast addresses, where many hosts may answer each.
        ///
        /// The first answer is taken for the reply, and the others for duplicates.
        public var allowsBroadcast: Bool
        /// Where the times of sending and receiving come from.
        public var stamps: StampSource
        /// How the packets are made.
        public var packets: PacketOptions
        /// Whether the probes of a flow have to look alike to routers.
        private(set) var keepsFlows = false
        /// Tells runs apart that must not share sockets: a connection request of a flow ends the one before.
        private var owner: UInt64 = 0

        /// Options; what is not given has its default.
        public init(
            mode: Mode = .automatic, source: IPAddress? = nil, interface: String? = nil,
            mark: UInt32? = nil, sourcePort: UInt16? = nil, allowsBroadcast: Bool = false,
            stamps: StampSource = .kernel, packets: PacketOptions = PacketOptions()
        ) {
            self.mode = mode
            self.source = source
            self.interface = interface
            self.mark = mark
            self.sourcePort = sourcePort
            self.allowsBroadcast = allowsBroadcast
            self.stamps = stamps
            self.packets = packets
        }

        /// The same for a run that follows flows.
        func keepingFlows(_ transport: ProbeTransport) throws(ProbeError) -> LiveProber.Options {
            var options = self
            options.keepsFlows = true
            if transport.kind == .tcp { options.owner = UInt64.random(in: 1...UInt64.max) }
            guard transport.kind == .udp else { return options }
            if packets.identity == .classic {
                throw ProbeError(
                    .badSetting,
                    "With the identity classic each probe is a flow of its own, and paths cannot be told apart",
                    remedy: "Leave the identity out, or ask for paris")
            }
            if packets.identity == .automatic { options.packets.identity = .paris }
            return options
        }
    }
}

extension LiveProber.Options {
    /// How a live prober sends and receives packets.
    public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
        /// Raw packets where the process may send them, and ordinary sockets otherwise.
        case automatic
        /// Ordinary sockets, which need no privilege.
        case unprivileged
        /// Raw packets, which need the capability `CAP_NET_RAW`: a constant flow and whole quotes.
        case raw
    }

    /// Where the times of sending and receiving come from.
    public enum StampSource: String, Sendable, Hashable, Codable, CaseIterable {
        /// The kernel, as the packet passes it; checked against the program's own clock.
        case kernel
        /// The program, before it sends and after it received.
        case program
    }
}
