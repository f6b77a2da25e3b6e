import TraceCoreCommandLine
import TraceCore

/// The formats of a ping. A new one is a case, what it means, and its document.
enum PingFormat: String, RunFormat {
    case text, json, ndjson, atlas, fping, dict, markdown

    var meaning: String {
        switch self {
        case .text: "lines for people"
        case .json: "one document with all that is known"
        case .ndjson: "the event stream"
        case .atlas: "a result of RIPE Atlas"
        case .fping: "the lines of `fping -J -c`"
        case .dict: "the dictionary of the Python module for pings and traceroutes"
        case .markdown: "tables for documents and tickets"
        }
    }

    /// What is printed.
    var form: RunForm {
        switch self {
        case .text: .text
        case .ndjson: .events
        case .json: .document(FoldDocument(PingReport.Fold.self, json: .pretty) { $0 })
        case .atlas: .document(FoldDocument(PingReport.Fold.self, json: .compact) { Atlas.Ping($0) })
        case .fping: .document(FpingDocument())
        case .dict: .document(FoldDocument(PingReport.Fold.self, json: .pretty) { PingDictionary($0) })
        case .markdown: .document(FoldDocument(PingReport.Fold.self, lines: { $0.markdownLines }))
        }
    }
}
