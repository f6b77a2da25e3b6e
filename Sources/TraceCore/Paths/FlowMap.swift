/// Where each flow was seen, hop by hop, and what follows from it: which node leads to which, and where it is not yet
/// known well enough.
///
/// Hop 0 is the source. A node is an address at a hop; all flows that nobody answers for at a hop are one silent node.
struct FlowMap: Sendable {
    /// A node of a hop by its number there, or one of the two below.
    typealias Number = Int32
    /// The node that answers nobody.
    static let silent: Number = .max
    private static let unknown: Number = -1
    private static let givenUp: Number = -2
    /// No hop has more; a recording may say anything.
    private static let nodeLimit = 4096

    /// Where a flow is at a hop: what a search asks, and what an answer answers.
    struct Question: Sendable, Hashable {
        let flow: UInt16
        let hop: Int
    }

    struct Node: Sendable, Hashable {
        let address: IPAddress
        /// Whether nothing lies behind it for the probe that it answered.
        let isFinal: Bool
    }

    /// What is known of the way on from a node.
    struct Onward: Sendable {
        /// The nodes of the next hop that it leads to.
        var successors: [Number] = []
        /// How many flows went through it and are known at the next hop.
        var flows = 0
        /// How many there must be.
        var need = 0
        /// How often a flow that went through it was asked about again at the next hop.
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
        /// Which flows were asked about again, how often, and whether somebody else answered.
        fileprivate var repeats: [UInt16: (count: Int, others: [Number])] = [:]

        // What follows; see `conclude`.
        /// For each node the way on; behind them that of the silent node.
        fileprivate(set) var onward: [Onward] = []
        /// The only node that the hop has, by all that is known: every flow goes through it.
        fileprivate(set) var only: Number?
        /// How many hops in a row, this one the last, have a silent node.
        fileprivate(set) var silentRun = 0
        /// Whether flows do not stay together up to here, as a router before deals packets out.
        fileprivate(set) var isShuffled = false

        /// Whether flows that nobody answered for stand for a node: one lost probe does not.
        var hasSilentNode: Bool { givenUp >= (nodes.isEmpty ? 1 : 2) }
        var isEmpty: Bool { nodes.isEmpty && !hasSilentNode }
    }

    private(set) var hops: [Hop]
    /// How many nodes have several successors.
    private(set) var branchings = 0
    /// How many flows the stop rule demands, by how many next hops are to be met.
    private var demands: (risk: Double, flows: [Int: Int]) = (0, [:])

    init() {
        var source = Hop()
        source.nodes = [Node(address: IPAddress(v4: 0), isFinal: false)]
        source.only = 0
        hops = [source]
    }

    // MARK: - What was seen

