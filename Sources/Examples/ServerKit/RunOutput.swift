public import TraceCore
public import TraceCoreCommandLine
public import TraceCoreHTTP

/// How a run is written: a kind of content, and a document that takes its events.
public struct RunOutput: Sendable {
    /// The kind, as in `Content-Type`.
    public let type: String
    private var document: any RunDocument

    /// The kinds that a client can accept, the first where it does not say.
    public enum Kind: String, Sendable, CaseIterable {
        /// The events, one JSON object a line.
        case events = "application/x-ndjson"
        /// The events, as browsers take them.
        case stream = "text/event-stream"
        /// The report.
        case report = "application/json"
        /// Lines for people.
        case text = "text/plain"

        /// The kind that a client likes best.
        ///
        /// - Throws: That it takes none of them.
        public init(for fields: HTTPFields) throws(HTTPFault) {
            let kinds = Kind.allCases.map(\.rawValue)
            guard let kind = fields.accepted(of: kinds).flatMap(Kind.init) else {
                throw HTTPFault(HTTPStatus(406), "A run is given as \(kinds.joined(separator: ", ")).")
            }
            self = kind
        }
    }

    /// The output of a run in a kind.
    public init(_ kind: Kind, of request: RunRequest) {
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
    public init(_ type: String, _ document: any RunDocument) {
        self.type = type
        self.document = document
    }

    /// What says that the stream goes on though nothing happens; nil where there is no such word.
    private var beat: [UInt8]? { document is EventStream ? Array(": the run goes on\n\n".utf8) : nil }

    /// What events come to.
    private mutating func bytes(of events: [ProbeEvent]) -> [UInt8] {
        var lines = FpingOutput.Lines()
        for event in events { document.apply(event, to: &lines) }
        return lines.results
    }

    /// All of a run that is over.
    public func whole(_ events: [ProbeEvent]) throws -> [UInt8] {
        var output = self
        return output.bytes(of: events) + Array(try output.document.end().utf8)
    }

    /// An answer that is written as the run goes.
    ///
    /// - Parameter verdict: What is said of the client's rates.
    public func answer(_ feed: RunFeed, _ verdict: RequestRates.Verdict?) -> HTTPAnswer {
        var fields = HTTPFields(["Content-Type": type, "Cache-Control": "no-store", "X-Accel-Buffering": "no"])
        verdict?.add(to: &fields, at: .now)
        let output = Lock(self)
        let beat = beat
        return HTTPAnswer(
            .ok, fields,
            body: .stream { writer in
                try await withThrowingTaskGroup { group in
                    if let beat {
                        group.addTask {
                            // Whatever stands between does not take the silence for the end.
                            while true {
                                try await Task.sleep(for: .seconds(15))
                                try await writer.write(beat)
                            }
                        }
                    }
                    let last = Lock<Duration?>(nil)
                    do {
                        try await feed.forEachBatch { events in
                            let bytes = output.withLock { $0.bytes(of: events) }
                            last.withLock { $0 = events.last?.at ?? $0 }
                            if !bytes.isEmpty { try await writer.write(bytes) }
                        }
                    } catch  where error is VantagePoint.Failure || error is RequestError {
                        // What came is whole as far as it goes, and says why it goes no further.
                        let end = RunEnd(.failed, error: ProbeError(.network, "\(error)"))
                        let at = last.withLock { $0 } ?? .zero
                        let bytes = output.withLock { $0.bytes(of: [ProbeEvent(at: at, .ended(end))]) }
                        if !bytes.isEmpty { try await writer.write(bytes) }
                    }
                    group.cancelAll()
                }
                let rest = try output.withLock { try $0.document.end() }
                if !rest.isEmpty { try await writer.write(Array(rest.utf8)) }
            })
    }

    // MARK: The kinds

    /// The report of a run as JSON.
    public static func report(of verb: RunRequest.Verb, style: JSON.Style) -> any RunDocument {
        switch verb {
        case .ping: FoldDocument(PingReport.Fold.self, json: style) { $0 }
        case .trace: FoldDocument(TraceReport.Fold.self, json: style) { $0 }
        case .monitor: FoldDocument(MonitorReport.Fold.self, json: style) { $0 }
        case .paths: FoldDocument(PathGraph.Fold.self, json: style) { $0 }
        case .mtu: FoldDocument(PathMTUReport.Fold.self, json: style) { $0 }
        case .sweep: FoldDocument(SweepReport.Fold.self, json: style) { $0 }
        }
    }

    private static func text(of request: RunRequest) -> any RunDocument {
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
    public static func markdown(of verb: RunRequest.Verb) -> (any RunDocument)? {
        switch verb {
        case .ping: FoldDocument(PingReport.Fold.self, lines: { $0.markdownLines })
        case .trace: FoldDocument(TraceReport.Fold.self, lines: { $0.markdownLines })
        case .monitor: FoldDocument(MonitorReport.Fold.self, lines: { $0.markdownLines })
        case .paths, .mtu, .sweep: nil
        }
    }
}

/// Lines of text as they come.
public struct TextLines: RunDocument {
    private var text: any EventText

    /// The lines of a text.
    public init(_ text: some EventText) { self.text = text }

    /// Takes in the next event, and adds its lines.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        for line in text.apply(event) { lines.results += Array(line.utf8) + [0x0A] }
    }
}

/// A line of JSON for each event.
private struct EventLines: RunDocument {
    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        guard let bytes = try? JSON.encode(event) else { return }
        lines.results += bytes + [0x0A]
    }
}

/// Server-sent events (WHATWG HTML, 9.2), numbered from 1.
private struct EventStream: RunDocument {
    private var number = 0

    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        guard let bytes = try? JSON.encode(event) else { return }
        number += 1
        lines.results += Array("id: \(number)\ndata: ".utf8) + bytes + Array("\n\n".utf8)
    }
}
