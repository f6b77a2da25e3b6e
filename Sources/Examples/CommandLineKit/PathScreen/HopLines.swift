internal import TraceCore

/// What is said of a hop left of its figures: who answers there, with all who share it and their labels.
struct HopLines {
    /// The most addresses that are shown of a hop; balancing by packet over many ways would fill the screen.
    private static let mostAddresses = 8
    /// After this many rounds without an answer, an address is no longer listed.
    private static let roundsUntilGone = 30

    /// A line of a hop.
    struct Line {
        /// The address that it is about, or nil for labels and silent hops.
        var address: MonitorReport.Address?
        /// The hop.
        var ttl: Int
        /// Whether it is the hop's first line, which has its figures.
        var isFirst = false
        /// The text, in this many columns.
        var text: (_ room: Int) -> ScreenLine
    }

    let lines: [Line]

    /// The column of a fact before the hosts.
    struct FactColumn {
        let fact: PathFact
        let facts: [IPAddress: PathFacts]
        /// With the space behind it.
        let width: Int

        /// As wide as what it says of the addresses, within bounds.
        init(_ fact: PathFact, _ facts: [IPAddress: PathFacts], _ path: MonitorReport) {
            self.fact = fact
            self.facts = facts
            let texts = path.hops.flatMap(\.addresses).compactMap { fact.text(of: facts[$0.address])?.escaped.columns }
            width = min(max(texts.max() ?? 0, fact.title.count), fact.mostColumns) + 1
        }

        /// What is said of an address, in the width of the column.
        fileprivate func text(of address: IPAddress?) -> ScreenLine {
            var line = ScreenLine()
            if let text = address.flatMap({ fact.text(of: facts[$0]) }) {
                line.append(text, CellStyle(color: .cyan), upTo: width - 1)
            }
            line.pad(to: width)
            return line
        }
    }

    init(
        _ hop: MonitorReport.Hop, _ state: PathScreenState, lastRound: Int, isTarget: Bool, facts: FactColumn? = nil
    ) {
        let number = Self.number(of: hop.ttl, isChosen: state.chosen == hop.ttl)
        var lines: [Line] = []
        // In a stable order, whichever responder has answered more often by now.
        let addresses = hop.addresses.sorted { left, right in
            let (leftGone, rightGone) = (Self.isGone(left, lastRound), Self.isGone(right, lastRound))
            return leftGone == rightGone ? left.address < right.address : rightGone
        }
        if addresses.isEmpty {
            let words = hop.lost > 0 ? "no answer" : hop.failed > 0 ? "not asked" : "waiting"
            lines.append(
                Line(ttl: hop.ttl, isFirst: true) { _ in
                    var line = number
                    if let facts { line.append(facts.text(of: nil)) }
                    line.append("(\(words))", .dim)
                    return line
                })
        }
        for (index, address) in addresses.prefix(Self.mostAddresses).enumerated() {
            let style: CellStyle = index > 0 || Self.isGone(address, lastRound) ? .dim : isTarget ? .bold : .plain
            let lead = index == 0 ? number : ScreenLine("    ")
            lines.append(
                Line(address: address, ttl: hop.ttl, isFirst: index == 0) { room in
                    var line = lead
                    if let facts { line.append(facts.text(of: address.address)) }
                    line.append(
                        address.address, address.name, state.hosts, style, kind: address.kind, upTo: room)
                    return line
                })
            guard state.showsLabels else { continue }
            lines += address.labels.map { label in
                Line(ttl: hop.ttl) { room in
                    var line = ScreenLine("      ")
                    line.append(UntrustedText(label.mtrText), CellStyle(color: .cyan), upTo: room - line.columns)
                    return line
                }
            }
        }
        if addresses.count > Self.mostAddresses {
            let more = addresses.count - Self.mostAddresses
            lines.append(Line(ttl: hop.ttl) { _ in ScreenLine("    and \(more) more", .dim) })
        }
        self.lines = lines
    }

    /// The number of the hop, which stands out where it is chosen.
    private static func number(of ttl: Int, isChosen: Bool) -> ScreenLine {
        var line = ScreenLine(
            (ttl < 10 ? " " : "") + "\(ttl).", isChosen ? CellStyle(isBold: true, isInverse: true) : .plain)
        line.append(" ")
        return line
    }

    private static func isGone(_ address: MonitorReport.Address, _ lastRound: Int) -> Bool {
        lastRound - address.lastRound > roundsUntilGone
    }
}
