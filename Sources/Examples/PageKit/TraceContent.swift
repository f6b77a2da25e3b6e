internal import TraceCore

/// A trace: a line for each hop, and a chart.
struct TraceContent: RunContent {
    private var fold = TraceReport.Fold()
    private var hops = 0

    mutating func apply(_ event: ProbeEvent) {
        fold.apply(event)
        if let probe = event.probe, event.reply != nil { hops = max(hops, Int(probe.ttl)) }
    }

    var progress: String? { hops == 0 ? nil : "hop \(hops)" }

    var outcome: String? {
        fold.report().map { report in
            report.isReached
                ? "The target was reached in \(report.hops.last?.ttl ?? 0) hops" : "The target was not reached"
        }
    }

    func parts(_ context: PartContext) -> [Part] {
        guard let report = fold.report() else { return [] }
        var parts = [HopTable.part(report.hops, context, isOver: report.end != nil)]
        if report.end != nil, report.hops.contains(where: { !$0.replies.isEmpty }) {
            parts.append(Figures.chart("\(context.id)-chart") { TraceReport.Chart(report).svg(width: $0) })
        }
        return parts
    }
}

/// The hops of a trace as a table.
enum HopTable {
    /// - Parameter note: What else is said of a hop.
    static func part(
        _ hops: [TraceReport.Hop], _ context: PartContext, isOver: Bool, note: ((Int) -> String?)? = nil
    ) -> Part {
        let head = HTML(.tr) {
            HTML(.th, .scope("col")) { "Hop" }
            HTML(.th, .scope("col")) { "Host" }
            HTML(.th, .scope("col")) { "Round trips in ms" }
            if note != nil { HTML(.th, .scope("col"), .class("number")) { "MTU" } }
        }
        let rows = hops.filter { isOver || $0.sent > 0 }.map { hop in
            Part("\(context.id)-hop-\(hop.ttl)", .tr, [], row(hop, context, isOver: isOver, note: note))
        }
        return Part(
            "\(context.id)-table", .div, [.class("scroll"), .focusable, .role("region"), .label("Hops")],
            parts: [
                Part(
                    "\(context.id)-hops", .table, [.class("hops")], head: HTML(.thead) { head },
                    parts: [Part("\(context.id)-rows", .tbody, parts: rows)])
            ])
    }

    private static func row(
        _ hop: TraceReport.Hop, _ context: PartContext, isOver: Bool, note: ((Int) -> String?)?
    ) -> HTML {
        HTML(.th, .scope("row")) { "\(hop.ttl)" }
            + HTML(.td) {
                for address in hop.addresses {
                    let replies = hop.replies.filter { $0.from == address }
                    HTML(.div, .class("responder")) {
                        context.host(address, replies.first?.name)
                        context.place(address)
                        context.labels(replies.first?.answer.labels ?? [])
                    }
                }
                if hop.addresses.isEmpty {
                    HTML(.span, .class("silent")) { hop.out > 0 && !isOver ? "…" : "no answer" }
                }
            }
            + HTML(.td, .class("times")) {
                for reply in hop.replies {
                    HTML(.span, .class("rtt")) {
                        Figures.number(reply.rtt) + (reply.kind.mark.map { " \($0)" } ?? "")
                    }
                    " "
                }
                for _ in 0..<min(hop.lost, 100) {
                    HTML(.abbr, .class("lost"), .title("no answer")) { "*" }
                    " "
                }
            }
            + (note.map { note in HTML(.td, .class("number")) { note(hop.ttl) ?? "" } } ?? HTML())
    }
}

/// The path MTU: the hops with what fits through to them, and what was found.
struct MTUContent: RunContent {
    private var fold = PathMTUReport.Fold()

    mutating func apply(_ event: ProbeEvent) { fold.apply(event) }

    var progress: String? { fold.report()?.mtu.map { "\($0) bytes fit so far" } }

    var outcome: String? {
        fold.report().map { report in
            guard let mtu = report.mtu else { return "The path MTU is not known" }
            return "The path MTU is \(report.isExact || report.localMTU == mtu ? "" : "at least ")\(mtu) bytes"
        }
    }

    func parts(_ context: PartContext) -> [Part] {
        guard let report = fold.report() else { return [] }
        var known: [Int: String] = [:]
        for hop in report.hops { known[hop.ttl] = hop.mtu.map { "\(hop.isExact ? "" : "≥ ")\($0)" } }
        var parts = [
            HopTable.part(report.hops.map(\.hop), context, isOver: report.end != nil) { known[$0] }
        ]
        if report.end != nil {
            parts.append(
                Part(
                    "\(context.id)-findings", .pre, [.class("lines"), .focusable, .label("Findings")],
                    // The hops are in the table already.
                    HTML(lines: Array(PathMTUReport.Text.lines(of: report).dropFirst(1 + report.hops.count)))))
        }
        return parts
    }
}
