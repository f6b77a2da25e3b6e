import TraceCoreCommandLine
import TraceCore

/// All paths to one host.
struct PathsRun: HostRun {
    static let verb = Verb.paths
    let request: TraceRequest
    private let form: RunForm

    /// - Throws: A sentence about a format that has no room for them.
    init(_ request: TraceRequest) throws(UsageError) {
        self.request = request
        let graph = RunForm.document(FoldDocument(PathGraph.Fold.self, text: { $0.dot }))
        guard let form = request.format == .dot ? graph : request.format.form(of: PathGraph.Fold.self) else {
            throw UsageError(
                "--paths prints text, json, ndjson or dot: \(request.format.rawValue) has room for one path only")
        }
        self.form = form
    }

    var printer: RunPrinter<PathGraph.Fold, PathGraph.Text> {
        RunPrinter(PathGraph.Fold.self, PathGraph.Text(showsNames: request.showsNames), form: form)
    }

    func work(_ settings: TraceSettings) -> RunRequest.Work {
        .paths(MultipathSettings(confidence: request.confidence, like: settings))
    }

    func conclude(_ graph: PathGraph) -> Int32 { graph.isReached ? 0 : 1 }
}
