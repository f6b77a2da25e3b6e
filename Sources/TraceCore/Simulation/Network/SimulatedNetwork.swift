/// One run's view of a simulated internet: packets go in, answers come out with the time at which they arrive.
///
/// A value. The same packets at the same times give the same answers, whatever other runs do.
package struct SimulatedNetwork: Sendable {
    /// A packet that comes back.
    package struct Delivery: Sendable, Hashable {
        /// When it arrives, counted from the start of the simulation.
        package let at: Duration
        /// The whole packet, IP header and all.
        package let packet: [UInt8]
    }

    /// What became of a packet, for a caller that keeps its own buffer for the answer.
    enum Outcome {
        /// Nothing comes back.
        case lost
        /// No way leads to the destination from where it was sent.
        case noRoute
        /// The first link does not take so large a packet, and it must not be cut: it never left.
        case tooLarge
        /// The answer arrives at a time.
        case answered(at: Int64)
        /// The answer arrives twice.
        case answeredTwice(at: Int64, and: Int64)
    }

    let plan: SimulatedPlan
    /// Where packets are sent from whose source is no vantage's address.
    var home = 0
    private let seed: UInt64
    private(set) var packets: UInt64 = 0

    // The tables of the epoch that it is, beside the index of the next one.
    var epoch: SimulatedEpoch
    private var nextEpoch = 1
    private var nextStart: Int64
    /// For each node how many errors it may still send.
    var buckets: [TokenBucket]
    /// For each node how many packets it may still forward.
    private var policers: [TokenBucket]

    // The last way that was looked up: most packets go where the one before went.
    private var lastSource: IPAddress?
    private var lastDestination: IPAddress?
    private var lastNode: Int32?
    private var lastEntry: Int32 = -1
    private var lastSeed: UInt64 = 0

    init(_ plan: SimulatedPlan, seed: UInt64? = nil) {
        self.plan = plan
        self.seed = seed ?? plan.seed
        epoch = plan.epochs[0]
        nextStart = plan.epochs.count > 1 ? plan.epochs[1].start : .max
        buckets = Array(repeating: TokenBucket(), count: plan.nodeCount)
        policers = buckets
    }

    /// Sends a packet, and says what comes back and when.
    ///
    /// What is no IPv4 or IPv6 packet, or one with a wrong header checksum, is dropped, as a network does.
    ///
    /// - Parameters:
    ///   - packet: The packet, IP header and all.
    ///   - time: When it is sent, counted from the start of the simulation.
    package mutating func send(_ packet: [UInt8], at time: Duration) -> [Delivery] {
        var answer: [UInt8] = []
        switch carry(packet, at: time.simulationNanoseconds, answer: &answer) {
        case .lost, .noRoute, .tooLarge: return []
        case .answered(let at): return [Delivery(at: .nanoseconds(at), packet: answer)]
        case .answeredTwice(let first, let second):
            return [
                Delivery(at: .nanoseconds(first), packet: answer),
                Delivery(at: .nanoseconds(second), packet: answer),
            ]
        }
    }

    /// Sends a packet, and appends the answer to an empty buffer.
    mutating func carry(_ packet: [UInt8], at time: Int64, answer: inout [UInt8]) -> Outcome {
        packets &+= 1
        let bytes = packet.span
        guard let ip = try? IPPacket(bytes), !ip.isTruncated,
            ip.family == .v6 || InternetChecksum.isValid(bytes, in: 0..<(Int(bytes[0] & 0xF) &* 4))
        else { return .lost }
        if time >= nextStart { enterEpoch(at: time) }
        if lastDestination != ip.destination || lastSource != ip.source { lookUp(ip) }
        guard lastEntry >= 0 else { return .noRoute }
        var random = PacketRandom(seed: lastSeed, packet: packets)
        var transit = Transit(ip, packet, at: time)
        guard walk(&transit, &random, packet, &answer) else { return transit.isTooLarge ? .tooLarge : .lost }
        return arrival(of: transit, &random)
    }

    private mutating func enterEpoch(at time: Int64) {
        while nextEpoch < plan.epochs.count, plan.epochs[nextEpoch].start <= time { nextEpoch += 1 }
        epoch = plan.epochs[nextEpoch - 1]
        nextStart = nextEpoch < plan.epochs.count ? plan.epochs[nextEpoch].start : .max
        lastDestination = nil
    }

    private mutating func lookUp(_ ip: IPPacket) {
        lastSource = ip.source
        lastDestination = ip.destination
        // So that runs to different places do not meet the same luck.
        lastSeed = SplitMix.mix(seed ^ ip.destination.low ^ ip.destination.high &* 3)
        lastNode = plan.node(at: ip.destination)
        let vantage = plan.vantage(of: ip.source) ?? home
        lastEntry = epoch.entries[plan.entryIndex(vantage: vantage, family: ip.family, node: lastNode)]
        guard lastEntry < 0 else { return }
        lastNode = nil
        lastEntry = epoch.entries[plan.entryIndex(vantage: vantage, family: ip.family, node: nil)]
    }

    /// Whether a packet from a vantage to a destination has any way to take at a time.
    func hasRoute(from source: IPAddress, to destination: IPAddress, at time: Int64) -> Bool {
        let epoch = plan.epochs.last { $0.start <= time } ?? plan.epochs[0]
        let vantage = plan.vantage(of: source) ?? home
        return [plan.node(at: destination), nil].contains { node in
            epoch.entries[plan.entryIndex(vantage: vantage, family: destination.family, node: node)] >= 0
        }
    }
}

