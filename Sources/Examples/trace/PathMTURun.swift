import CommandLineKit
import TraceCore

/// The MTU of the path to one host.
struct PathMTURun: HostRun {
    static let verb = "mtu"
    let request: TraceRequest
    private let form: RunForm

    /// - Throws: A sentence about a format that has no room for it.
    init(_ request: TraceRequest) throws(UsageError) {
        self.request = request
        form =
            switch request.format {
            case .text: .text
            case .ndjson: .events
            case .json: .document(FoldDocument(PathMTUFold.self, json: .pretty) { $0 })
            case let other: throw UsageError("--mtu prints text, json or ndjson: \(other.rawValue) has no room for it")
            }
    }

    var printer: RunPrinter<PathMTUFold, PathMTUText> {
        RunPrinter(PathMTUFold.self, PathMTUText(hops: request.text), form: form)
    }

    func events<P>(of tracer: Tracer<P>, to host: ProbeTarget) -> RunEvents { tracer.pathMTUEvents(to: host) }

    func conclude(_ report: TraceCore.PathMTU) -> Int32 { report.isReached ? 0 : 1 }
}
