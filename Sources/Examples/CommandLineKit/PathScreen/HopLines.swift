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
        /// Whether it is the hop's first line, which has its figures.
        var isFirst = false
        /// The text, in this many columns.
        var text: (_ room: Int) -> ScreenLine
    }

    let lines: [Line]

    init(_ hop: MonitorReport.Hop, _ state: PathScreenState, lastRound: Int, isTarget: Bool) {
        let number = (hop.ttl < 10 ? " " : "") + "\(hop.ttl). "
        var lines: [Line] = []
        // In a stable order, whichever responder has answered more often by now.
        let addresses = hop.addresses.sorted { left, right in
            let (leftGone, rightGone) = (Self.isGone(left, lastRound), Self.isGone(right, lastRound))
            return leftGone == rightGone ? left.address < right.address : rightGone
        }
        if addresses.isEmpty {
            let words = hop.lost > 0 ? "no answer" : hop.failed > 0 ? "not asked" : "waiting"
            lines.append(
                Line(isFirst: true) { _ in
                    var line = ScreenLine(number)
                    line.append("(\(words))", .dim)
                    return line
                })
        }
        for (index, address) in addresses.prefix(Self.mostAddresses).enumerated() {
            let style: CellStyle = index > 0 || Self.isGone(address, lastRound) ? .dim : isTarget ? .bold : .plain
            let lead = index == 0 ? number : "    "
            lines.append(
                Line(address: address, isFirst: index == 0) { room in
                    var line = ScreenLine(lead)
                    line.append(
                        address.address, address.name, state.hosts, style, mark: address.kind.mark, upTo: room)
                    return line
                })
            guard state.showsLabels else { continue }
            lines += address.labels.map { label in
                Line { room in
                    var line = ScreenLine("      ")
                    line.append(UntrustedText(label.mtrText), CellStyle(color: .cyan), upTo: room - line.columns)
                    return line
                }
            }
        }
        if addresses.count > Self.mostAddresses {
            let more = addresses.count - Self.mostAddresses
            lines.append(Line { _ in ScreenLine("    and \(more) more", .dim) })
        }
        self.lines = lines
    }

    private static func isGone(_ address: MonitorReport.Address, _ lastRound: Int) -> Bool {
        lastRound - address.lastRound > roundsUntilGone
    }
}
