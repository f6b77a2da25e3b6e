extension PathGraph {
    /// The graph in the language of Graphviz: `dot -Tsvg` draws it.
    ///
    /// Guesses are dashed lines; the more flows a link has, the wider its line.
    public var dot: String {
        var lines = [
            "digraph paths {",
            "  rankdir=LR;",
            "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];",
            "  edge [color=\"#64748b\"];",
        ]
        for (index, source) in sources.enumerated() {
            let label = [source.name.map { UntrustedText($0).escaped }, source.address?.description].compactMap { $0 }
            lines.append(
                "  s\(index) [shape=circle, label=\(Self.quoted(label.isEmpty ? ["source"] : label))];")
        }
        for node in nodes {
            var label: [String] = []
            if let name = node.name, let address = node.address, name.raw != address.description {
                label.append(name.escaped)
            }
            label.append(node.address?.description ?? "*")
            if let rtt = node.rtt { label.append("\(rtt.min.millisecondsText(decimals: 1)) ms") }
            var line = "  n\(node.id) [label=\(Self.quoted(label))"
            if node.isTarget { line += ", penwidth=2" }
            if node.address == nil { line += ", style=\"rounded,dashed\"" }
            if node.balancing == .packet { line += ", color=\"#b45309\"" }
            lines.append(line + "];")
        }
        for (index, source) in sources.enumerated() {
            for node in source.first { lines.append("  s\(index) -> n\(node);") }
        }
        let most = max(1, links.map(\.flows).max() ?? 1)
        for link in links {
            let width = 1 + 3 * link.flows / most
            var line = "  n\(link.from) -> n\(link.to) [penwidth=\(width)"
            if link.isGuess { line += ", style=dashed" }
            lines.append(line + "];")
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// The lines of a label, in quotes.
    private static func quoted(_ lines: [String]) -> String {
        var text = "\""
        for (index, line) in lines.enumerated() {
            if index > 0 { text += "\\n" }
            for character in line.unicodeScalars {
                if character == "\"" || character == "\\" { text += "\\" }
                text.unicodeScalars.append(character)
            }
        }
        return text + "\""
    }
}
