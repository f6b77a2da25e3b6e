public import TraceCore

/// What is printed of a run.
public enum RunForm: Sendable {
    /// Lines for people, as things happen.
    case text
    /// The event stream, one JSON object a line, as things happen.
    case events
    /// A document, as it makes its lines.
    case document(any RunDocument)
}

/// Prints a run in the form that was asked for, event by event, and keeps its report.
public struct RunPrinter<Fold: EventFold, Text: EventText> {
    private var fold = Fold()
    private var text: Text
    private var form: RunForm
    private let output: Output
    /// Whether the last event of the run has come.
    public private(set) var hasEnded = false

    /// A printer for one run.
    public init(_ fold: Fold.Type, _ text: Text, form: RunForm, output: Output = .standard) {
        self.text = text
        self.form = form
        self.output = output
    }

    /// Takes in the next event, and prints what can be printed now.
    public mutating func apply(_ event: ProbeEvent) throws {
        fold.apply(event)
        if case .ended = event.fact { hasEnded = true }
        switch form {
        case .text:
            let lines = text.apply(event)
            for line in lines { output.print(line) }
            if lines.isEmpty { return }
        case .events: output.print(try JSON.text(event))
        case .document(var document):
            var lines = FpingOutput.Lines()
            document.apply(event, to: &lines)
            form = .document(document)
            output.write(lines.results)
            if !lines.messages.isEmpty { Output.error.write(lines.messages) }
            if lines.results.isEmpty { return }
        }
        // A reader of a pipe expects each line as soon as it is there.
        output.flush()
    }

    /// Prints what comes at the end, and gives the report.
    public func finish() throws -> Fold.Report {
        guard let report = fold.report() else { throw IncompleteRun.noBeginning }
        if case .document(let document) = form { output.write(try document.end()) }
        output.flush()
        if !hasEnded { IncompleteRun.warnOfMissingEnd() }
        return report
    }
}

extension RunPrinter where Text == PingReport.Text {
    /// Prints what the summary would be now, where text is printed at all.
    public func showSummary() {
        guard case .text = form else { return }
        for line in text.summary() { output.print(line) }
        output.flush()
    }
}

/// What is printed about events that lack the beginning or the end of their run.
public enum IncompleteRun {
    /// The error of events that no run begins.
    public static var noBeginning: ProbeError {
        ProbeError(
            .badInput, "There is no run to report: the events hold no \"started\"",
            remedy: "Record a run with --ndjson")
    }

    /// Says on standard error that the run has no end.
    public static func warnOfMissingEnd() {
        Output.error.print("\(programName): the recording stops before the run ended: the rest is missing")
    }
}
