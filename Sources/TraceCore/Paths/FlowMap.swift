/// Where each flow was seen, hop by hop, and the conclusions: which node leads to which, and where more flows are
/// needed.
///
/// Hop 0 is the source. A node is an address at a hop; all flows without an answer at a hop share one silent node.
struct FlowMap: Sendable {
    /// The number of a node at its hop, or one of the constants below.
    typealias Number = Int32
    /// The silent node.
    static let silent: Number = .max
    private static let unknown: Number = -1
    private static let givenUp: Number = -2
    private static let undecidable: Number = -3
    /// The largest number of nodes at a hop; a recording may claim any number.
    private static let nodeLimit = 4096

    /// A flow at a hop: what a search asks about.
    struct Question: Sendable, Hashable {
        let flow: UInt16
        let hop: Int
    }

    struct Node: Sendable, Hashable {
        let address: IPAddress
        /// Whether nothing lies behind it for the probe that it answered.
        let isFinal: Bool
    }

    /// What is known about the next nodes of a node.
    struct Onward: Sendable {
        /// Its next nodes.
        var successors: [Number] = []
        /// The number of flows through it that are known at the next hop.
        var flows = 0
        /// The number of flows that are needed.
        var need = 0
        /// How often flows through it were probed again at the next hop.
        var repeats = 0
        /// Whether packets of one flow took different ways from here.
        var isByPacket = false

        var isSatisfied: Bool { flows >= need }
    }

    struct Hop: Sendable {
        fileprivate(set) var nodes: [Node] = []
        fileprivate var ids: [Node: Number] = [:]
        fileprivate var cells: [Number] = []
        fileprivate var givenUp = 0
        /// The flows that were probed again, how often, and other nodes that answered.
        fileprivate var repeats: [UInt16: (count: Int, others: [Number])] = [:]

        // The conclusions; see `conclude`.
        /// The next nodes of each node; those of the silent node come last.
        fileprivate(set) var onward: [Onward] = []
        /// The only node of the hop, as far as known: every flow goes through it.
        fileprivate(set) var only: Number?
        /// How many hops in a row, up to this one, have a silent node.
        fileprivate(set) var silentRun = 0
        /// Whether flows do not stay together up to here, because a router before deals packets out.
        fileprivate(set) var isShuffled = false

        /// Whether flows without an answer make a node: a single lost probe does not.
        var hasSilentNode: Bool { givenUp >= (nodes.isEmpty ? 1 : 2) }
        var isEmpty: Bool { nodes.isEmpty && !hasSilentNode }
    }

    private(set) var hops: [Hop]
    /// The number of nodes with several next nodes.
    private(set) var branchings = 0
    /// The number of flows that the stop rule demands, by the number of next hops.
    private var demands: (risk: Double, flows: [Int: Int]) = (0, [:])

    init() {
        var source = Hop()
        source.nodes = [Node(address: IPAddress(v4: 0), isFinal: false)]
        source.only = 0
        hops = [source]
    }

    // MARK: - Observations

    /// Records an answer. A second answer to the same flow shows whether the flow keeps its way.
    mutating func answer(_ flow: UInt16, at hop: Int, by node: Node) {
        grow(to: hop, flow)
        // What was silent together with all others may have been lost: now that one is answered, it is asked again.
        if hops[hop].nodes.isEmpty, hops[hop].givenUp > 0 {
            for index in hops[hop].cells.indices where hops[hop].cells[index] == Self.givenUp {
                hops[hop].cells[index] = Self.unknown
            }
            hops[hop].givenUp = 0
        }
        guard let number = number(of: node, at: hop) else { return }
        switch hops[hop].cells[Int(flow)] {
        case Self.unknown, Self.undecidable: hops[hop].cells[Int(flow)] = number
        case Self.givenUp:
            hops[hop].cells[Int(flow)] = number
            hops[hop].givenUp -= 1
        case let known:
            var repeats = hops[hop].repeats[flow] ?? (0, [])
            repeats.count += 1
            if number != known, !repeats.others.contains(number) { repeats.others.append(number) }
            hops[hop].repeats[flow] = repeats
        }
    }

    /// Records that a flow gets no answer at a hop.
    mutating func giveUp(_ flow: UInt16, at hop: Int) {
        grow(to: hop, flow)
        guard hops[hop].cells[Int(flow)] == Self.unknown else { return }
        hops[hop].cells[Int(flow)] = Self.givenUp
        hops[hop].givenUp += 1
    }

    /// Records that it cannot be found out whether a flow gets an answer at a hop: too much is lost.
    mutating func leaveOpen(_ flow: UInt16, at hop: Int) {
        grow(to: hop, flow)
        guard hops[hop].cells[Int(flow)] == Self.unknown else { return }
        hops[hop].cells[Int(flow)] = Self.undecidable
    }

