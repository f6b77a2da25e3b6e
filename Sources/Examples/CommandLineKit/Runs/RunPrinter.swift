public import TraceCore

/// Prints a run in the format that was asked for, event by event, and keeps its report.
public struct RunPrinter<Fold: EventFold, Text: EventText> where Fold.Report: Encodable {
    private var fold = Fold()
    private var text: Text
    private let format: OutputFormat
    private let output: Output
    /// Whether the last event of the run has come.
    public private(set) var hasEnded = false

    /// What is printed of the report as JSON: the report itself, unless somebody makes more of it.
    public var document: (Fold.Report) throws -> any Encodable = { $0 }

    /// A printer for one run.
    public init(_ fold: Fold.Type, _ text: Text, format: OutputFormat, output: Output = .standard) {
        self.text = text
        self.format = format
        self.output = output
    }

    /// Takes in the next event, and prints what can be printed now.
    public mutating func apply(_ event: ProbeEvent) throws {
        fold.apply(event)
        if case .ended = event.fact { hasEnded = true }
        switch format {
        case .text:
            let lines = text.apply(event)
            for line in lines { output.print(line) }
            if lines.isEmpty { return }
        case .ndjson: output.print(try JSON.text(event))
        case .json: return
        }
        // Whoever reads a pipe wants to see what happens when it happens.
        output.flush()
    }

    /// Prints what comes at the end, and gives the report.
    public func finish() throws -> Fold.Report {
        guard let report = fold.report() else {
            throw ProbeError(
                .badInput, "There is no run to report: the events hold no \"started\"",
                remedy: "Record a run with --ndjson")
        }
        if format == .json { output.print(try JSON.text(try document(report), style: .pretty)) }
        output.flush()
        if !hasEnded {
            Output.error.print("\(programName): the recording stops before the run ended: the rest is missing")
        }
        return report
    }
}

extension RunPrinter where Text == PingText {
    /// Prints what the summary would be now, where text is printed at all.
    public func showSummary() {
        guard format == .text else { return }
        for line in text.summary() { output.print(line) }
        output.flush()
    }
}
