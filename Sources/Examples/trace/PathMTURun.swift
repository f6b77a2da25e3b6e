import TraceCoreCommandLine
import TraceCore

/// The MTU of the path to one host.
struct PathMTURun: HostRun {
    static let verb = Verb.mtu
    let request: TraceRequest
    private let form: RunForm

    /// - Throws: A sentence about a format that has no room for it.
    init(_ request: TraceRequest) throws(UsageError) {
        self.request = request
        guard let form = request.format.form(of: PathMTUReport.Fold.self) else {
            throw UsageError("--mtu prints text, json or ndjson: \(request.format.rawValue) has no room for it")
        }
        self.form = form
    }

    var printer: RunPrinter<PathMTUReport.Fold, PathMTUReport.Text> {
        RunPrinter(PathMTUReport.Fold.self, PathMTUReport.Text(hops: request.text), form: form)
    }

    func work(_ settings: TraceSettings) -> RunRequest.Work { .mtu(PathMTUSettings(trace: settings)) }

    func conclude(_ report: TraceCore.PathMTUReport) -> Int32 { report.isReached ? 0 : 1 }
}
