import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP

/// How a run is written: a kind of content, and a document that takes its events.
struct RunOutput: Sendable {
    /// The kind, as in `Content-Type`.
    let type: String
    private var document: any RunDocument

    /// The kinds that a client can accept, the first where it does not say.
    enum Kind: String, CaseIterable {
        case events = "application/x-ndjson"
        case stream = "text/event-stream"
        case report = "application/json"
        case text = "text/plain"

        /// The kind that a client likes best; nil if it takes none of them.
        init?(for fields: HTTPFields) {
            guard let kind = fields.accepted(of: Kind.allCases.map(\.rawValue)).flatMap(Kind.init) else { return nil }
            self = kind
        }
    }

    /// The output of a run in a kind.
    init(_ kind: Kind, of request: RunRequest) {
        type = kind == .text ? "text/plain; charset=utf-8" : kind.rawValue
        document =
            switch kind {
            case .events: EventLines()
            case .stream: EventStream()
            case .report: Self.report(of: request.work.verb, style: .compact)
            case .text: Self.text(of: request)
            }
    }

    /// The output of a document.
    init(_ type: String, _ document: any RunDocument) {
        self.type = type
        self.document = document
    }

    /// What says that the stream goes on though nothing happens; nil where there is no such word.
    var beat: [UInt8]? { document is EventStream ? Array(": the run goes on\n\n".utf8) : nil }

    /// What events come to.
    mutating func bytes(of events: [ProbeEvent]) -> [UInt8] {
        var lines = FpingOutput.Lines()
        for event in events { document.apply(event, to: &lines) }
        return lines.results
    }

    /// What comes at the end.
    func end() throws -> [UInt8] { Array(try document.end().utf8) }

    // MARK: The kinds

    static func report(of verb: RunRequest.Verb, style: JSON.Style) -> any RunDocument {
        switch verb {
        case .ping: FoldDocument(PingReport.Fold.self, json: style) { $0 }
        case .trace: FoldDocument(TraceReport.Fold.self, json: style) { $0 }
        case .monitor: FoldDocument(MonitorReport.Fold.self, json: style) { $0 }
        case .paths: FoldDocument(PathGraph.Fold.self, json: style) { $0 }
        case .mtu: FoldDocument(PathMTUReport.Fold.self, json: style) { $0 }
        case .sweep: FoldDocument(SweepReport.Fold.self, json: style) { $0 }
        }
    }

    static func text(of request: RunRequest) -> any RunDocument {
        switch request.work {
        case .ping, .sweep: TextLines(PingReport.Text())
        case .trace: TextLines(TraceReport.Text(showsNames: request.names))
        case .monitor:
            FoldDocument(MonitorReport.Fold.self, lines: { MTRReport($0, showsLabels: true).textLines(isWide: true) })
        case .paths: TextLines(PathGraph.Text(showsNames: request.names))
        case .mtu: TextLines(PathMTUReport.Text())
        }
    }

    /// The table of a report, where it has one.
    static func markdown(of verb: RunRequest.Verb) -> (any RunDocument)? {
        switch verb {
        case .ping: FoldDocument(PingReport.Fold.self, lines: { $0.markdownLines })
        case .trace: FoldDocument(TraceReport.Fold.self, lines: { $0.markdownLines })
        case .monitor: FoldDocument(MonitorReport.Fold.self, lines: { $0.markdownLines })
        case .paths, .mtu, .sweep: nil
        }
    }
}

/// Lines of text as they come.
struct TextLines: RunDocument {
    private var text: any EventText

    init(_ text: some EventText) { self.text = text }

    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        for line in text.apply(event) { lines.results += Array(line.utf8) + [0x0A] }
    }
}

/// A line of JSON for each event.
struct EventLines: RunDocument {
    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        guard let bytes = try? JSON.encode(event) else { return }
        lines.results += bytes + [0x0A]
    }
}

/// Server-sent events (WHATWG HTML, 9.2), numbered from 1.
struct EventStream: RunDocument {
    private var number = 0

    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        guard let bytes = try? JSON.encode(event) else { return }
        number += 1
        lines.results += Array("id: \(number)\ndata: ".utf8) + bytes + Array("\n\n".utf8)
    }
}
