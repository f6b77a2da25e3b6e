import TraceCoreCommandLine
import TraceCore

/// The making of a report: prints what is printed as the run goes, and keeps what is said at its end.
struct ReportRun {
    private var printer: RunPrinter<MonitorFold, NothingYet>
    // Only the text has room for what these say.
    private var losses: LossFold?
    private var paths: PathSetFold?
    /// Whether the paths are told apart even if there is but one.
    private let hasFlows: Bool

    init(_ form: Reporting.Form, hasFlows: Bool) {
        let printed: RunForm =
            switch form {
            case .json where hasFlows: .document(FoldDocument(PathSetFold.self, json: .pretty) { $0 })
            case .json: .document(FoldDocument(MonitorFold.self, json: .pretty) { $0 })
            case .ndjson: .events
            case .text, .wideText, .mtrJSON, .csv: .text
            }
        printer = RunPrinter(MonitorFold.self, NothingYet(), form: printed)
        if form == .text || form == .wideText { (losses, paths) = (LossFold(), PathSetFold()) }
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
        // Where paths end at different hops, what is missing at a hop may be another path's end: each tells its own loss.
        let haveOneLength = paths.paths.allSatisfy { $0.hops.count == paths.paths[0].hops.count }
        return (haveOneLength ? losses : []) + paths.lines
    }
}

/// Says that nothing is printed before the end.
struct NothingYet: EventText {
    mutating func apply(_ event: ProbeEvent) -> [String] { [] }
}
