/// Everything that a topology says about how a router or host behaves.
struct NodeTraits: Sendable {
    // The link into it.
    var link = LinkTraits()

    // Where it forwards to.
    var balance = Balance.flow
    var salt: UInt64?
    var isDown = false
    var isHidden = false
    var forwardsZero = false
    var rules: [FirewallRule] = []
    var prohibitCode = UnreachableCode.admin
    var unreachable: UnreachableCode?

    // What it does to packets that go through it.
    var nat = AddressPair()
    var natPortShift: UInt16 = 0
    var dnat = AddressPair()
    var dnatPort: UInt16?
    var natKeepsQuote = false
    var trafficClassKeep: UInt8 = 0xFF
    var trafficClassSet: UInt8 = 0
    var mss: UInt16?
    var checksumShift: UInt16 = 0
    var policeInterval: Int64 = 0
    var policeBurst: Int64 = 1

    // How it answers.
    var isSilent = false
    var isDead = false
    var replyFrom = AddressPair()
    var replyTTL: UInt8?
    var mtuTold: UInt16?
    var returnHops: UInt8 = 0
    var returnDelay: Int64 = 0
    var replyLoss: UInt64 = 0
    var rateInterval: Int64 = 0
    var burst: Int64 = 1
    var quote = Int.max
    var labels: [MPLSLabel] = []
    var interface = InterfaceInformation(role: .incoming)
    var hasLegacyExtensions = false
    var duplicate: UInt64 = 0
    var duplicateDelay: Int64 = 100_000
    var reorder = Spike()
    var late = Spike()

    // What listens there.
    var answersEcho = true
    var tcpOpen: [PortRange] = []
    var tcpFiltered: [PortRange] = []
    var udpOpen: [PortRange] = []
    var udpFiltered: [PortRange] = []
    var udpEcho: [PortRange] = []

    var name: String?
    var reverse: String?

    enum Balance: Sendable { case flow, packet, destination }

    /// A delay that some answers get on top.
    struct Spike: Sendable {
        var share: UInt64 = 0
        var delay: Int64 = 0
    }
}

/// How a link behaves.
struct LinkTraits: Sendable {
    /// One way, in nanoseconds.
    var delay: Int64 = 0
    /// The mean of what comes on top, or its most where it is uniform.
    var jitter: Int64 = 0
    var isUniform = false
    var loss: UInt64 = 0
    var returnLoss: UInt64 = 0
    var mtu: Int32 = .max
    var dropsTooBig = false
    var isDown = false
}

/// What a firewall does with packets of a kind; the first rule that fits decides.
struct FirewallRule: Sendable {
    enum Action: Sendable { case allow, prohibit, drop }

    let action: Action
    /// The protocol's number, ICMP's meaning that of either family; 0 for any.
    let proto: UInt8
    let ports: PortRange
}

/// The codes of an unreachable in both families.
struct UnreachableCode: Sendable, Hashable {
    let v4: UInt8
    let v6: UInt8

    static let admin = UnreachableCode(v4: 13, v6: 1)
    static let network = UnreachableCode(v4: 0, v6: 0)

    /// The words that a topology may use.
    static let named: [(name: String, code: UnreachableCode)] = [
        ("network", network), ("host", UnreachableCode(v4: 1, v6: 3)),
        ("port", UnreachableCode(v4: 3, v6: 4)),
        ("protocol", UnreachableCode(v4: 2, v6: 3)), ("source-route", UnreachableCode(v4: 5, v6: 7)),
        ("admin", admin), ("network-prohibited", UnreachableCode(v4: 9, v6: 1)),
        ("host-prohibited", UnreachableCode(v4: 10, v6: 1)), ("scope", UnreachableCode(v4: 11, v6: 2)),
        ("policy", UnreachableCode(v4: 13, v6: 5)), ("reject", UnreachableCode(v4: 13, v6: 6)),
    ]
}
