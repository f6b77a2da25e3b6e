/// Lays ways out as steps and edges, from their ends to their beginnings.
struct WayBuilder {
    indirect enum Part {
        case node(Int)
        case alternatives([(weight: Double, parts: [Part])])
        case loop([Int])
    }

    /// A step that may come next, and how often it does.
    private struct Entry {
        let step: Int32
        let share: Double
    }

    private(set) var steps: [SimulatedStep] = []
    private(set) var edges: [SimulatedEdge] = []
    private let link: (_ from: Int, _ to: Int) -> LinkTraits

    init(nodes: Int, link: @escaping (_ from: Int, _ to: Int) -> LinkTraits) { self.link = link }

    /// Adds a way, and gives its first step, which is that of the vantage.
    mutating func add(_ parts: [Part], from vantage: Int) -> Int32 {
        addStep(-1, from: vantage, to: entries(of: parts[...], before: []))
    }

    private mutating func entries(of parts: ArraySlice<Part>, before next: [Entry]) -> [Entry] {
        var next = next
        for part in parts.reversed() {
            switch part {
            case .node(let node): next = [Entry(step: addStep(node, from: node, to: next), share: 1)]
            case .loop(let nodes): next = [Entry(step: addLoop(nodes), share: 1)]
            case .alternatives(let branches):
                let total = branches.reduce(0) { $0 + $1.weight }
                next = branches.flatMap { branch in
                    entries(of: branch.parts[...], before: next).map {
                        Entry(step: $0.step, share: $0.share * branch.weight / total)
                    }
                }
            }
        }
        return next
    }

    private mutating func addStep(_ node: Int, from: Int, to next: [Entry]) -> Int32 {
        let first = edges.count
        var sum = 0.0
        for entry in next {
            sum += entry.share
            edges.append(edge(from: from, to: entry.step, threshold: UInt32(clamping: UInt64(sum * 0x1p32))))
        }
        // Rounding must not leave a flow without a way.
        if !next.isEmpty { edges[edges.count - 1].threshold = .max }
        steps.append(
            SimulatedStep(node: Int32(node), firstEdge: Int32(first), edgeCount: Int32(next.count)))
        return Int32(steps.count - 1)
    }

    private mutating func addLoop(_ nodes: [Int]) -> Int32 {
        let firstStep = steps.count
        let firstEdge = edges.count
        for (index, node) in nodes.enumerated() {
            steps.append(
                SimulatedStep(node: Int32(node), firstEdge: Int32(firstEdge + index), edgeCount: 1))
        }
        for (index, node) in nodes.enumerated() {
            edges.append(
                edge(from: node, to: Int32(firstStep + (index + 1) % nodes.count), threshold: .max))
        }
        return Int32(firstStep)
    }

    private func edge(from: Int, to step: Int32, threshold: UInt32) -> SimulatedEdge {
        let node = steps[Int(step)].node
        let link = link(from, Int(node))
        return SimulatedEdge(
            step: step, node: node, threshold: threshold, link: link,
            isPlain: link.loss == 0 && link.returnLoss == 0 && link.mtu == .max && !link.isDown)
    }

    /// Notes for each node of a way the straight way that leads to it: how the node itself is reached.
    static func collectStraightWays(_ parts: [Part], into ways: inout [Int: [Int]]) {
        var way: [Int] = []
        collect(parts, &way, &ways)
    }

    private static func collect(_ parts: [Part], _ way: inout [Int], _ ways: inout [Int: [Int]]) {
        for part in parts {
            switch part {
            case .node(let node): pass(node, &way, &ways)
            case .loop(let nodes): for node in nodes { pass(node, &way, &ways) }
            case .alternatives(let branches):
                let before = way
                for branch in branches.reversed() {
                    way = before
                    collect(branch.parts, &way, &ways)
                }
            }
        }
    }

    private static func pass(_ node: Int, _ way: inout [Int], _ ways: inout [Int: [Int]]) {
        way.append(node)
        if ways[node] == nil { ways[node] = way }
    }
}
