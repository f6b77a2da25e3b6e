import TraceCoreCommandLine
import TraceCore

/// Prints a sweep in the format that was asked for, a few events at a time, and keeps count of who answered.
@MainActor final class SweepPrinter {
    private let format: SweepFormat
    private let total: Int?
    private let interval: Duration
    private let progress = Progress(after: .milliseconds(500), every: .milliseconds(100))
    private var text: FpingOutput
    private var lines = FpingOutput.Lines()
    private var fold = SweepReport.Fold()
    private let log = JSON.Lines()
    private(set) var end: RunEnd?
    private var hasBegun = false

    /// - Parameters:
    ///   - format: What is printed.
    ///   - text: What counts, and makes the lines of text.
    ///   - total: How many targets there are, where progress is shown.
    ///   - interval: The time between two probes.
    init(_ format: SweepFormat, _ text: FpingOutput, total: Int? = nil, interval: Duration = .zero) {
        self.format = format
        self.text = text
        self.total = total
        self.interval = interval
    }

    private var printsLines: Bool { [.text, .fping, .netdata].contains(format) }

    /// The targets that have been asked, and those of them that have answered.
    var asked: Int { text.asked }
    var alive: Int { text.alive }

    /// Takes in the next events, and prints what can be printed now.
    func apply(_ events: [ProbeEvent]) throws {
        for event in events {
            if case .started = event.fact { hasBegun = true }
            if case .ended(let end) = event.fact { self.end = end }
            print(event)
            switch format {
            case .text, .fping, .netdata: break
            case .json: fold.apply(event)
            case .ndjson: try log.write(event)
            }
        }
        if format == .ndjson {
            progress.clear()
            Output.standard.write(log.bytes)
            Output.standard.flush()
            log.removeAll()
        }
        printLines()
        if let total, end == nil {
            progress.show(
                "asked \(asked.grouped) of \(total.grouped), \(alive.grouped) alive, "
                    + "\(roughTime(seconds: Double(max(0, total - asked)) * (interval / .seconds(1)))) left")
        }
    }

    /// Makes the lines of an event; what is written in one piece keeps its order.
    private func print(_ event: ProbeEvent) {
        // What a router says comes before what follows from it; the sums of the whole run come last.
        if case .ended = event.fact { printLines() }
        let (messages, results) = (lines.messages.count, lines.results.count)
        text.apply(event, to: &lines)
        if lines.messages.count > messages, results > 0 { printLines(messages, results) }
        if case .ended = event.fact { printLines(0, lines.results.count) }
    }

    /// Prints the summary of what is known so far.
    func showSummary() {
        guard printsLines else { return }
        text.summary(to: &lines)
        printLines()
    }

    /// Prints what comes at the end.
    func finish() throws {
        progress.clear()
        guard hasBegun else { throw IncompleteRun.noBeginning }
        if format == .json, let report = fold.report() {
            Output.standard.write(try JSON.encode(report, style: .pretty))
            Output.standard.write("\n")
        }
        Output.standard.flush()
        if end == nil { IncompleteRun.warnOfMissingEnd() }
    }

    /// Prints messages, and then results.
    private func printLines() { printLines(lines.messages.count, lines.results.count) }

    /// Prints the first bytes of both, and keeps the rest.
    private func printLines(_ messages: Int, _ results: Int) {
        defer {
            lines.messages.removeFirst(messages)
            lines.results.removeFirst(results)
        }
        guard printsLines, messages + results > 0 else { return }
        progress.clear()
        if messages > 0 { Output.error.write(Array(lines.messages[..<messages])) }
        guard results > 0 else { return }
        Output.standard.write(Array(lines.results[..<results]))
        // A reader of a pipe expects each line as soon as it is there.
        Output.standard.flush()
    }
}
