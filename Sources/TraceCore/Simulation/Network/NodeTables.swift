/// Gathers the nodes of an epoch, and what they have lists of, in flat tables.
struct NodeTables {
    private(set) var nodes: [SimulatedNode] = []
    private(set) var rules: [FirewallRule] = []
    private(set) var ports: [PortRange] = []
    private(set) var extensions: [UInt8] = []

    mutating func append(_ traits: NodeTraits, isHost: Bool, addresses: AddressPair, index: Int) {
        var node = SimulatedNode()
        node.balance = traits.balance
        node.salt = traits.salt ?? UInt64(index) &+ 1
        node.flags = Self.flags(of: traits)
        setAnswering(&node, traits, isHost: isHost, addresses: addresses)

        node.rules = add(traits.rules)
        node.prohibitCode = traits.prohibitCode
        node.unreachable = traits.unreachable ?? .network
        node.nat = traits.nat
        node.natPortShift = traits.natPortShift
        node.dnat = traits.dnat
        node.dnatPort = traits.dnatPort
        node.natKeepsQuote = traits.natKeepsQuote
        node.trafficClassKeep = traits.trafficClassKeep
        node.trafficClassSet = traits.trafficClassSet
        node.mss = traits.mss
        node.checksumShift = traits.checksumShift
        node.mtuTold = traits.mtuTold
        node.policeInterval = traits.policeInterval
        node.policeBurst = traits.policeBurst

        node.answersEcho = traits.answersEcho
        node.tcpOpen = add(traits.tcpOpen)
        node.tcpFiltered = add(traits.tcpFiltered)
        node.udpOpen = add(traits.udpOpen)
        node.udpFiltered = add(traits.udpFiltered)
        node.udpEcho = add(traits.udpEcho)
        nodes.append(node)
    }

    private static func flags(of traits: NodeTraits) -> SimulatedNode.Flags {
        var flags: SimulatedNode.Flags = []
        if traits.isDown { flags.insert(.down) }
        if traits.unreachable != nil { flags.insert(.unreachable) }
        if traits.isHidden { flags.insert(.hidden) }
        if traits.forwardsZero { flags.insert(.forwardsZero) }
        if !traits.rules.isEmpty { flags.insert(.filters) }
        let rewrites =
            traits.nat != AddressPair() || traits.dnat != AddressPair() || traits.trafficClassKeep != 0xFF
            || traits.mss != nil || traits.checksumShift != 0
        if rewrites { flags.insert(.rewrites) }
        if traits.policeInterval > 0 { flags.insert(.polices) }
        return flags
    }

    private mutating func setAnswering(
        _ node: inout SimulatedNode, _ traits: NodeTraits, isHost: Bool, addresses: AddressPair
    ) {
        node.answersFrom = AddressPair(
            v4: traits.replyFrom.v4 ?? addresses.v4, v6: traits.replyFrom.v6 ?? addresses.v6)
        node.answersElsewhere = traits.replyFrom != AddressPair()
        node.isSilent = traits.isSilent
        node.isDead = traits.isDead
        node.replyTTL = traits.replyTTL ?? (isHost ? 64 : 255)
        node.returnHops = traits.returnHops
        node.returnDelay = traits.returnDelay
        node.rateInterval = traits.rateInterval
        node.burst = traits.burst
        node.quote = traits.quote
        node.hasLegacyExtensions = traits.hasLegacyExtensions
        node.replyLoss = traits.replyLoss
        node.duplicate = traits.duplicate
        node.duplicateDelay = traits.duplicateDelay
        node.reorder = traits.reorder
        node.late = traits.late

        var structure = ICMPExtensions()
        if !traits.labels.isEmpty { structure.objects.append(.mpls(traits.labels)) }
        if traits.interface != InterfaceInformation(role: .incoming) {
            structure.objects.append(.interface(traits.interface))
        }
        guard !structure.objects.isEmpty else { return }
        let first = extensions.count
        structure.append(to: &extensions)
        node.extensions = SimulatedNode.Slice(
            first: Int32(first), count: Int32(extensions.count - first))
    }

    private mutating func add(_ list: [FirewallRule]) -> SimulatedNode.Slice {
        defer { rules += list }
        return SimulatedNode.Slice(first: Int32(rules.count), count: Int32(list.count))
    }

    private mutating func add(_ list: [PortRange]) -> SimulatedNode.Slice {
        defer { ports += list }
        return SimulatedNode.Slice(first: Int32(ports.count), count: Int32(list.count))
    }
}
