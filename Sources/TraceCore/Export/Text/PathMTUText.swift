/// The MTU of a path as lines in the form that users of traceroute know: `F=1500` where a size is known and wherever it
/// changes, and a sentence for each place where it shrinks.
public struct PathMTUText: EventText {
    /// How hops look.
    public var hops: TraceText

    private var fold = PathMTUFold()

    /// A text that has seen nothing.
    ///
    /// - Parameter hops: How hops look; what it has seen does not matter.
    public init(hops: TraceText = TraceText()) { self.hops = hops }

    /// Takes in the next event; returns the lines that can be shown now: the first one, and the others at the end.
    public mutating func apply(_ event: ProbeEvent) -> [String] {
        fold.apply(event)
        switch event.fact {
        case .started(let run): return [Self.head(of: run)]
        case .ended: return fold.report().map { hopLines($0) + summary($0) } ?? []
        default: return []
        }
    }

    private static func head(of run: RunDescription) -> String {
        var line = "path MTU to \(run.target.map(TraceText.text) ?? "many targets") by \(TraceText.how(run))"
        if let maxTTL = run.parameters.maxTTL { line += ", \(maxTTL) hops max" }
        if let size = run.parameters.packetSize { line += ", packets of up to \(size) bytes" }
        return line
    }

    private func hopLines(_ report: PathMTU) -> [String] {
        let trace = Trace(run: report.run, hops: report.hops.map(\.hop), end: report.end)
        var before: Int?
        return report.hops.map { hop in
            var line = hops.line(for: hop.hop, of: trace)
            if let mtu = hop.mtu, mtu != before {
                line += hop.isExact || report.localMTU == mtu ? "  F=\(mtu)" : "  F>=\(mtu)"
                before = mtu
            }
            return line
        }
    }

    private func summary(_ report: PathMTU) -> [String] {
        var lines = report.limits.map { limit in
            let place = "between \(Self.place(limit.after, in: report)) and \(Self.place(limit.before, in: report))"
            return "\(place), packets of more than \(limit.mtu) bytes \(Self.fate(limit))"
        }
        lines += report.doubts.map { doubt in
            let told = doubt.told.map { "that \($0) bytes fit" } ?? "nothing of what fits"
            return "\(doubt.from) refused a packet of \(doubt.size) bytes and said \(told): not believed"
        }
        guard let mtu = report.mtu else {
            return lines + [TraceText.remark(on: report.end ?? RunEnd(.gap)) ?? "path MTU: not known"]
        }
        var line = report.isReached ? "path MTU: " : "MTU of the path as far as it answers: "
        line += report.isExact || report.localMTU == mtu ? "\(mtu)" : "at least \(mtu)"
        if mtu == report.localMTU { line += ", that of the own interface" }
        lines.append(line)
        if let end = report.end, let remark = TraceText.remark(on: end) { lines.append(remark) }
        return lines
    }

    private static func fate(_ limit: PathMTU.Limit) -> String {
        guard let router = limit.refusedBy else { return "vanish without a word" }
        guard let told = limit.told, told != limit.mtu else { return "are refused by \(router) (!F-\(limit.mtu))" }
        return "are refused by \(router), which says that \(told) fit"
    }

    private static func place(_ ttl: Int, in report: PathMTU) -> String {
        guard ttl > 0 else { return "this machine" }
        let address = report.hops.first { $0.ttl == ttl }?.hop.addresses.first
        return "hop \(ttl)" + (address.map { " (\($0))" } ?? "")
    }
}
