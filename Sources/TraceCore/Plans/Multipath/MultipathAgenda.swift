/// What a search for all paths has to ask, by what is known: none twice, and none that is out.
struct MultipathAgenda {
    /// How many hops behind the last one known are looked for at once.
    private static let lookahead = 4

    private let map: FlowMap
    private let hops: [MultipathHop]
    private let unusable: FlowSet
    private let flowLimit: Int
    private let horizon: Int
    private let firstFinal: Int?
    private let confidence: Double

    /// In the order in which they are best asked.
    private(set) var questions: [FlowMap.Question] = []
    /// Which flows are asked about at a hop.
    private var asked: [FlowSet]
    /// The flows that have a question already, where each can have but one.
    private var busy: FlowSet?

    /// An agenda without a question.
    ///
    /// - Parameters:
    ///   - map: Where each flow was seen, concluded.
    ///   - hops: What is out.
    ///   - unusable: Flows that cannot be sent.
    ///   - flowLimit: How many flows there are.
    ///   - horizon: The last hop with a node that leads on.
    ///   - firstFinal: The first hop with a node that does not.
    ///   - confidence: How sure it is to be that nothing was missed.
    init(
        map: FlowMap, hops: [MultipathHop], unusable: FlowSet, flowLimit: Int, horizon: Int, firstFinal: Int?,
        confidence: Double
    ) {
        self.map = map
        self.hops = hops
        self.unusable = unusable
        self.flowLimit = flowLimit
        self.horizon = horizon
        self.firstFinal = firstFinal
        self.confidence = confidence
        asked = Array(repeating: FlowSet(), count: hops.count)
    }

    /// Asks no flow about two hops at the same time.
    mutating func askOneAtATime() {
        busy = hops.reduce(into: FlowSet()) { busy, hop in hop.out.forEach { busy.insert($0) } }
    }

    /// Puts the questions together.
    ///
    /// - Parameters:
    ///   - last: The hop behind which nothing is asked.
    ///   - first: How many flows every hop needs at the least.
    mutating func gather(upTo last: Int, first: Int) {
        for hop in 1...max(1, last) {
            askFirst(first, at: hop)
            guard hop - 1 < map.hops.count, !map.hops[hop - 1].isEmpty else { continue }
            askOnward(to: hop)
            askAgain(at: hop)
        }
    }

    private mutating func add(_ question: FlowMap.Question) {
        guard asked[question.hop].insert(question.flow) else { return }
        if busy != nil, !(busy?.insert(question.flow) ?? true) {
            asked[question.hop].remove(question.flow)
            return
        }
        questions.append(question)
    }

    private mutating func ask(_ flow: Int, at hop: Int) {
        let question = FlowMap.Question(flow: UInt16(flow), hop: hop)
        guard hop < hops.count, !hops[hop].out.contains(question.flow), !map.isDecided(flow, at: hop),
            !unusable.contains(question.flow)
        else { return }
        add(question)
    }

    /// Every hop that there is needs the first flows, and behind the last that is known some are looked for.
    private mutating func askFirst(_ count: Int, at hop: Int) {
        guard hop <= firstFinal ?? .max else { return }
        if hop <= horizon + 1 {
            // Where it is known what a flow went through before, what that needs decides.
            for flow in 0..<count where !map.isDecided(flow, at: hop - 1) && map.node(of: flow, at: hop - 1) == nil {
                ask(flow, at: hop)
            }
        } else if firstFinal == nil, hop <= horizon + Self.lookahead {
            ask(hop % count, at: hop)
        }
    }