    private mutating func grow(to hop: Int, _ flow: UInt16) {
        while hops.count <= hop { hops.append(Hop()) }
        let missing = Int(flow) + 1 - hops[hop].cells.count
        if missing > 0 { hops[hop].cells.append(contentsOf: repeatElement(Self.unknown, count: missing)) }
    }

    private mutating func number(of node: Node, at hop: Int) -> Number? {
        if let known = hops[hop].ids[node] { return known }
        guard hops[hop].nodes.count < Self.nodeLimit else { return nil }
        let number = Number(hops[hop].nodes.count)
        hops[hop].nodes.append(node)
        hops[hop].ids[node] = number
        return number
    }

    // MARK: - Questions

    /// The number of flows that were probed at a hop, if they were probed in order.
    func flowCount(at hop: Int) -> Int { hop < hops.count ? hops[hop].cells.count : 0 }

    /// Whether it is decided where a flow is at a hop; silence is a decision too.
    func isDecided(_ flow: Int, at hop: Int) -> Bool {
        hop < hops.count && flow < hops[hop].cells.count && hops[hop].cells[flow] != Self.unknown
    }

    /// The node where a flow was seen.
    func seen(_ flow: Int, at hop: Int) -> Number? {
        guard hop < hops.count, flow < hops[hop].cells.count else { return nil }
        switch hops[hop].cells[flow] {
        case Self.unknown, Self.undecidable: return nil
        case Self.givenUp: return hops[hop].hasSilentNode ? Self.silent : nil
        case let number: return number
        }
    }

    /// The node of a flow; if the hop has only one node, that one, even without a probe.
    func node(of flow: Int, at hop: Int) -> Number? {
        seen(flow, at: hop) ?? (hop < hops.count && !isDecided(flow, at: hop) ? hops[hop].only : nil)
    }

    /// Whether nothing lies behind a node.
    func isFinal(_ number: Number, at hop: Int) -> Bool {
        number != Self.silent && hops[hop].nodes[Int(number)].isFinal
    }

    /// The address of a node; nil for the silent one.
    func address(of number: Number, at hop: Int) -> IPAddress? {
        number == Self.silent ? nil : hops[hop].nodes[Int(number)].address
    }

    /// The nodes of a hop, the silent one last.
    func numbers(at hop: Int) -> [Number] {
        (0..<hops[hop].nodes.count).map { Number($0) } + (hops[hop].hasSilentNode ? [Self.silent] : [])
    }

    /// What is known about the next nodes of a node.
    func onward(from number: Number, at hop: Int) -> Onward {
        let index = index(number, at: hop)
        return index < hops[hop].onward.count ? hops[hop].onward[index] : Onward()
    }

    /// How often a flow was probed again at a hop.
    func repeats(of flow: UInt16, at hop: Int) -> Int { hop < hops.count ? hops[hop].repeats[flow]?.count ?? 0 : 0 }

    private func index(_ number: Number, at hop: Int) -> Int {
        number == Self.silent ? hops[hop].nodes.count : Int(number)
    }

    /// A counter for each node of a hop, all zero.
    func counts(at hop: Int) -> Counts { Counts(nodes: hops[hop].nodes.count) }

    /// A counter for each node of a hop, including the silent one.
    struct Counts {
        private var counts: [Int]
        private(set) var total = 0

        fileprivate init(nodes: Int) { counts = Array(repeating: 0, count: nodes + 1) }

        subscript(number: Number) -> Int {
            get { counts[index(number)] }
            set {
                total += newValue - counts[index(number)]
                counts[index(number)] = newValue
            }
        }

        /// Decrements a counter, down to zero.
        mutating func take(_ number: Number) {
            if self[number] > 0 { self[number] -= 1 }
        }

        private func index(_ number: Number) -> Int { min(Int(number), counts.count - 1) }
    }

    /// The meaning of silence at a hop.
    func silence(at hop: Int) -> Silence {
        guard hop < hops.count, !hops[hop].nodes.isEmpty else { return .ofAll }
        return hops[hop].hasSilentNode ? .ofSome : .unproven
    }

    enum Silence {
        /// The hop answers no flow.
        case ofAll
        /// Beside the nodes that answer there is a silent one.
        case ofSome
        /// Other flows are answered, so answers may be limited, or a probe was lost.
        case unproven
    }

    // MARK: - Conclusions

