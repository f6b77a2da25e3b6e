package import TraceCore

/// What became better or worse from one run to another, beyond chance: only where the intervals of both are apart.
package struct CloudComparison: Sendable, Hashable, Codable {
    package enum Figure: String, Sendable, Hashable, Codable { case latency, loss }

    package struct Change: Sendable, Hashable, Codable {
        /// The region.
        package let id: String
        package let figure: Figure
        /// In milliseconds, or in percent.
        package let before, after: Double
        package var isBetter: Bool { after < before }
    }

    package let before, after: UTCTime
    /// The vantage point; nil for this machine.
    package let from: String?
    /// The greatest changes first.
    package let changes: [Change]
    /// The regions that answer now and did not before, and those that did and do not.
    package let appeared, vanished: [String]

    /// Compares a run with an earlier one.
    package init(from before: CloudReport, to after: CloudReport) {
        (self.before, self.after) = (before.run.startedAt, after.run.startedAt)
        from = after.run.from
        let old = Dictionary(before.results.map { ($0.region.id, $0) }) { first, _ in first }
        let new = Dictionary(after.results.map { ($0.region.id, $0) }) { first, _ in first }
        var changes: [Change] = []
        for (id, now) in new {
            guard let then = old[id], then.address != nil, then.verdict == .measured, now.verdict == .measured else {
                continue
            }
            for (figure, one, other) in [
                (Figure.latency, then.median, now.median), (.loss, then.loss, now.loss),
            ] where one.high < other.low || other.high < one.low {
                changes.append(Change(id: id, figure: figure, before: one.middle, after: other.middle))
            }
        }
        self.changes = changes.sorted { first, second in
            let (one, other) = (abs(first.after - first.before), abs(second.after - second.before))
            return one != other ? one > other : (first.id, first.figure.rawValue) < (second.id, second.figure.rawValue)
        }
        func answers(_ result: CloudReport.Result?) -> Bool { (result?.received ?? 0) > 0 }
        let both = Set(old.keys).intersection(new.keys)
        appeared = both.filter { !answers(old[$0]) && answers(new[$0]) }.sorted()
        vanished = both.filter { answers(old[$0]) && !answers(new[$0]) }.sorted()
    }

    /// Several, in sentences: each vantage point with itself.
    package static func lines(of matrix: CloudMatrix, since earlier: CloudMatrix) -> [String] {
        let comparisons = matrix.comparisons(since: earlier)
        guard !comparisons.isEmpty else { return ["", "No vantage point is in both runs."] }
        return comparisons.flatMap { comparison in
            let from = comparison.from.map { ", from \(UntrustedText($0).word)" } ?? ""
            return ["", "Since \(comparison.before)\(from):"] + comparison.lines.map { "  \($0)" }
        }
    }

    /// In sentences.
    package var lines: [String] {
        var lines = changes.map { change in
            let better = change.isBetter ? "better" : "worse"
            switch change.figure {
            case .latency:
                return
                    "\(change.id) is \(better): \(CloudText.number(change.before)) to \(CloudText.number(change.after)) ms"
            case .loss:
                return "\(change.id) loses \(change.isBetter ? "less" : "more"): \(Int(change.before.rounded())) to "
                    + "\(Int(change.after.rounded())) %"
            }
        }
        if !appeared.isEmpty { lines.append("Answers again: \(appeared.joined(separator: ", "))") }
        if !vanished.isEmpty { lines.append("Answers no more: \(vanished.joined(separator: ", "))") }
        return lines.isEmpty ? ["Nothing changed beyond chance."] : lines
    }
}

extension CloudReport.Result {

    fileprivate var median: CloudRanking.Figure {
        CloudRanking.Sample.median(roundTripsMs.compactMap { $0 }.sorted(), spread: 0)
    }
    fileprivate var loss: CloudRanking.Figure { CloudRanking.Sample.loss(sent - received, of: sent) }
}
