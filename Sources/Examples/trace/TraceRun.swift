import TraceCoreCommandLine
import TraceCore

/// The path to one host.
struct TraceRun: HostRun {
    static let verb = Verb.trace
    let request: TraceRequest

    var printer: RunPrinter<TraceReport.Fold, TraceReport.Text> {
        RunPrinter(TraceReport.Fold.self, request.text, form: request.traceForm)
    }

    func work(_ settings: TraceSettings) -> RunRequest.Work { .trace(settings) }

    func conclude(_ trace: TraceReport) throws -> Int32 {
        if request.format == .text {
            var lines = request.showsRewrites ? trace.packetChangeLines : []
            lines += request.geography?.corrections(trace) ?? []
            for line in lines { Output.standard.print(line) }
        }
        try request.geography?.draw([trace])
        try request.options.chart.write(TraceReport.Chart(trace).svg(), in: request.parsed)
        return trace.isReached ? 0 : 1
    }
}
