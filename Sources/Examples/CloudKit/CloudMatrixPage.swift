internal import TraceCore
package import TraceCorePages

/// A matrix for a browser: the table of regions and vantage points, and then what each of them found.
package struct CloudMatrixPage: Sendable {
    private let matrix: CloudMatrix
    /// How many regions are listed; nil for all.
    private let rows: Int?

    package init(_ matrix: CloudMatrix, rows: Int? = nil) { (self.matrix, self.rows) = (matrix, rows) }

    /// One file that needs nothing else, to be mailed or kept.
    package var html: String {
        guard matrix.reports.count > 1 || matrix.reports.isEmpty else { return CloudPage(matrix.reports[0]).html }
        return String(
            decoding: WebPage(
                title: "Cloud regions from \(matrix.reports.count) places", about: about,
                content: CloudPage.document(parts), footer: HTML("Made by cloudbench.")
            ).standalone, as: UTF8.self)
    }

    private var about: String {
        let started = matrix.reports.map(\.run.startedAt).min().map { $0.secondText.replacing("T", with: " ") } ?? ""
        let rounds = matrix.reports.first?.run.settings.rounds ?? 0
        let places = matrix.reports.map { UntrustedText($0.run.place).word }.joined(separator: ", ")
        return "\(started) UTC, from \(places): \(rounds) round trips each, \(matrix.all.count) regions ranked for all"
    }

    /// What is in it, for a page of a server, too.
    package var parts: [HTML] {
        guard matrix.reports.count > 1 else { return matrix.reports.flatMap { CloudPage($0, rows: rows).parts } }
        return [best, table]
            + matrix.reports.filter { !$0.isBlank }.flatMap { CloudPage($0, rows: rows, isOneOfSeveral: true).parts }
    }

    /// The matrix alone, while it is made.
    package var summary: [HTML] { matrix.reports.count > 1 ? [best, table] : parts }

    /// The best region from each place, and for all of them.
    private var best: HTML {
        HTML(.section, .class("run")) {
            HTML(.h2) { "The best from each place" }
            HTML(.dl, .class("sums")) {
                for report in matrix.reports { sum(of: report) }
                if let best = matrix.all.first {
                    HTML(.div) {
                        HTML(.dt) { "For all" }
                        HTML(.dd) {
                            UntrustedText(best.id)
                            ", \(CloudText.number(best.medianMs)) ms"
                        }
                    }
                }
            }
            for report in matrix.reports where report.isPlaceDoubtful {
                HTML(.p, .class("refused")) {
                    UntrustedText(report.run.place)
                    " is hardly where it is said to be: more regions can answer as they do if it is elsewhere."
                }
            }
        }
    }

    private func sum(of report: CloudReport) -> HTML {
        let best = report.results.first { $0.rank != nil }
        return HTML(.div) {
            HTML(.dt) {
                "From "
                UntrustedText(report.run.place)
            }
            HTML(.dd, best == nil && report.unfinished != nil ? .class("lost") : nil) {
                if let best {
                    UntrustedText(best.region.id)
                    ", \(CloudText.number(best.rttMs?.median ?? 0)) ms"
                } else {
                    UntrustedText(report.unfinished ?? "no region answers")
                }
            }
        }
    }

    // MARK: The table

    private var table: HTML {
        let all = CloudMatrixRows(matrix).rows
        guard !all.isEmpty else { return HTML() }
        let shown = all.prefix(rows ?? .max)
        return HTML(.section, .class("run")) {
            HTML(.h2) { shown.count < all.count ? "The first \(shown.count) regions" : "Regions and places" }
            key(isLossy: shown.contains { $0.cells.contains { $0.isLossy } })
            HTML(.div, .class("scroll"), .focusable) {
                HTML(.table, .class("figures matrix")) {
                    head
                    HTML(.tbody) { for row in shown { Self.line(row) } }
                }
            }
        }
    }

    /// What the colours mean, and the mark.
    private func key(isLossy: Bool) -> HTML {
        HTML(.p, .class("key")) {
            "Median round trips in milliseconds:"
            for (index, name) in CloudShade.names.enumerated() { HTML(.span, .class("heat h\(index)")) { name } }
            if isLossy { HTML(.span) { "!: packets are lost" } }
        }
    }

    private var head: HTML {
        HTML(.thead) {
            HTML(.tr) {
                HTML(.th, .scope("col"), .class("number")) { "Rank" }
                HTML(.th, .scope("col")) { "Region" }
                for report in matrix.reports {
                    HTML(.th, .scope("col"), .class("number")) { UntrustedText(report.run.place) }
                }
                HTML(.th, .scope("col"), .class("number")) { "Mean" }
                HTML(.th, .scope("col")) { "Place" }
            }
        }
    }

    private static func line(_ row: CloudMatrixRows.Row) -> HTML {
        let place = [row.region.city, row.region.country].filter { !$0.isEmpty }.joined(separator: ", ")
        return HTML(.tr) {
            HTML(.td, .class("number")) { row.rank.replacing("-", with: "–") }
            HTML(.th, .scope("row")) { UntrustedText(row.region.id) }
            for cell in row.cells {
                HTML(.td, .class("number" + (cell.shade.map { " heat h\($0)" } ?? " soft"))) {
                    cell.text
                }
            }
            HTML(.td, .class("number")) { row.mean }
            HTML(.td) { UntrustedText(place) }
        }
    }
}
