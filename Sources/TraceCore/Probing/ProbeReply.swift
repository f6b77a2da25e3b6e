/// An answer to a probe, with everything that the network said in it.
///
/// A field that could not be known where the answer was received is nil, never guessed.
public struct ProbeReply: Sendable, Hashable {
    /// The address that answered.
    public var from: IPAddress
    /// The time from sending the probe to receiving the answer.
    public var rtt: Duration
    /// What the answer says.
    public var kind: ReplyKind
    /// The type and code of the ICMP message, where the answer was one.
    public var icmp: ProbeReply.ICMPCode?
    /// The TTL of the answer on arrival.
    public var ttl: UInt8?
    /// The traffic class (DSCP and ECN) that the answer arrived with.
    public var trafficClass: UInt8?
    /// The size of the answer in bytes, with the IP header.
    public var size: Int?
    /// The largest packet that the next link takes, where a router said so.
    public var mtu: Int?
    /// The MPLS labels that the probe carried there (RFC 4950), outermost first.
    public var labels: [MPLSLabel]
    /// The interface that the probe came in by (RFC 5837).
    public var interface: InterfaceInformation? {
        get { boxedInterface?.value }
        set { boxedInterface = newValue.map { Boxed($0) } }
    }
    private var boxedInterface: Boxed<InterfaceInformation>?
    /// The facts in the part of the probe that the router quoted.
    public var quote: ProbeReply.Quote?

    /// An answer; what is not given is not known.
    public init(
        from: IPAddress, rtt: Duration, kind: ReplyKind, icmp: ProbeReply.ICMPCode? = nil, ttl: UInt8? = nil,
        trafficClass: UInt8? = nil, size: Int? = nil, mtu: Int? = nil, labels: [MPLSLabel] = [],
        interface: InterfaceInformation? = nil, quote: ProbeReply.Quote? = nil
    ) {
        self.from = from
        self.rtt = rtt
        self.kind = kind
        self.icmp = icmp
        self.ttl = ttl
        self.trafficClass = trafficClass
        self.size = size
        self.mtu = mtu
        self.labels = labels
        boxedInterface = interface.map { Boxed($0) }
        self.quote = quote
    }
}

extension ProbeReply {
    /// The type and code of an ICMP message.
    public struct ICMPCode: Sendable, Hashable {
        /// The message's type.
        public let type: UInt8
        /// The code within the type.
        public let code: UInt8

        /// A type and a code.
        public init(type: UInt8, code: UInt8) {
            self.type = type
            self.code = code
        }
    }
}

/// A value in a place of its own: for what is large and rare in a value that is copied all the time.
///
/// An answer takes part in every event and hop, and is copied from one to the other. With two boxes it went from
/// 229 bytes to 129, and a simulated trace took a tenth less time.
indirect enum Boxed<Value> {
    case value(Value)

    init(_ value: Value) { self = .value(value) }

    var value: Value {
        switch self {
        case .value(let value): value
        }
    }
}

extension Boxed: Equatable where Value: Equatable {}
extension Boxed: Hashable where Value: Hashable {}
extension Boxed: Sendable where Value: Sendable {}