    /// Takes note of an answer. A second one for the same flow says whether it keeps to its way.
    mutating func answer(_ flow: UInt16, at hop: Int, by node: Node) {
        grow(to: hop, flow)
        guard let number = number(of: node, at: hop) else { return }
        switch hops[hop].cells[Int(flow)] {
        case Self.unknown: hops[hop].cells[Int(flow)] = number
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

    /// Takes note that nobody answers for a flow.
    mutating func giveUp(_ flow: UInt16, at hop: Int) {
        grow(to: hop, flow)
        guard hops[hop].cells[Int(flow)] == Self.unknown else { return }
        hops[hop].cells[Int(flow)] = Self.givenUp
        hops[hop].givenUp += 1
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

    // MARK: - What is asked

    /// How many flows were asked about at a hop, if they were asked about in their order.
    func flowCount(at hop: Int) -> Int { hop < hops.count ? hops[hop].cells.count : 0 }

    /// Whether it is decided where a flow is at a hop, be it that nobody answers.
    func isDecided(_ flow: Int, at hop: Int) -> Bool {
        hop < hops.count && flow < hops[hop].cells.count && hops[hop].cells[flow] != Self.unknown
    }

    /// The node that a flow was seen at.
    func seen(_ flow: Int, at hop: Int) -> Number? {
        guard hop < hops.count, flow < hops[hop].cells.count else { return nil }
        switch hops[hop].cells[flow] {
        case Self.unknown: return nil
        case Self.givenUp: return hops[hop].hasSilentNode ? Self.silent : nil
        case let number: return number
        }
    }

    /// The node that a flow goes through, also where it was not asked because there is no other.
    func node(of flow: Int, at hop: Int) -> Number? {
        seen(flow, at: hop) ?? (hop < hops.count && !isDecided(flow, at: hop) ? hops[hop].only : nil)
    }

    /// Whether nothing lies behind a node.
    func isFinal(_ number: Number, at hop: Int) -> Bool {
        number != Self.silent && hops[hop].nodes[Int(number)].isFinal
    }

    /// Who a node is; nil for the silent one.
    func address(of number: Number, at hop: Int) -> IPAddress? {
        number == Self.silent ? nil : hops[hop].nodes[Int(number)].address
    }

    /// The nodes of a hop, the silent one last.
    func numbers(at hop: Int) -> [Number] {
        (0..<hops[hop].nodes.count).map { Number($0) } + (hops[hop].hasSilentNode ? [Self.silent] : [])
    }

    /// The way on from a node.
    func onward(from number: Number, at hop: Int) -> Onward {
        let index = index(number, at: hop)
        return index < hops[hop].onward.count ? hops[hop].onward[index] : Onward()
    }

    /// How often a flow was asked about again at a hop.
    func repeats(of flow: UInt16, at hop: Int) -> Int { hop < hops.count ? hops[hop].repeats[flow]?.count ?? 0 : 0 }

    private func index(_ number: Number, at hop: Int) -> Int {
        number == Self.silent ? hops[hop].nodes.count : Int(number)
    }

    /// A count for each node of a hop, all zero.
    func counts(at hop: Int) -> Counts { Counts(nodes: hops[hop].nodes.count) }

    /// A count for each node of a hop, the silent one among them.
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

        /// Counts one less, down to none.
        mutating func take(_ number: Number) {
            if self[number] > 0 { self[number] -= 1 }
        }

        private func index(_ number: Number) -> Int { min(Int(number), counts.count - 1) }
    }

    /// What it means at a hop that nobody answers.
    func silence(at hop: Int) -> Silence {
        guard hop < hops.count, !hops[hop].nodes.isEmpty else { return .ofAll }
        return hops[hop].hasSilentNode ? .ofSome : .unproven
    }

    enum Silence {
        /// The hop answers nobody.
        case ofAll
        /// Besides those that answer, there is a node that does not.
        case ofSome
        /// Others are answered; so the answers may be limited, or a probe was lost.
        case unproven
    }

    // MARK: - What follows

    /// Works out the ways on, by a rule for the whole: its risk is shared by all nodes that may have more successors than
    /// were seen, those that have several and one more.
    ///
    /// - Parameters:
    ///   - confidence: How sure it is to be that nothing was missed.
    ///   - last: The hop behind which nothing is asked.
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
            // It only grows: more is then asked of each node, so that one may seem not to be known well enough any more.
            guard count > branchings else { return }
            branchings = count
        }
    }

    /// How many flows the rule of the last conclusion demands where so many next hops may be.
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
            // Only where there are so many that looking through them would take long.
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
            // A tail of silence leads nowhere.
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
        // Where a flow may have ended before, it must be asked about: it may not come here.
        hops[hop].only = numbers.count == 1 && !mayHaveEnded && isWhole && before.onward.count > 0 ? numbers[0] : nil
        hops[hop].isShuffled =
            numbers.count > 1 && (before.isShuffled || before.onward.contains { $0.isByPacket })
    }

    /// The last hop that something can lead to: behind the end of all ways, whoever ends them answers too.
    var reach: Int {
        let last = hops.indices.last { hop in hops[hop].nodes.contains { !$0.isFinal } } ?? 0
        return hops.indices.dropFirst(last + 1).first { hop in hops[hop].nodes.contains { $0.isFinal } } ?? last
    }

    /// How sure it is that nothing was missed: by the weakest node, as if all that may have more were as weak.
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
