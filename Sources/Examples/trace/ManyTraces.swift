import TraceCoreCommandLine
import TraceCore

/// Prints the traces of many hosts: each whole, and in the order of the hosts, whatever the order in which they end.
@MainActor final class ManyTraces {
    /// What is known of a trace that is not printed yet.
    private struct PendingTrace {
        var form: RunForm
        var text: TraceReport.Text
        var fold = TraceReport.Fold()
        var lines: [String] = []
        var error: ProbeError?
        var isOver = false
    }

    private let format: TraceFormat
    private let form: RunForm
    private let text: TraceReport.Text
    private let geography: Geography?
    private let total: Int
    /// Whether what the network did to the packets is said behind each path.
    var showsRewrites = false
    private let progress = Progress(after: .milliseconds(500), every: .milliseconds(100))
    private let log = JSON.Lines()
    private var traces: [Int: PendingTrace] = [:]
    private var next = 0
    private var done = 0
    private var begun = 0
    private let beginning = ContinuousClock.now
    private var reached = 0
    private var failed = 0

    /// - Parameters:
    ///   - format: What is printed.
    ///   - form: What is printed of each.
    ///   - text: How a trace looks as text.
    ///   - geography: Finds where hops are, if places were asked for.
    ///   - total: How many hosts there are.
    init(_ format: TraceFormat, form: RunForm, _ text: TraceReport.Text, _ geography: Geography?, total: Int) {
        self.format = format
        self.form = form
        self.geography = geography
        self.text = text
        self.total = total
        if format.frame == .array { Output.standard.write("[") }
    }

    /// Whether all hosts were reached, and whether any could not be traced at all.
    var exitCode: Int32 { failed > 0 ? 2 : reached < total ? 1 : 0 }

    /// Takes in the next events, and prints what can be printed now.
    func apply(_ events: [FleetEvent]) throws {
        for event in events { try apply(event) }
        try printReady()
        if done < total { progress.show("\(done.grouped) of \(total.grouped) traced\(timeLeft)") }
    }

    /// How long it still takes if it goes on as until now; what has begun counts half.
    private var timeLeft: String {
        let share = (Double(done) + Double(begun - done) / 2) / Double(total)
        guard share > 0 else { return "" }
        let elapsed = (ContinuousClock.now - beginning) / .seconds(1)
        return ", \(roughTime(seconds: elapsed * (1 - share) / share)) left"
    }

    private func apply(_ event: FleetEvent) throws {
        if format == .ndjson { try log.write(event) }
        let known = traces.removeValue(forKey: event.position)
        if known == nil { begun += 1 }
        var trace = known ?? PendingTrace(form: form, text: text)
        switch event.event {
        case .failure(let error): fail(&trace, error)
        case .success(let event):
            trace.fold.apply(event)
            switch trace.form {
            case .text: trace.lines += trace.text.apply(event)
            case .events: break
            case .document(var document):
                // What is printed of several comes whole.
                var lines = FpingOutput.Lines()
                document.apply(event, to: &lines)
                trace.form = .document(document)
            }
            if case .ended(let end) = event.fact {
                trace.isOver = true
                if end.reason == .reached { reached += 1 }
                if end.reason == .failed {
                    if trace.fold.report() == nil { fail(&trace, end.error) } else { failed += 1 }
                }
            }
        }
        traces[event.position] = trace
        if trace.isOver { done += 1 }
    }

    private func fail(_ trace: inout PendingTrace, _ error: ProbeError?) {
        trace.isOver = true
        trace.lines = []
        trace.error = error ?? ProbeError(.network, "It could not be traced")
        failed += 1
        progress.clear()
        Output.error.print("trace: \(UntrustedText(trace.error?.description ?? "").escaped)")
    }

    /// Prints the traces whose turn has come.
    private func printReady() throws {
        while let trace = traces[next], trace.isOver {
            traces[next] = nil
            try print(trace)
            next += 1
        }
        flush()
    }

    /// Prints what comes at the end; of what was given up too.
    func finish() throws {
        progress.clear()
        for (_, trace) in traces.sorted(by: { $0.key < $1.key }) { try print(trace) }
        if format.frame == .array { Output.standard.write("\n]\n") }
        flush()
        if done < total {
            Output.error.print("trace: \(done.grouped) of \(total.grouped) hosts traced; the others were not any more")
        }
    }

    private func print(_ trace: PendingTrace) throws {
        if geography?.map != nil, let report = trace.fold.report() { reports.append(report) }
        switch trace.form {
        case .events: return
        case .text:
            guard !trace.lines.isEmpty else { return }
            var lines = trace.lines
            if showsRewrites, let report = trace.fold.report() { lines += report.packetChangeLines }
            write(lines.map { $0 + "\n" }.joined())
        case .document(let document):
            var text = try document.end()
            if text.isEmpty, format.frame == .array {
                let error = trace.error ?? ProbeError(.network, "It could not be traced")
                text = try JSON.text(Untraced(error: error), style: .pretty)
            }
            guard !text.isEmpty else { return }
            write(text)
        }
    }

    /// Prints the text of a trace, separated from the one before it.
    private func write(_ text: String) {
        progress.clear()
        switch format.frame {
        case .array:
            Output.standard.write(hasPrinted ? ",\n" : "\n")
            Output.standard.write(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        case .sequence: Output.standard.write(text)
        case .paragraphs: Output.standard.write(hasPrinted ? "\n" + text : text)
        case .table:
            let heading = text.prefix { $0 != "\n" }
            Output.standard.write(hasPrinted ? String(text.dropFirst(heading.count + 1)) : text)
        }
        hasPrinted = true
    }

    private var hasPrinted = false
    /// The traces that were printed, where they are to be drawn.
    private(set) var reports: [TraceReport] = []

    private func flush() {
        if format == .ndjson {
            if !log.bytes.isEmpty { progress.clear() }
            Output.standard.write(log.bytes)
            log.removeAll()
        }
        Output.standard.flush()
    }

    /// A host that could not be traced, in the place of its trace.
    private struct Untraced: Encodable {
        let schemaVersion = SchemaVersion.current
        let error: ProbeError
    }
}
