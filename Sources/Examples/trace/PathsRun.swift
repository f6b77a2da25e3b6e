import TraceCoreCommandLine
import TraceCore

/// All paths to one host.
struct PathsRun: HostRun {
    static let verb = "paths"
    let request: TraceRequest
    private let form: RunForm

    /// - Throws: A sentence about a format that has no room for them.
    init(_ request: TraceRequest) throws(UsageError) {
        self.request = request
        let graph = RunForm.document(FoldDocument(PathGraphFold.self, text: { $0.dot }))
        guard let form = request.format == .dot ? graph : request.format.form(of: PathGraphFold.self) else {
            throw UsageError(
                "--paths prints text, json, ndjson or dot: \(request.format.rawValue) has room for one path only")
        }
        self.form = form
    }

    var printer: RunPrinter<PathGraphFold, PathGraphText> {
        RunPrinter(PathGraphFold.self, PathGraphText(showsNames: request.showsNames), form: form)
    }

    func events<P>(by tracer: PathTracer<P>, to host: ProbeTarget) -> RunEvents {
        tracer.pathEvents(for: host, tracer.multipathSettings(request.confidence))
    }

    func conclude(_ graph: PathGraph) -> Int32 { graph.isReached ? 0 : 1 }
}
