import TraceCoreCommandLine
import TraceCore

/// The formats of a trace. A new one is a case, what it means, and its document.
enum TraceFormat: String, RunFormat {
    case text, json, ndjson, mtr
    case mtrCSV = "mtr-csv"
    case atlas, scamper, markdown, dot, dict

    var meaning: String {
        switch self {
        case .text: "lines for people"
        case .json: "one document with all that is known"
        case .ndjson: "the event stream"
        case .mtr: "the JSON of mtr"
        case .mtrCSV: "its comma-separated values"
        case .atlas: "a result of RIPE Atlas"
        case .scamper: "the JSON of scamper"
        case .markdown: "a table for documents and tickets"
        case .dot: "a graph for Graphviz"
        case .dict: "the dictionary of the Python module for pings and traceroutes"
        }
    }

    /// What is printed of one trace.
    ///
    /// - Parameters:
    ///   - geography: Finds where hops are, if places were asked for.
    ///   - showsRewrites: Whether what the network did to the packets is wanted.
    func form(_ geography: Geography?, showsRewrites: Bool) -> RunForm {
        switch self {
        case .text: .text
        case .ndjson: .events
        case .json:
            .document(
                FoldDocument(TraceReport.Fold.self, json: .pretty) { trace in
                    let document: any Encodable = if let geography { geography.located(trace) } else { trace }
                    return showsRewrites ? examined(document, trace) : document
                })
        case .mtr: .document(FoldDocument(MonitorReport.Fold.self, json: .pretty) { MTRReport($0) })
        case .mtrCSV:
            .document(
                FoldDocument(MonitorReport.Fold.self, lines: { MTRReport($0).csvLines(version: Release.product) }))
        case .atlas: .document(FoldDocument(TraceRecord.Fold.self, json: .compact) { Atlas.Traceroute($0) })
        case .scamper: .document(FoldDocument(TraceRecord.Fold.self, json: .compact) { ScamperTrace($0) })
        case .markdown: .document(FoldDocument(TraceReport.Fold.self, lines: { $0.markdownLines }))
        case .dot: .document(FoldDocument(PathGraph.Fold.self, text: { $0.dot }))
        case .dict: .document(FoldDocument(TraceReport.Fold.self, json: .pretty) { TracerouteDictionary($0) })
        }
    }

    /// What is printed of a run of another kind, in the formats that any run has; nil in those of a trace alone.
    func form<Fold: EventFold>(of fold: Fold.Type) -> RunForm? where Fold.Report: Encodable {
        switch self {
        case .text: .text
        case .ndjson: .events
        case .json: .document(FoldDocument(fold, json: .pretty) { $0 })
        default: nil
        }
    }

    /// The document with what the network did to the packets.
    private func examined(_ document: some Encodable, _ trace: TraceReport) -> any Encodable {
        ExaminedDocument(document: document, packets: PacketChanges(of: trace))
    }

    /// How several traces are put together.
    var frame: DocumentFrame {
        switch self {
        case .json, .dict: .array
        case .text, .markdown: .paragraphs
        case .mtrCSV: .table
        case .ndjson, .mtr, .atlas, .scamper, .dot: .sequence
        }
    }

    /// Whether there is room for the places of hops.
    var showsPlaces: Bool { self == .text || self == .json }

    /// Whether the format can show all that routers say about their interfaces.
    var showsExtensions: Bool { [.text, .json, .ndjson, .atlas, .scamper].contains(self) }
}

/// A document about a trace, with a key added for what the network did to its packets. Programs that do not know the key
/// can read the document as before.
struct ExaminedDocument<Document: Encodable>: Encodable {
    let document: Document
    let packets: PacketChanges

    private enum Key: String, CodingKey { case packets }

    func encode(to encoder: any Encoder) throws {
        try document.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(packets, forKey: .packets)
    }
}
