extension PathGraph {
    /// All paths to a target as lines: each node with its next nodes, unless those are simply all nodes of the next hop.
    ///
    /// ```
    /// 1   192.0.2.1  2.000 ms  to 2a 2b, by flow
    /// 2a  198.51.100.1  4.000 ms
    /// 2b  198.51.100.2  4.100 ms
    /// 3   203.0.113.7  6.000 ms
    /// ```
    public struct Text: EventText {
        /// Whether names are shown beside the addresses.
        public var showsNames: Bool
        private var fold = PathGraph.Fold()

        /// A text that has seen nothing.
        public init(showsNames: Bool = true) { self.showsNames = showsNames }

        /// Takes in the next event; returns the lines that can be shown now.
        public mutating func apply(_ event: ProbeEvent) -> [String] {
            fold.apply(event)
            switch event.fact {
            case .started(let run): return ["all paths" + TraceReport.Text.head(of: run).dropFirst("trace".count)]
            case .ended: return fold.report().map { Self.lines(of: $0, showsNames: showsNames) } ?? []
            default: return []
            }
        }

        /// The lines of a graph without its head.
        public static func lines(of graph: PathGraph, showsNames: Bool = true) -> [String] {
            let tags = tags(of: graph)
            let width = tags.map(\.count).max() ?? 0
            var successors = [[Int]](repeating: [], count: graph.nodes.count)
            var guesses: Set<Int> = []
            for link in graph.links {
                successors[link.from].append(link.to)
                if link.isGuess { guesses.insert(link.from) }
            }
            let byHop = Dictionary(grouping: graph.nodes) { $0.ttls.first ?? 0 }
            var lines: [String] = []
            if graph.sources.count > 1 {
                for source in graph.sources {
                    let who = [source.name.map { UntrustedText($0).escaped }, source.address.map { "(\($0))" }]
                    let first = source.first.map { tags[$0] }.joined(separator: " ")
                    lines.append("from " + who.compactMap { $0 }.joined(separator: " ") + "  to " + first)
                }
            }
            for node in graph.nodes.sorted(by: { ($0.ttls.first ?? 0, $0.id) < ($1.ttls.first ?? 0, $1.id) }) {
                var line = (node.ttls.first ?? 0 < 10 ? " " : "") + tags[node.id]
                line = line.padding(to: width + 1) + "  " + who(node, showsNames)
                if let rtt = node.rtt { line += "  \(rtt.min.millisecondsText(decimals: 3)) ms" }
                let next = successors[node.id]
                // If a node leads to all nodes of the next hop, the line need not say so.
                let isPlain =
                    node.ttls.count == 1 && node.ttls[0] < 256
                    && Set(next) == Set((byHop[node.ttls[0] + 1] ?? []).map(\.id))
                if next.count > 1 || !(isPlain || next.isEmpty) {
                    line += "  to " + next.map { tags[$0] }.joined(separator: " ")
                }
                if let balancing = node.balancing { line += balancing == .flow ? ", by flow" : ", by packet" }
                if guesses.contains(node.id) { line += " (a guess)" }
                if node.ttls.count > 1 {
                    line += "  also at hop " + node.ttls.dropFirst().map(String.init).joined(separator: ", ")
                }
                lines.append(line)
            }
            lines.append(summary(of: graph))
            if let remark = graph.end.flatMap(TraceReport.Text.remark) { lines.append(remark) }
            return lines
        }

        /// The label of each node: its hop, with a letter if there are several.
        private static func tags(of graph: PathGraph) -> [String] {
            var counts: [Int: Int] = [:]
            for node in graph.nodes { counts[node.ttls.first ?? 0, default: 0] += 1 }
            var next: [Int: Int] = [:]
            return graph.nodes.map { node in
                let hop = node.ttls.first ?? 0
                let number = next[hop, default: 0]
                next[hop] = number + 1
                return "\(hop)" + (counts[hop] == 1 ? "" : letters(number))
            }
        }

        /// a, b, … z, aa, ab, …
        private static func letters(_ number: Int) -> String {
            let letter = String(UnicodeScalar(UInt8(97 + number % 26)))
            return number < 26 ? letter : letters(number / 26 - 1) + letter
        }

        private static func who(_ node: PathGraph.Node, _ showsNames: Bool) -> String {
            guard let address = node.address else { return "*" }
            return showsNames ? "\(node.name?.word ?? "\(address)") (\(address))" : "\(address)"
        }

        private static func summary(of graph: PathGraph) -> String {
            let paths = graph.pathCount.map { "\($0) \($0 == 1 ? "path" : "paths")" } ?? "paths with loops"
            var line =
                "\(paths) over \(graph.nodes.count) nodes and \(graph.links.count) links, by \(graph.probes) probes"
            if graph.nodes.isEmpty {
                line += ": nothing is known"
            } else if let confidence = graph.confidence {
                let wanted = graph.run.parameters.confidence ?? 0
                line += ": all there are with a confidence of \(confidence.percentText(rounding: .down)) %"
                if confidence < wanted {
                    line += ", less than the \(wanted.percentText(rounding: .down)) % that were asked for"
                }
            }
            return line
        }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
