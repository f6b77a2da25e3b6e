internal import TraceCore

/// All paths to a target: the drawing of the terminal, and a graph.
struct PathsContent: RunContent {
    private var fold = PathGraph.Fold()
    private var hops = 0

    mutating func apply(_ event: ProbeEvent) {
        fold.apply(event)
        if let probe = event.probe, event.reply != nil { hops = max(hops, Int(probe.ttl)) }
    }

    var progress: String? { hops == 0 ? nil : "hop \(hops), \(fold.report()?.probes ?? 0) probes" }

    var outcome: String? {
        fold.report().map { graph in
            let reached = graph.isReached ? "reach" : "do not reach"
            guard let count = graph.pathCount else { return "The paths \(reached) the target" }
            return "\(count) \(count == 1 ? "path" : "paths") that \(reached) the target, by \(graph.probes) probes"
        }
    }

    func parts(_ context: PartContext) -> [Part] {
        guard let graph = fold.report() else { return [] }
        return [
            Part(
                "\(context.id)-graph", .div,
                [.class("graph scroll"), .focusable, .role("region"), .label("Graph of the paths")],
                Self.drawing(graph)),
            Part(
                "\(context.id)-lines", .pre, [.class("lines"), .focusable, .label("Paths")],
                HTML(lines: PathGraph.Text.lines(of: graph))),
        ]
    }

    /// As much of a name as there is room for.
    private static func short(_ name: UntrustedText) -> String {
        let text = name.escaped
        return text.count > 32 ? text.prefix(31) + "…" : text
    }

    /// Each hop is a row of nodes, and each link a curve to the row below.
    private static func drawing(_ graph: PathGraph) -> HTML {
        let rows = Dictionary(grouping: graph.nodes) { $0.ttls.first ?? 0 }
        guard let most = rows.values.map(\.count).max() else { return HTML() }
        let (column, line) = (210.0, 62.0)
        let width = max(1, Double(most)) * column
        var places: [Int: SIMD2<Double>] = [:]
        for (index, ttl) in rows.keys.sorted().enumerated() {
            let nodes = rows[ttl] ?? []
            for (position, node) in nodes.enumerated() {
                let step = width / Double(nodes.count)
                places[node.id] = SIMD2(step * (Double(position) + 0.5), Double(index) * line + 16)
            }
        }
        var elements = HTML()
        for link in graph.links {
            guard let from = places[link.from], let to = places[link.to] else { continue }
            let middle = (from.y + 20 + to.y - 14) / 2
            elements += HTML(
                .path,
                [
                    .class(link.isGuess ? "link guess" : "link"),
                    .drawing(
                        "d", "M\(from.x) \(from.y + 20)C\(from.x) \(middle) \(to.x) \(middle) \(to.x) \(to.y - 14)"),
                ])
        }
        for node in graph.nodes {
            guard let place = places[node.id] else { continue }
            let label = node.address.map { "\($0)" } ?? "no answer"
            elements += HTML(
                .text,
                [
                    .class(node.isTarget ? "node target" : node.address == nil ? "node silent" : "node"),
                    .drawing("x", "\(place.x)"), .drawing("y", "\(place.y)"), .drawing("text-anchor", "middle"),
                ], HTML(label))
            guard let name = node.name, !name.raw.isEmpty else { continue }
            elements += HTML(
                .text,
                [
                    .class("name"), .drawing("x", "\(place.x)"), .drawing("y", "\(place.y + 14)"),
                    .drawing("text-anchor", "middle"),
                ], HTML(Self.short(name)))
        }
        let height = Int(Double(rows.count) * line)
        return HTML(
            .svg,
            [
                .class("paths"), .role("img"), .label("The paths as a graph; the same follows as text"),
                .drawing("viewBox", "0 0 \(Int(width)) \(height)"), .drawing("width", "\(Int(width))"),
                .drawing("height", "\(height)"),
            ], elements)
    }
}
