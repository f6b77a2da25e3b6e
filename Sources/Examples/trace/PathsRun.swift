import CommandLineKit
import TraceCore

/// All paths to one host.
struct PathsRun: HostRun {
    static let verb = "paths"
    let request: TraceRequest
    private let form: RunForm

    /// - Throws: A sentence about a format that has no room for them.
    init(_ request: TraceRequest) throws(UsageError) {
        self.request = request
        form =
            switch request.format {
            case .text: .text
            case .ndjson: .events
            case .json: .document(FoldDocument(PathGraphFold.self, json: .pretty) { $0 })
            case .dot: .document(FoldDocument(PathGraphFold.self, text: { $0.dot }))
            case let other:
                throw UsageError(
                    "--paths prints text, json, ndjson or dot: \(other.rawValue) has room for one path only")
            }
    }

    var printer: RunPrinter<PathGraphFold, PathGraphText> {
        RunPrinter(PathGraphFold.self, PathGraphText(showsNames: request.showsNames), form: form)
    }

    func events<P>(of tracer: Tracer<P>, to host: ProbeTarget) -> RunEvents {
        tracer.pathEvents(to: host, tracer.multipathSettings(request.confidence))
    }

    func conclude(_ graph: PathGraph) -> Int32 { graph.isReached ? 0 : 1 }
}
