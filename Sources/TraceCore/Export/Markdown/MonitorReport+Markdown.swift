extension MonitorReport {
    /// The watched path as a Markdown table with a head: a line for each hop, and for each other responder at it.
    ///
    /// Names are escaped. Times are in milliseconds.
    public var markdownLines: [String] {
        var table = MarkdownTable([
            .init(title: "Hop", isNumber: true), .init(title: "Host"), .init(title: "Address"),
            .init(title: "Loss", isNumber: true), .init(title: "Sent", isNumber: true),
            .init(title: "Last ms", isNumber: true), .init(title: "Avg ms", isNumber: true),
            .init(title: "Best ms", isNumber: true), .init(title: "Worst ms", isNumber: true),
            .init(title: "StDev ms", isNumber: true), .init(title: "Notes"),
        ])
        for hop in hops {
            let first = hop.addresses.first
            table.rows.append(
                [
                    "\(hop.ttl)", first.map { $0.name?.markdown ?? "" } ?? "\\*", first?.address.markdown ?? "",
                    hop.lossPercent.percentCell, "\(hop.sent)", hop.last?.cell ?? "",
                ] + Self.cells(of: hop.rtt) + [first.map(Self.notes) ?? ""])
            for other in hop.addresses.dropFirst() {
                table.rows.append(
                    ["", other.name?.markdown ?? "", other.address.markdown, "", "", other.last.cell]
                        + Self.cells(of: other.rtt) + [Self.notes(other)])
            }
        }
        let remark = end.flatMap(TraceReport.Text.remark).map { ["", $0.markdown] } ?? []
        let rounds = "\(rounds) \(rounds == 1 ? "round" : "rounds")"
        return [run.markdownHead("Path to") + ", \(rounds)", ""] + table.lines + remark
    }

    private static func cells(of rtt: RTTSummary?) -> [String] {
        [rtt?.average, rtt?.min, rtt?.max, rtt?.standardDeviation].map { $0?.cell ?? "" }
    }

    private static func notes(_ address: Address) -> String {
        let notes = [address.kind.mark].compactMap { $0 } + address.labels.map { "MPLS \($0.label)" }
        return notes.joined(separator: ", ").markdown
    }
}
