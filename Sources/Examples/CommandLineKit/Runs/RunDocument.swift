public import TraceCore

/// A run in some format: takes in its events, and gives what is to be printed.
public protocol RunDocument: Sendable {
    /// Takes in the next event, and adds what can be printed now.
    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines)

    /// What is printed when the run is over, with its last line end; empty if there is nothing.
    func end() throws -> String
}

extension RunDocument {
    /// Nothing is left for the end, unless a document says so.
    public func end() throws -> String { "" }
}

/// A document that is made of a report, and so printed when the run is over.
public struct FoldDocument<Fold: EventFold>: RunDocument {
    private var fold = Fold()
    private let text: @Sendable (Fold.Report) throws -> String

    /// A document of a fold's report.
    ///
    /// - Parameters:
    ///   - fold: What makes the report.
    ///   - text: The report as text, with its last line end.
    public init(_ fold: Fold.Type, text: @escaping @Sendable (Fold.Report) throws -> String) {
        self.text = text
    }

    /// Takes in the next event.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) { fold.apply(event) }

    /// The report as text.
    public func end() throws -> String { try fold.report().map(text) ?? "" }
}

extension FoldDocument {
    /// A document of lines.
    public init(_ fold: Fold.Type, lines: @escaping @Sendable (Fold.Report) -> [String]) {
        self.init(fold) { report in lines(report).map { $0 + "\n" }.joined() }
    }

    /// A document of JSON.
    public init(
        _ fold: Fold.Type, json style: JSON.Style, _ document: @escaping @Sendable (Fold.Report) -> any Encodable
    ) {
        self.init(fold) { report in try JSON.text(document(report), style: style) + "\n" }
    }
}

/// What fping prints of a ping.
public struct FpingDocument: RunDocument {
    private var output = FpingOutput.Ping()

    /// A document that has seen nothing.
    public init() {}

    /// Takes in the next event, and adds the lines that can be printed now.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        output.apply(event, to: &lines)
    }
}

/// How the documents of several runs are put together.
public enum DocumentFrame: Sendable, Hashable {
    /// In one JSON array, with an error in the place of a run that could not be made.
    case array
    /// One behind the other.
    case sequence
    /// One behind the other, with an empty line between two.
    case paragraphs
    /// As one table: the first line of each is the heading, and is printed once.
    case table
}
