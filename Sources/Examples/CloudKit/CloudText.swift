internal import GeoKit
internal import TraceCore

/// A report as a table for a terminal.
package struct CloudText: Sendable {
    /// How wide the lines may be.
    package let width: Int
    /// How many ranked regions are shown; nil for all.
    package let most: Int?
    /// Whether bars may be of more than ASCII.
    package let isPlain: Bool

    package init(width: Int, most: Int? = nil, isPlain: Bool = false) {
        (self.width, self.most, self.isPlain) = (max(40, width), most, isPlain)
    }

    /// Three digits at least: 3.42, 34.2, 342.
    package static func number(_ value: Double) -> String {
        let digits = value < 10 ? 2 : value < 100 ? 1 : 0
        let factor = [1.0, 10, 100][digits]
        let whole = Int((value * factor).rounded())
        guard digits > 0 else { return "\(whole)" }
        let rest = String(whole % Int(factor))
        return "\(whole / Int(factor)).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }

    /// With one digit where it is less than ten.
    static func percent(_ value: Double) -> String {
        value > 0 && value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
    }

    /// The table, what was found out beside it, and what could not be.
    package func lines(_ report: CloudReport) -> [String] {
        let ranked = report.results.filter { $0.rank != nil }
        let shown = ranked.prefix(most ?? .max)
        var lines = head(report, ranked.count)
        if !shown.isEmpty { lines += table(Array(shown)) }
        if ranked.count > shown.count { lines.append("… and \(ranked.count - shown.count) more: --all shows them") }
        lines += best(ranked, report)
        lines += rest(report)
        return lines
    }

    private func head(_ report: CloudReport, _ ranked: Int) -> [String] {
        let asked = report.results.count { $0.sent > 0 }
        var text = "\(asked) of \(report.results.count) regions measured, \(ranked) ranked"
        if let from = report.run.from { text = "From \(UntrustedText(from).word): " + text }
        if let reason = report.unfinished { text += "; not finished: \(UntrustedText(reason).escaped)" }
        return wrapped(text)
    }

    // MARK: The table

    private func table(_ results: [CloudReport.Result]) -> [String] {
        let rows = results.map(cells)
        let names = ["rank", "region", "place", "median", "p90", "jitter", "loss", "light", "hops"]
        // What matters least goes first where there is no room.
        var columns = Array(names.indices)
        func widths(_ columns: [Int]) -> [Int] {
            columns.map { column in max(names[column].columns, rows.map { $0[column].columns }.max() ?? 0) }
        }
        func total(_ columns: [Int]) -> Int { widths(columns).reduce(0, +) + 2 * (columns.count - 1) }
        for column in [8, 7, 5, 4] where total(columns) + 14 > width { columns.removeAll { $0 == column } }
        for column in [2, 6] where total(columns) > width { columns.removeAll { $0 == column } }
        let all = widths(columns)
        let room = width - total(columns) - 2
        let bars = room >= 8 ? min(room, 40) : 0
        let longest = results.compactMap { $0.rttMs?.median }.max() ?? 1
        func line(_ cells: [String], bar: String) -> String {
            var text = ""
            for (index, column) in columns.enumerated() {
                let cell = cells[column]
                let space = String(repeating: " ", count: max(0, all[index] - cell.columns))
                text += (text.isEmpty ? "" : "  ") + (column == 1 || column == 2 ? cell + space : space + cell)
            }
            if bars > 0, !bar.isEmpty { text += "  \(bar)" }
            while text.last == " " { text.removeLast() }
            return text.count > width ? String(text.prefix(width)) : text
        }
        return [line(names, bar: "")]
            + zip(results, rows).map { result, cells in
                line(cells, bar: bar(result, of: longest, in: bars))
            }
    }

    private func cells(_ result: CloudReport.Result) -> [String] {
        func milliseconds(_ value: Double?) -> String { value.map(Self.number) ?? "" }
        let rank = result.rank.map { first in
            result.lastRank.map { $0 > first ? "\(first)-\($0)" : "\(first)" } ?? "\(first)"
        }
        return [
            rank ?? "", result.region.id, UntrustedText(result.region.city).escaped(columns: 16),
            milliseconds(result.rttMs?.median),
            milliseconds(result.rttMs?.p90), milliseconds(result.rttMs?.jitter),
            (result.lossPercent ?? 0) > 0 ? "\(Int((result.lossPercent ?? 0).rounded()))%" : "",
            result.lightRatio.map { "\(isPlain ? "x" : "×")\(Self.number($0))" } ?? "",
            result.path.map { "\($0.trace.hops.count)" } ?? "",
        ]
    }

    /// The median as a bar, and as far as the 90th percentile a thin one.
    private func bar(_ result: CloudReport.Result, of longest: Double, in room: Int) -> String {
        guard room > 0, let rtt = result.rttMs else { return "" }
        func length(_ value: Double) -> Int { min(room, max(1, Int((value / longest * Double(room) * 0.9).rounded()))) }
        let (full, thin) = (length(rtt.median), length(rtt.p90))
        return String(repeating: isPlain ? "#" : "█", count: full)
            + String(repeating: isPlain ? "-" : "─", count: max(0, thin - full))
    }

    // MARK: Beside it

    /// The best region of each provider.
    private func best(_ ranked: [CloudReport.Result], _ report: CloudReport) -> [String] {
        var seen: Set<String> = []
        let best = ranked.filter { seen.insert($0.region.provider).inserted }
        guard best.count > 1 else { return [] }
        let texts = best.map { "\($0.region.id) \(Self.number($0.rttMs?.median ?? 0)) ms" }
        return wrapped("Best of each provider: " + texts.joined(separator: ", "))
    }

    private func rest(_ report: CloudReport) -> [String] {
        var lines: [String] = []
        for (verdict, title) in [
            (
                CloudReport.Verdict.frontEnd,
                "Not the region, but a front end near \(UntrustedText(report.run.place).word)"
            ),
            (.silent, "Silent"),
            (.unresolved, "No address"), (.refused, "Not asked"), (.notMeasured, "Not measured"),
        ] {
            let those = report.results.filter { $0.verdict == verdict }.sorted { $0.region.id < $1.region.id }
            guard !those.isEmpty else { continue }
            lines += wrapped("\(title) (\(those.count)): " + Self.grouped(those).joined(separator: ", "))
            if verdict == .unresolved || verdict == .refused, let reason = those[0].reason {
                lines += wrapped("  \(UntrustedText(reason).escaped)")
            }
        }
        let lossy = report.results.filter { $0.rank != nil && CloudReport.isLossy($0) }
        if !lossy.isEmpty {
            lines += wrapped(
                "Losing packets: "
                    + lossy.map { "\($0.region.id) \(Int(($0.lossPercent ?? 0).rounded()))%" }.joined(separator: ", "))
        }
        if report.isPlaceDoubtful {
            lines += wrapped(
                "Hardly where it is said to be: more regions can answer as they do if \(UntrustedText(report.run.place).word) is elsewhere"
            )
        }
        return lines
    }

    /// The names of regions, those of a provider with many as one, with the times in which they answer.
    static func grouped(_ results: [CloudReport.Result]) -> [String] {
        var texts: [String] = []
        for (provider, own) in Dictionary(grouping: results, by: \.region.provider).sorted(by: { $0.key < $1.key }) {
            let times = own.compactMap { $0.rttMs?.min }.sorted()
            guard own.count > 4 else {
                texts += own.map { result in
                    result.region.id + (result.rttMs.map { " \(number($0.min)) ms" } ?? "")
                }
                continue
            }
            var text = "\(own.count) regions of \(provider)"
            if let first = times.first, let last = times.last { text += " \(number(first)) to \(number(last)) ms" }
            texts.append(text)
        }
        return texts
    }

    private func wrapped(_ text: String) -> [String] { Self.wrapped(text, width) }

    /// A text in lines, the further ones indented.
    static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.columns + 1 + String(word).columns > width {
                lines.append(line)
                line = "    \(word)"
            } else {
                line += line.isEmpty && lines.isEmpty ? "\(word)" : " \(word)"
            }
        }
        return lines + [line]
    }
}