    /// Concludes the next nodes under one rule for the whole graph. Its risk is shared by all nodes that may have more
    /// next nodes than were seen: those that have several, and one more.
    ///
    /// - Parameters:
    ///   - confidence: The required probability that nothing was missed.
    ///   - last: The last hop that is probed.
    ///   - gapLimit: How many silent hops in a row are followed.
    mutating func conclude(_ confidence: Double, upTo last: Int, gapLimit: Int) {
        while true {
            let risk = (1 - confidence) / Double(branchings + 1)
            if risk != demands.risk { demands = (risk, [:]) }
            var count = 0
            var mayHaveEnded = false
            for hop in hops.indices {
                conclude(hop, last, gapLimit, mayHaveEnded, &count)
                mayHaveEnded = mayHaveEnded || hops[hop].nodes.contains { $0.isFinal }
            }
            // The number only grows: then each node needs more flows, and a node that had enough may need more again.
            guard count > branchings else { return }
            branchings = count
        }
    }

    /// The number of flows that the rule of the last conclusion demands for a number of next hops.
    mutating func demand(toMeet count: Int) -> Int {
        if let known = demands.flows[count] { return known }
        let flows = StopRule(risk: demands.risk).flows(toMeet: count)
        demands.flows[count] = flows
        return flows
    }

    private mutating func conclude(
        _ hop: Int, _ last: Int, _ gapLimit: Int, _ mayHaveEnded: Bool, _ branchings: inout Int
    ) {
        if hop > 0 { concludeUniqueness(hop, mayHaveEnded) }
        var ways = [Onward](repeating: Onward(), count: hops[hop].nodes.count + 1)
        if hop + 1 < hops.count {
            let count = hops[hop + 1].cells.count
            // Used only above 64, where searching the array would take long.
            var members: [Int: Set<Number>] = [:]
            for flow in 0..<count {
                guard let from = node(of: flow, at: hop), let to = seen(flow, at: hop + 1) else { continue }
                let index = index(from, at: hop)
                ways[index].flows += 1
                if ways[index].successors.count < 64 {
                    if !ways[index].successors.contains(to) { ways[index].successors.append(to) }
                } else if members[index, default: Set(ways[index].successors)].insert(to).inserted {
                    ways[index].successors.append(to)
                }
            }
            for (flow, repeats) in hops[hop + 1].repeats {
                guard let from = node(of: Int(flow), at: hop) else { continue }
                let index = index(from, at: hop)
                ways[index].repeats += repeats.count
                for other in repeats.others where !ways[index].successors.contains(other) {
                    ways[index].successors.append(other)
                }
                if !repeats.others.isEmpty, !hops[hop].isShuffled { ways[index].isByPacket = true }
            }
        }
        for number in numbers(at: hop) where !isFinal(number, at: hop) && hop < last {
            let index = index(number, at: hop)
            // Silent hops at the end lead nowhere.
            if number == Self.silent, hops[hop].silentRun >= gapLimit { continue }
            ways[index].need = demand(toMeet: max(1, ways[index].successors.count) + 1)
            if ways[index].successors.count > 1 { branchings += 1 }
        }
        hops[hop].onward = ways
    }

    private mutating func concludeUniqueness(_ hop: Int, _ mayHaveEnded: Bool) {
        let numbers = numbers(at: hop)
        hops[hop].silentRun = hops[hop].hasSilentNode ? hops[hop - 1].silentRun + 1 : 0
        let before = hops[hop - 1]
        let isWhole = self.numbers(at: hop - 1).allSatisfy {
            isFinal($0, at: hop - 1) || onward(from: $0, at: hop - 1).isSatisfied
        }
        // If a flow may have ended before, it must be probed: it may not come here.
        hops[hop].only = numbers.count == 1 && !mayHaveEnded && isWhole && before.onward.count > 0 ? numbers[0] : nil
        hops[hop].isShuffled =
            numbers.count > 1 && (before.isShuffled || before.onward.contains { $0.isByPacket })
    }

    /// The last hop that a node leads to. Behind the ends of all paths, the node that ends them answers too.
    var reach: Int {
        let last = hops.indices.last { hop in hops[hop].nodes.contains { !$0.isFinal } } ?? 0
        return hops.indices.dropFirst(last + 1).first { hop in hops[hop].nodes.contains { $0.isFinal } } ?? last
    }

    /// The probability that nothing was missed: that of the weakest node, as if all nodes that may have more were as
    /// weak.
    var confidence: Double {
        var weakest = 0.0
        for hop in 0...reach {
            for number in numbers(at: hop) where !isFinal(number, at: hop) {
                let way = onward(from: number, at: hop)
                guard way.need > 0 else { continue }
                let missing = max(1, way.successors.count) + 1
                weakest = max(weakest, StopRule.risk(ofMissingOneOf: missing, after: way.flows))
            }
        }
        return max(0, 1 - weakest * Double(branchings + 1))
    }
}