// MARK: - The way of a packet

extension SimulatedNetwork {
    /// Takes a packet from node to node until one answers; false if none does.
    fileprivate mutating func walk(
        _ transit: inout Transit, _ random: inout PacketRandom, _ packet: [UInt8], _ answer: inout [UInt8]
    ) -> Bool {
        let size = transit.ip.totalLength
        var step = Int(lastEntry)
        while true {
            let here = epoch.steps[step]
            guard here.edgeCount > 0 else {
                // The end of the default way: no node knows a way on.
                return here.node >= 0
                    && unreachable(&transit, &random, .network, by: here.node, packet, &answer)
            }
            let edge = epoch.edges[chooseEdge(of: here, &transit, &random)]
            if !edge.isPlain {
                let link = edge.link
                if link.isDown || random.happens(link.loss) { return false }
                if size > Int(link.mtu), transit.ip.dontFragment {
                    guard transit.last >= 0, !link.dropsTooBig else {
                        transit.isTooLarge = transit.last < 0 && !link.dropsTooBig
                        return false
                    }
                    return tooBig(&transit, &random, mtu: link.mtu, by: transit.last, packet, &answer)
                }
                if random.happens(link.returnLoss) { transit.losesAnswer = true }
            }
            transit.time &+= edge.link.delay
            transit.back &+= edge.link.delay
            if edge.link.jitter > 0 {
                transit.time &+= random.jitter(edge.link)
                transit.back &+= random.jitter(edge.link)
            }
            step = Int(edge.step)
            let node = Int(edge.node)
            let flags = epoch.nodes[node].flags
            let isTarget = lastNode == edge.node

            if !flags.isDisjoint(with: .arrival) {
                if flags.contains(.down) { return false }
                if flags.contains(.unreachable) {
                    // Of a host, the router before it says so; of a router, it itself.
                    let speaker = isTarget ? transit.last : edge.node
                    let code = epoch.nodes[node].unreachable
                    return speaker >= 0 && unreachable(&transit, &random, code, by: speaker, packet, &answer)
                }
            }
            if isTarget { return deliver(&transit, &random, to: edge.node, packet, &answer) }
            if !flags.contains(.hidden) {
                if transit.ttl > 1 {
                    transit.ttl &-= 1
                } else if transit.ttl == 1, flags.contains(.forwardsZero) {
                    transit.ttl = 0
                } else {
                    return timeExceeded(&transit, &random, by: edge.node, packet, &answer)
                }
                transit.hops &+= 1
            }
            transit.last = edge.node
            if !flags.isDisjoint(with: .departure) {
                if flags.contains(.filters) {
                    switch verdict(on: transit, by: node) {
                    case .allow: break
                    case .drop: return false
                    case .prohibit:
                        let code = epoch.nodes[node].prohibitCode
                        return unreachable(&transit, &random, code, by: edge.node, packet, &answer)
                    }
                }
                if flags.contains(.polices) {
                    let (interval, burst) = (epoch.nodes[node].policeInterval, epoch.nodes[node].policeBurst)
                    guard policers[node].take(interval: interval, burst: burst, at: transit.time) else { return false }
                }
                if flags.contains(.rewrites) { transit.rewrite(by: epoch.nodes[node]) }
            }
        }
    }