extension CloudReport {
    /// Whether a region certainly loses packets: more than one, and more than a hundredth.
    package static func isLossy(_ result: Result) -> Bool {
        result.sent - result.received > 1
            && CloudRanking.Sample.loss(result.sent - result.received, of: result.sent).low > 1
    }

    /// The names of the columns of the table for programs, in their order.
    package static let columns = [
        "rank", "last_rank", "rank_of_provider", "rank_of_continent", "provider", "region", "name", "city", "country",
        "continent", "latitude", "longitude", "host", "evidence", "address", "method", "verdict", "reason", "sent",
        "received",
        "loss_percent", "min_ms", "p10_ms", "median_ms", "p90_ms", "max_ms", "mean_ms", "jitter_ms", "distance_km",
        "light_ms",
        "hops", "from",
    ]

    /// The results as CSV: a line for each region, the ranked ones first. No cell is a formula.
    package var csv: [String] {
        [Self.columns.joined(separator: ",")]
            + results.map { result in
                (result.cells.map(\.csv) + [UntrustedText(run.from ?? "").csvField]).joined(separator: ",")
            }
    }
}

extension CloudReport.Result {
    fileprivate enum Cell {
        case text(String)
        case number(String)

        var csv: String {
            switch self {
            case .text(let text): UntrustedText(text).csvField
            case .number(let text): text
            }
        }
    }

    fileprivate var cells: [Cell] {
        func whole(_ value: Int?) -> Cell { .number(value.map(String.init) ?? "") }
        func decimal(_ value: Double?) -> Cell { .number(value.map { "\(($0 * 1_000).rounded() / 1_000)" } ?? "") }
        return [
            whole(rank), whole(lastRank), whole(rankOfProvider), whole(rankOfContinent), .text(region.provider),
            .text(region.code), .text(region.name), .text(region.city), .text(region.country), .text(region.continent),
            .number(region.coordinate.map { "\($0.latitude)" } ?? ""),
            .number(region.coordinate.map { "\($0.longitude)" } ?? ""), .text(region.endpoint?.host ?? ""),
            .text(region.endpoint?.evidence.rawValue ?? ""), .text(address.map { "\($0)" } ?? ""),
            .text(method?.rawValue ?? ""),
            .text(verdict.rawValue), .text(reason ?? ""), whole(sent), whole(received), decimal(lossPercent),
            decimal(rttMs?.min), decimal(rttMs?.p10), decimal(rttMs?.median), decimal(rttMs?.p90), decimal(rttMs?.max),
            decimal(rttMs?.mean), decimal(rttMs?.jitter), decimal(distanceKm), decimal(lightMs),
            whole(path?.trace.hops.count),
        ]
    }
}
