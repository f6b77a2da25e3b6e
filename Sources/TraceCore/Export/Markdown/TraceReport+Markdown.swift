extension TraceReport {
    /// The trace as a Markdown table with a head and a remark on its end: a line for each address of each hop.
    ///
    /// Names are escaped. Times are in milliseconds.
    public var markdownLines: [String] {
        var table = MarkdownTable([
            .init(title: "Hop", isNumber: true), .init(title: "Host"), .init(title: "Address"),
            .init(title: "Loss", isNumber: true), .init(title: "Probes", isNumber: true),
            .init(title: "Best ms", isNumber: true), .init(title: "Avg ms", isNumber: true),
            .init(title: "Worst ms", isNumber: true), .init(title: "Notes"),
        ])
        for hop in hops {
            let loss = LossCount(answered: hop.replies.count, lost: hop.lost).percent.percentCell
            guard !hop.addresses.isEmpty else {
                table.rows.append(["\(hop.ttl)", "\\*", "", loss, "\(hop.sent)", "", "", "", ""])
                continue
            }
            for (index, address) in hop.addresses.enumerated() {
                let isFirst = index == 0
                table.rows.append(
                    [isFirst ? "\(hop.ttl)" : ""] + hop.hostCells(of: address)
                        + [isFirst ? loss : "", isFirst ? "\(hop.sent)" : ""] + hop.figureCells(of: address))
            }
        }
        let remark = end.flatMap { TraceReport.Text.remark(on: $0, of: self) }.map { ["", $0.markdown] } ?? []
        return [run.markdownHead("Trace to"), ""] + table.lines + remark
    }
}

extension TraceReport.Hop {
    /// The name and the address of a responder.
    fileprivate func hostCells(of address: IPAddress) -> [String] {
        let name = (replies + late).first { $0.from == address && $0.name != nil }?.name
        return [name?.markdown ?? "", address.markdown]
    }

    /// The round trips of a responder, and the notes on it.
    fileprivate func figureCells(of address: IPAddress) -> [String] {
        let answers = replies.filter { $0.from == address }
        var statistics = RunningStatistics()
        for answer in answers { statistics.add(answer.rtt) }
        let rtt = RTTSummary(statistics)
        var notes: [String] = []
        for answer in answers + late.filter({ $0.from == address }) {
            let found =
                [answer.answer.mark].compactMap { $0 } + answer.answer.labels.map { "MPLS \($0.label)" }
                + [answer.answer.interface?.name.map { "interface \($0)" }].compactMap { $0 }
            for note in found where !notes.contains(note) { notes.append(note) }
        }
        let lateCount = late.count { $0.from == address }
        if lateCount > 0 { notes.append("\(lateCount) late") }
        let times = [rtt?.min, rtt?.average, rtt?.max].map { $0?.cell ?? "" }
        return times + [notes.joined(separator: ", ").markdown]
    }
}
