extension PingReport {
    /// The ping as two Markdown tables with a head, one of the answers and one of the sums.
    ///
    /// Probes are counted from 1, as in ping. Times are in milliseconds.
    public var markdownLines: [String] {
        var answers = MarkdownTable([
            .init(title: "Probe", isNumber: true), .init(title: "From"), .init(title: "TTL", isNumber: true),
            .init(title: "Time ms", isNumber: true), .init(title: "Notes"),
        ])
        for reply in replies {
            let notes =
                (reply.kind.isFromTarget ? [] : [reply.answer.words]) + (reply.isDuplicate ? ["duplicate"] : [])
                + (reply.isLate ? ["late"] : [])
            answers.rows.append([
                "\(reply.sequence < .max ? reply.sequence + 1 : .max)", reply.from.markdown,
                reply.answer.ttl.map { "\($0)" } ?? "", reply.rtt.cell, notes.joined(separator: ", ").markdown,
            ])
        }
        var sums = MarkdownTable(
            ["Sent", "Received", "Lost", "Loss", "Min ms", "Avg ms", "Max ms", "StDev ms"]
                .map { .init(title: $0, isNumber: true) })
        sums.rows.append(
            ["\(sent)", "\(received)", "\(lost)", lossPercent.percentCell]
                + [rtt?.min, rtt?.average, rtt?.max, rtt?.standardDeviation].map { $0?.cell ?? "" })
        return [run.markdownHead("Ping of"), ""] + (replies.isEmpty ? [] : answers.lines + [""]) + sums.lines
    }
}
