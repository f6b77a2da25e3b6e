internal import GeoKit
internal import TraceCore
package import TraceCorePages

/// A report for a browser.
package struct CloudPage: Sendable {
    let report: CloudReport

    /// How many ranked regions are listed; nil for all.
    let rows: Int?

    /// Whether others are beside it, so that titles say which this is.
    let isOneOfSeveral: Bool

    package init(_ report: CloudReport, rows: Int? = nil, isOneOfSeveral: Bool = false) {
        (self.report, self.rows, self.isOneOfSeveral) = (report, rows, isOneOfSeveral)
    }

    /// One file that needs nothing else, to be mailed or kept.
    package var html: String {
        String(
            decoding: WebPage(
                title: "Cloud regions from \(UntrustedText(report.run.place).word)", about: about, content: content,
                footer: HTML("Made by cloudbench.")
            ).standalone, as: UTF8.self)
    }

    private var about: String {
        let ranked = report.results.count { $0.rank != nil }
        let asked = report.results.count { $0.sent > 0 }
        return
            "\(report.run.startedAt.secondText.replacing("T", with: " ")) UTC: \(asked) of \(report.results.count) regions measured by \(report.run.settings.rounds) "
            + "round trips each, \(ranked) ranked" + (report.unfinished.map { "; not finished: \($0)" } ?? "")
    }

    private var content: HTML { Self.document(parts) }

    /// Parts as they stand on the page of a server, one below the other.
    static func document(_ parts: [HTML]) -> HTML { HTML(.div, [.id("result")], HTML.Builder.buildArray(parts)) }

    /// What is in it, for a page of a server, too.
    package var parts: [HTML] {
        [
            section("The best of each provider") { best },
            section("Map") { chart(CloudMap(report).svg(width: 340), CloudMap(report).svg(width: 1100)) },
            section("Round trips") {
                chart(CloudBars(report, most: 30).svg(width: 340), CloudBars(report, most: 30).svg(width: 760))
            },
            section(rows.map { "The first \($0) regions" } ?? "All regions") {
                HTML(.div, .class("scroll"), .focusable) { table }
            }, rest,
        ] + report.results.filter { $0.path != nil }.prefix(20).map { way($0) }
    }

    private func titled(_ title: String) -> String {
        isOneOfSeveral ? "From \(report.run.place): \(title)" : title
    }

    private func section(_ title: String, _ content: () -> HTML) -> HTML {
        let inner = content()
        return inner.size == 0
            ? HTML()
            : HTML(.section, .class("run")) {
                HTML(.h2) { UntrustedText(titled(title)) }
                inner
            }
    }

    private func chart(_ narrow: String, _ wide: String) -> HTML {
        HTML(.div, .class("chart")) {
            HTML(.div, .class("narrow")) { HTML(drawing: narrow) }
            HTML(.div, .class("wide")) { HTML(drawing: wide) }
        }
    }

    private var best: HTML {
        var seen: Set<String> = []
        let best = report.results.filter { $0.rank != nil && seen.insert($0.region.provider).inserted }
        guard !best.isEmpty else { return HTML() }
        return HTML(.dl, .class("sums")) {
            for result in best {
                HTML(.div) {
                    HTML(.dt) { UntrustedText(report.run.providers[result.region.provider] ?? result.region.provider) }
                    HTML(.dd) { "\(result.region.code), \(CloudText.number(result.rttMs?.median ?? 0)) ms" }
                }
            }
        }
    }

    private static let columns = [
        ("Rank", true), ("Region", false), ("Place", false), ("Median", true), ("p10", true), ("p90", true),
        ("Least", true),
        ("Most", true), ("Jitter", true), ("Loss", true), ("Of light", true), ("By", false), ("Hops", true),
    ]

    private var table: HTML {
        HTML(.table, .class("figures")) {
            HTML(.thead) {
                HTML(.tr) {
                    for (name, isNumber) in Self.columns {
                        HTML(.th, .scope("col"), isNumber ? .class("number") : nil) { name }
                    }
                }
            }
            HTML(.tbody) {
                for result in report.results.filter({ $0.rank != nil }).prefix(rows ?? .max) { row(result) }
            }
        }
    }

    private func row(_ result: CloudReport.Result) -> HTML {
        let last = result.lastRank ?? 0
        let rank = result.rank.map { last > $0 ? "\($0)–\(last)" : "\($0)" } ?? ""
        let place = [result.region.city, result.region.country].filter { !$0.isEmpty }.joined(separator: ", ")
        func time(_ value: Double?) -> HTML { HTML(.td, .class("number")) { value.map(CloudText.number) ?? "" } }
        return HTML(.tr) {
            HTML(.td, .class("number")) { rank }
            HTML(.td) { UntrustedText(result.region.id) }
            HTML(.td) { UntrustedText(place) }
            time(result.rttMs?.median)
            time(result.rttMs?.p10)
            time(result.rttMs?.p90)
            time(result.rttMs?.min)
            time(result.rttMs?.max)
            time(result.rttMs?.jitter)
            HTML(.td, .class(CloudReport.isLossy(result) ? "number lossy" : "number")) {
                "\(CloudText.percent(result.lossPercent ?? 0)) %"
            }
            HTML(.td, .class("number")) { result.lightRatio.map { "× \(CloudText.number($0))" } ?? "" }
            HTML(.td) { result.method?.rawValue ?? "" }
            HTML(.td, .class("number")) { result.path.map { "\($0.trace.hops.count)" } ?? "" }
        }
    }

    /// What is not ranked, and why.
    private var rest: HTML {
        let others = report.results.filter { $0.rank == nil && $0.verdict != .noHost }.sorted {
            $0.region.id < $1.region.id
        }
        return section("Not ranked") {
            guard !others.isEmpty else { return HTML() }
            return HTML(.div, .class("scroll"), .focusable) {
                HTML(.table, .class("figures")) {
                    HTML(.thead) {
                        HTML(.tr) {
                            for name in ["Region", "Place", "Why"] { HTML(.th, .scope("col")) { name } }
                        }
                    }
                    HTML(.tbody) {
                        for result in others {
                            HTML(.tr) {
                                HTML(.td) { UntrustedText(result.region.id) }
                                HTML(.td) { UntrustedText(result.region.city) }
                                HTML(.td) { UntrustedText(result.reason ?? "the run ended before it was measured") }
                            }
                        }
                    }
                }
            }
        }
    }

    private func way(_ result: CloudReport.Result) -> HTML {
        guard let path = result.path else { return HTML() }
        let hops = CloudHops(path)
        let title = titled("The way to \(result.region.id)")
        return HTML(.section, .class("run")) {
            HTML(.h2) { UntrustedText(title) }
            HTML(.p, .class("soft")) {
                UntrustedText(
                    [hops.countries.joined(separator: " → "), hops.networks.joined(separator: " → ")].filter {
                        !$0.isEmpty
                    }
                    .joined(separator: "; "))
            }
            chart(hops.svg(title: title, width: 340), hops.svg(title: title, width: 760))
            HTML(.div, .class("scroll"), .focusable) {
                HTML(.table, .class("figures")) {
                    HTML(.thead) {
                        HTML(.tr) {
                            for (name, isNumber) in [
                                ("Hop", true), ("Who", false), ("Place", false), ("Network", false),
                                ("Round trip", true),
                                ("More", true),
                            ] { HTML(.th, .scope("col"), isNumber ? .class("number") : nil) { name } }
                        }
                    }
                    HTML(.tbody) {
                        for hop in hops.hops {
                            HTML(.tr) {
                                HTML(.td, .class("number")) { "\(hop.ttl)" }
                                HTML(.td) { UntrustedText(hop.who) }
                                HTML(.td) { UntrustedText(hop.place) }
                                HTML(.td) { UntrustedText(hop.network) }
                                HTML(.td, .class("number")) { hop.least.map(CloudText.number) ?? "" }
                                HTML(.td, .class("number")) { hop.added.map(CloudText.number) ?? "" }
                            }
                        }
                    }
                }
            }
        }
    }
}