    /// Asks for the next hop what the nodes of the one before still need.
    private mutating func askOnward(to hop: Int) {
        let before = hop - 1
        var missing = map.counts(at: before)
        for number in map.numbers(at: before) {
            let way = map.onward(from: number, at: before)
            missing[number] = max(0, way.need - way.flows)
        }
        guard missing.total > 0 else { return }
        hops[hop].out.forEach { flow in
            guard !map.isDecided(Int(flow), at: hop), let number = map.node(of: Int(flow), at: before) else { return }
            missing.take(number)
        }
        for flow in 0..<(map.hops[before].only != nil ? flowLimit : map.flowCount(at: before)) {
            guard missing.total > 0 else { return }
            guard let number = map.node(of: flow, at: before), missing[number] > 0,
                !map.isDecided(flow, at: hop), !hops[hop].out.contains(UInt16(flow))
            else { continue }
            missing.take(number)
            ask(flow, at: hop)
        }
        // Where one node alone is known, that is soon decided; then every flow goes through it that has not ended before.
        if map.numbers(at: before).count > 1 || before > firstFinal ?? .max { steer(to: missing, at: before) }
    }

    /// Looks for more flows through nodes that need them: half as many as will do, by how often they were met, since what is
    /// asked too much is lost, and asking again costs but a round trip.
    private mutating func steer(to missing: FlowMap.Counts, at hop: Int) {
        var met = map.counts(at: hop)
        for flow in 0..<map.flowCount(at: hop) {
            if let number = map.seen(flow, at: hop) { met[number] += 1 }
        }
        guard met.total > 0 else { return }
        let numbers = map.numbers(at: hop)
        let least = 1 / Double(numbers.count { met[$0] > 0 } + 1)
        var wanted = 0
        for number in numbers where missing[number] > 0 {
            let share = max(Double(met[number]) / Double(met.total), least)
            wanted = max(wanted, Int((Double(missing[number]) / share / 2).rounded(.up)))
        }
        // What is on its way may be what is missing.
        wanted -= hops[hop].out.count + asked[hop].count
        var flow = 0
        while wanted > 0, flow < flowLimit {
            defer { flow += 1 }
            guard !map.isDecided(flow, at: hop), !hops[hop].out.contains(UInt16(flow)) else { continue }
            if let number = map.node(of: flow, at: hop - 1) {
                guard !map.isFinal(number, at: hop - 1) else { continue }
            } else if hop > firstFinal ?? .max {
                // It may have ended before; that is to be known first.
                askBack(flow, at: hop - 1)
                wanted -= 1
                continue
            }
            ask(flow, at: hop)
            wanted -= 1
        }
    }

    private mutating func askBack(_ flow: Int, at hop: Int) {
        var hop = hop
        while hop > 1, hop > firstFinal ?? .max, map.node(of: flow, at: hop - 1) == nil { hop -= 1 }
        if let number = map.node(of: flow, at: hop - 1), map.isFinal(number, at: hop - 1) { return }
        ask(flow, at: hop)
    }

    /// Asks about flows again where there are several ways on: one that does not keep to its way is dealt out by packet.
    ///
    /// The nodes of a hop are tried together, each at least twice; where one does not keep flows together, each alone.
    private mutating func askAgain(at hop: Int) {
        let before = hop - 1
        guard !map.hops[before].isShuffled else { return }
        let branching = map.numbers(at: before).filter { map.onward(from: $0, at: before).successors.count > 1 }
        guard !branching.isEmpty else { return }
        let rule = StopRule(confidence: confidence)
        let isSuspicious = branching.contains { map.onward(from: $0, at: before).isByPacket }
        for number in branching {
            let way = map.onward(from: number, at: before)
            guard !way.isByPacket else { continue }
            let alone = rule.repeats(among: way.successors.count)
            let count = isSuspicious ? alone : max(2, (alone + branching.count - 1) / branching.count)
            var left = count - way.repeats
            guard left > 0 else { continue }
            // Different flows, so that questions do not wait for each other.
            for flow in 0..<map.flowCount(at: hop) where left > 0 {
                guard map.node(of: flow, at: before) == number, let next = map.seen(flow, at: hop),
                    next != FlowMap.silent, map.repeats(of: UInt16(flow), at: hop) == 0
                else { continue }
                left -= 1
                if !hops[hop].out.contains(UInt16(flow)) { add(FlowMap.Question(flow: UInt16(flow), hop: hop)) }
            }
        }
    }
}