    /// Whether a node is the one that the packet was sent to.
    func isTarget(_ node: Int32) -> Bool { lastNode == node }

    /// Begins an answer by a node: the TTL that it will arrive with, or nil if it gets lost.
    mutating func beginAnswer(
        by node: SimulatedNode, _ index: Int32, _ transit: inout Transit,
        _ random: inout PacketRandom
    ) -> UInt8? {
        if transit.losesAnswer || random.happens(node.replyLoss) { return nil }
        // Where the packet went through the node already, its own hop is not one of the way back.
        if transit.last == index, !node.flags.contains(.hidden) { transit.hops &-= 1 }
        transit.last = index
        transit.back &+= node.returnDelay
        let left = Int(node.replyTTL) &- transit.hops &- Int(node.returnHops)
        return left > 0 ? UInt8(truncatingIfNeeded: left) : nil
    }

    private func chooseEdge(
        of step: SimulatedStep, _ transit: inout Transit, _ random: inout PacketRandom
    ) -> Int {
        let first = Int(step.firstEdge)
        guard step.edgeCount > 1 else { return first }
        var balance = NodeTraits.Balance.flow
        var salt: UInt64 = 0
        if step.node >= 0 {
            balance = epoch.nodes[Int(step.node)].balance
            salt = epoch.nodes[Int(step.node)].salt
        }
        let number =
            balance == .packet
            ? UInt32(truncatingIfNeeded: random.next()) : transit.flowHash(balance, salt: salt)
        let last = first + Int(step.edgeCount) - 1
        var index = first
        while index < last, number >= epoch.edges[index].threshold { index += 1 }
        return index
    }

    private func verdict(on transit: Transit, by node: Int) -> FirewallRule.Action {
        for index in epoch.nodes[node].rules.range {
            let rule = epoch.rules[index]
            let proto = transit.ip.proto == .icmpv6 ? IPProtocol.icmp.rawValue : transit.ip.proto.rawValue
            guard rule.proto == 0 || rule.proto == proto else { continue }
            if transit.isPortBased, !rule.ports.contains(transit.destinationPort) { continue }
            return rule.action
        }
        return .allow
    }
}

// MARK: - When the answer arrives

extension SimulatedNetwork {
    /// The time at which an answer arrives that was sent where the packet is.
    private func arrival(of transit: Transit, _ random: inout PacketRandom) -> Outcome {
        let at = transit.time &+ transit.back
        guard transit.last >= 0 else { return .answered(at: at) }
        let node = epoch.nodes[Int(transit.last)]
        var late = at
        if random.happens(node.reorder.share) { late &+= node.reorder.delay }
        if random.happens(node.late.share) { late &+= node.late.delay }
        guard random.happens(node.duplicate) else { return .answered(at: late) }
        return .answeredTwice(at: late, and: late &+ node.duplicateDelay)
    }
}
