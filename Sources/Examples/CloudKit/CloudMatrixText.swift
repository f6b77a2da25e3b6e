internal import TraceCore

/// How slow a round trip is, from light to dark: the same in tables, on pages and on a terminal.
enum CloudShade {
    /// In milliseconds.
    static let limits = [25.0, 50, 85, 120, 220]

    /// The shade of a round trip: 0 for the fastest.
    static func index(of milliseconds: Double) -> Int { limits.count { milliseconds > $0 } }

    /// In the colours that every terminal has.
    static func terminal(_ index: Int) -> String? { ["1;32", "32", nil, nil, "33", "31"][index] }

    /// What the shades mean.
    static var names: [String] { limits.map { "up to \(Int($0)) ms" } + ["more"] }
}

/// A matrix as a table for a terminal: a row for each region, a column for each vantage point.
package struct CloudMatrixText: Sendable {
    private let width: Int
    private let most: Int?
    private let isColored: Bool

    /// - Parameters:
    ///   - width: How wide the lines may be.
    ///   - most: How many regions are shown; nil for all.
    ///   - isColored: Whether cells have colours.
    package init(width: Int, most: Int? = nil, isColored: Bool = false) {
        (self.width, self.most, self.isColored) = (max(40, width), most, isColored)
    }

    /// The table, and what was found out beside it.
    package func lines(_ matrix: CloudMatrix) -> [String] {
        let rows = CloudMatrixRows(matrix).rows
        var lines = head(matrix)
        if !rows.isEmpty { lines += table(Array(rows.prefix(most ?? .max)), matrix) }
        if let most, rows.count > most { lines.append("… and \(rows.count - most) more: --all shows them") }
        return lines + best(matrix) + rest(matrix)
    }

    private func head(_ matrix: CloudMatrix) -> [String] {
        let asked = Set(matrix.reports.flatMap { $0.results.filter { $0.sent > 0 }.map(\.region.id) }).count
        let all = Set(matrix.reports.flatMap { $0.results.map(\.region.id) }).count
        var lines = wrapped(
            "\(asked) of \(all) regions measured from \(matrix.reports.count) places, \(matrix.all.count) ranked for all"
        )
        for report in matrix.reports {
            guard let reason = report.unfinished else { continue }
            lines += wrapped("From \(Self.name(report)), not finished: \(UntrustedText(reason).escaped)")
        }
        return lines
    }

    // MARK: The table

    private static func name(_ report: CloudReport) -> String { UntrustedText(report.run.place).word }

    private func table(_ rows: [CloudMatrixRows.Row], _ matrix: CloudMatrix) -> [String] {
        let names = matrix.reports.map { UntrustedText($0.run.place).escaped(columns: 16) }
        let cells = rows.map { row in row.cells.map(\.text) }
        let columns = names.indices.map { column in
            max(names[column].columns, cells.map { $0[column].columns }.max() ?? 0)
        }
        let rank = max(4, rows.map { $0.rank.columns }.max() ?? 0)
        let longest = rows.map { $0.region.id.columns }.max() ?? 0
        let place = rows.map { Self.place($0).columns }.max() ?? 0
        let mean = max(4, rows.map { $0.mean.columns }.max() ?? 0)
        // What matters least goes first where there is no room.
        func total(_ parts: [Int]) -> Int { parts.reduce(0) { $0 + 2 + $1 } + rank }
        let hasPlace = total([longest, place] + columns + [mean]) <= width
        let hasMean = hasPlace || total([longest] + columns + [mean]) <= width
        var shown = columns.count
        while shown > 1, total([min(longest, 20)] + columns.prefix(shown)) > width { shown -= 1 }
        let own = hasMean ? [mean] : []
        let room = min(longest, max(6, width - total([0] + columns.prefix(shown) + own)))
        func line(
            _ first: String, _ region: String, _ city: String, _ cells: [String], _ last: String,
            _ row: CloudMatrixRows.Row?
        ) -> String {
            var text = Self.padded(first, rank, isNumber: true) + "  " + Self.padded(region, room)
            if hasPlace { text += "  " + Self.padded(city, place) }
            for column in 0..<shown {
                let cell = Self.padded(cells[column], columns[column], isNumber: true)
                let color = isColored ? row?.cells[column].shade.flatMap(CloudShade.terminal) : nil
                text += "  " + (color.map { "\u{1B}[\($0)m\(cell)\u{1B}[0m" } ?? cell)
            }
            return hasMean ? text + "  " + Self.padded(last, mean, isNumber: true) : text
        }
        var lines = [line("rank", "region", "place", names, "mean", nil)]
        for (row, cells) in zip(rows, cells) {
            let region = UntrustedText(row.region.id).escaped(columns: room)
            lines.append(line(row.rank, region, Self.place(row), cells, row.mean, row))
        }
        if shown < columns.count {
            let gone = matrix.reports[shown...].map(Self.name).joined(separator: ", ")
            lines += wrapped("No room for \(gone): the terminal is too narrow")
        }
        if rows.contains(where: { $0.cells.contains(where: \.isLossy) }) { lines.append("!: packets are lost there") }
        return lines
    }

    private static func place(_ row: CloudMatrixRows.Row) -> String {
        UntrustedText(row.region.city).escaped(columns: 16)
    }

    private static func padded(_ text: String, _ width: Int, isNumber: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.columns))
        return isNumber ? space + text : text + space
    }

    // MARK: Beside it

    private func best(_ matrix: CloudMatrix) -> [String] {
        var lines: [String] = []
        for report in matrix.reports {
            let best = report.results.filter { $0.rank != nil }.prefix(3)
            guard !best.isEmpty else { continue }
            let texts = best.map { "\($0.region.id) \(CloudText.number($0.rttMs?.median ?? 0)) ms" }
            lines += wrapped("Best from \(Self.name(report)): " + texts.joined(separator: ", "))
        }
        let texts = matrix.all.prefix(3).map { "\($0.id) \(CloudText.number($0.medianMs)) ms" }
        if !texts.isEmpty { lines += wrapped("Best for all, by the mean: " + texts.joined(separator: ", ")) }
        return lines
    }

    private func rest(_ matrix: CloudMatrix) -> [String] {
        var lines: [String] = []
        let reports = matrix.reports.filter { !$0.isBlank }
        for (verdict, title) in [
            (CloudReport.Verdict.frontEnd, "Not the region, but a front end"), (.silent, "Silent"),
            (.unresolved, "No address"), (.refused, "Not asked"),
        ] {
            let those = reports.map { report in report.results.filter { $0.verdict == verdict } }
            let common = those.dropFirst().reduce(Set(those.first?.map(\.region.id) ?? [])) { ids, results in
                ids.intersection(results.map(\.region.id))
            }
            func line(_ title: String, _ results: [CloudReport.Result]) {
                guard !results.isEmpty else { return }
                let sorted = results.sorted { $0.region.id < $1.region.id }
                lines += wrapped("\(title) (\(sorted.count)): " + CloudText.grouped(sorted).joined(separator: ", "))
            }
            line(title, those.first?.filter { common.contains($0.region.id) } ?? [])
            for (report, results) in zip(reports, those) {
                line("\(title) from \(Self.name(report))", results.filter { !common.contains($0.region.id) })
            }
        }
        for report in reports where report.isPlaceDoubtful {
            lines += wrapped(
                "\(Self.name(report)) is hardly where it is said to be: more regions can answer as they do if it is elsewhere. "
                    + "What it says of front ends counts for no other place.")
        }
        return lines
    }

    private func wrapped(_ text: String) -> [String] { CloudText.wrapped(text, width) }
}
