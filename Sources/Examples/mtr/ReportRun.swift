import TraceCore
import TraceCoreCommandLine

/// A report of a path, live or recorded.
@MainActor struct ReportRun {
    let request: MTRRequest
    let format: MTRFormat

    private var options: MTROptions { request.options }
    private var parsed: ParsedArguments { request.parsed }

    /// Prints the report; gives the exit code, whether the host answered, and whether somebody asked for the end.
    func show(_ source: MTRRequest.Source) async throws -> (exitCode: Int32, isInterrupted: Bool) {
        var interruption = Interruption()
        try options.chart.check(parsed)
        var picture = parsed[options.chart.file].map { _ in MonitorReport.Chart.Fold() }
        var printer = ReportPrinter(
            format, hasFlows: options.flowCount(in: parsed) > 1, hosts: options.hosts(in: parsed),
            showsLabels: parsed[options.labels])
        let rounds = parsed[options.count] ?? (format == .ndjson ? nil : 10)
        switch source {
        case .recorded(let run):
            try run.forEach { event in
                try printer.apply(event)
                picture?.apply(event)
            }
        case .host(let target):
            let events = try request.events(for: target, options.pathSettings(rounds: rounds, in: parsed))
            let progress = Progress()
            interruption = try await untilInterrupted {
                for try await event in events {
                    try printer.apply(event)
                    picture?.apply(event)
                    if case .sent(let probe) = event.fact, !format.isLive {
                        progress.show("round \(probe.sequence + 1) of \(rounds ?? 0)")
                    }
                }
            }
            progress.clear()
        }
        let path = try printer.finish()
        try options.chart.write(picture?.report()?.svg(), in: parsed)
        for line in try lines(of: path) + printer.remarks { Output.standard.print(line) }
        Output.standard.flush()
        return (interruption.exitCode(of: path.isReached ? 0 : 1), interruption.signal != nil)
    }

    /// What is printed when the run is over; nothing of the formats that are printed as it goes.
    private func lines(of path: MonitorReport) throws -> [String] {
        let report = request.report(
            of: path, fields: parsed[options.order], hosts: options.hosts(in: parsed),
            fact: options.shownFact(in: parsed))
        return switch format {
        case .text: report.textLines(isWide: parsed[options.wide])
        case .mtr: [try JSON.text(report, style: .pretty)]
        case .mtrCSV: report.csvLines(version: Release.product, isWide: parsed[options.wide])
        case .mtrXML: report.xmlLines
        case .json, .ndjson, .mtrRaw, .mtrSplit: []
        }
    }
}

/// Prints what is printed while the run goes on, and keeps what is said at its end.
private struct ReportPrinter {
    private var printer: RunPrinter<MonitorReport.Fold, LiveText>
    // Only the text has room for what these say.
    private var losses: LossReport.Fold?
    private var paths: PathSetReport.Fold?
    /// Whether the paths are listed even if there is only one.
    private let hasFlows: Bool

    init(_ format: MTRFormat, hasFlows: Bool, hosts: MTRReport.HostStyle, showsLabels: Bool) {
        let printed: RunForm =
            switch format {
            case .json where hasFlows: .document(FoldDocument(PathSetReport.Fold.self, json: .pretty) { $0 })
            case .json: .document(FoldDocument(MonitorReport.Fold.self, json: .pretty) { $0 })
            case .ndjson: .events
            case .text, .mtr, .mtrCSV, .mtrXML, .mtrRaw, .mtrSplit: .text
            }
        let text: LiveText =
            switch format {
            case .mtrRaw: .raw(MTRReport.Raw(showsLabels: showsLabels))
            case .mtrSplit: .split(MTRReport.Split(hosts: hosts))
            default: .nothing
            }
        printer = RunPrinter(MonitorReport.Fold.self, text, form: printed)
        if format == .text { (losses, paths) = (LossReport.Fold(), PathSetReport.Fold()) }
        self.hasFlows = hasFlows
    }

    /// Takes in the next event.
    mutating func apply(_ event: ProbeEvent) throws {
        try printer.apply(event)
        losses?.apply(event)
        paths?.apply(event)
    }

    /// Prints the end of what is printed as the run goes, and gives the path.
    func finish() throws -> MonitorReport { try printer.finish() }

    /// What is said below the table: where loss is, and which paths there are.
    var remarks: [String] {
        let losses = losses?.report()?.lines() ?? []
        guard let paths = paths?.report(), hasFlows || paths.paths.count > 1 else { return losses }
        // Where paths have different lengths, missing answers of a hop may only mean that a path ended before it. Then
        // each path reports its own loss.
        let haveOneLength = paths.paths.allSatisfy { $0.hops.count == paths.paths[0].hops.count }
        return (haveOneLength ? losses : []) + paths.lines
    }
}

/// What is printed before the end.
private enum LiveText: EventText {
    case nothing
    case raw(MTRReport.Raw)
    case split(MTRReport.Split)

    mutating func apply(_ event: ProbeEvent) -> [String] {
        switch self {
        case .nothing: return []
        case .raw(var text):
            defer { self = .raw(text) }
            return text.apply(event)
        case .split(var text):
            defer { self = .split(text) }
            return text.apply(event)
        }
    }
}

extension MTRFormat {
    /// Whether something is printed before the end.
    fileprivate var isLive: Bool { [.ndjson, .mtrRaw, .mtrSplit].contains(self) }
}
