/// A router or host as the network walks over it: plain numbers only, so that a look costs no reference count.
struct SimulatedNode: Sendable {
    /// What is out of the ordinary about a node. A packet goes fast through nodes that have none of it.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt32

        static let down = Flags(rawValue: 1 << 0)
        static let unreachable = Flags(rawValue: 1 << 1)
        static let hidden = Flags(rawValue: 1 << 2)
        static let forwardsZero = Flags(rawValue: 1 << 3)
        static let filters = Flags(rawValue: 1 << 4)
        static let rewrites = Flags(rawValue: 1 << 5)
        static let polices = Flags(rawValue: 1 << 6)

        /// What must be looked at before the TTL is.
        static let arrival: Flags = [.down, .unreachable, .hidden, .forwardsZero]
        /// What must be looked at after it.
        static let departure: Flags = [.filters, .rewrites, .polices]
    }

    /// A part of one of the epoch's tables.
    struct Slice: Sendable {
        var first: Int32 = 0
        var count: Int32 = 0

        var range: Range<Int> { Int(first)..<(Int(first) + Int(count)) }
        var isEmpty: Bool { count == 0 }
    }

    var flags: Flags = []
    var balance = NodeTraits.Balance.flow
    var salt: UInt64 = 0

    // Answering.
    var answersFrom = AddressPair()
    var answersElsewhere = false
    var isSilent = false
    var isDead = false
    var replyTTL: UInt8 = 255
    var returnHops: UInt8 = 0
    var returnDelay: Int64 = 0
    var rateInterval: Int64 = 0
    var burst: Int64 = 1
    var quote = Int.max
    var extensions = Slice()
    var hasLegacyExtensions = false
    var replyLoss: UInt64 = 0
    var duplicate: UInt64 = 0
    var duplicateDelay: Int64 = 0
    var reorder = NodeTraits.Spike()
    var late = NodeTraits.Spike()

    // Filtering and rewriting.
    var policeInterval: Int64 = 0
    var policeBurst: Int64 = 1
    var rules = Slice()
    var prohibitCode = UnreachableCode.admin
    var unreachable = UnreachableCode.network
    var nat = AddressPair()
    var natPortShift: UInt16 = 0
    var dnat = AddressPair()
    var dnatPort: UInt16?
    var natKeepsQuote = false
    var trafficClassKeep: UInt8 = 0xFF
    var trafficClassSet: UInt8 = 0
    var mss: UInt16?
    var checksumShift: UInt16 = 0
    /// What it says fits where a packet is too big, if that is not true.
    var mtuTold: UInt16?

    // Listening.
    var answersEcho = true
    var tcpOpen = Slice()
    var tcpFiltered = Slice()
    var udpOpen = Slice()
    var udpFiltered = Slice()
    var udpEcho = Slice()
}

/// One node on one way; the same node may stand on many.
struct SimulatedStep: Sendable {
    let node: Int32
    let firstEdge: Int32
    let edgeCount: Int32
}

/// The link from a step to one that may follow it.
struct SimulatedEdge: Sendable {
    let step: Int32
    let node: Int32
    /// A flow whose hash is below this goes here, unless an edge before took it.
    var threshold: UInt32
    let link: LinkTraits
    /// Whether the link does nothing but delay.
    let isPlain: Bool
}

/// Limits how often a node sends errors, or forwards packets: one for each token, with tokens at a fixed rate and a
/// limit of saved ones.
struct TokenBucket: Sendable {
    /// When the bucket is full again, from which follows how much is in it.
    private var full = Int64.min
    /// The bucket's own time, which packets that overtook one another do not turn back.
    private var now = Int64.min

    /// Takes a token, if one is there.
    ///
    /// - Parameter interval: The nanoseconds in which a token comes, or 0 for no limit.
    mutating func take(interval: Int64, burst: Int64, at time: Int64) -> Bool {
        guard interval > 0 else { return true }
        now = max(now, time)
        full = max(full, now)
        guard full &- now <= (burst &- 1) &* interval else { return false }
        full &+= interval
        return true
    }
}
