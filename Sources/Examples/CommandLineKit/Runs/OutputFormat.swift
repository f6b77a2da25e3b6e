/// What a program prints about a run.
public enum OutputFormat: Sendable, Hashable {
    /// Lines for people, as things happen.
    case text
    /// One JSON document at the end.
    case json
    /// The event stream, one JSON object a line, as things happen.
    case ndjson
}

/// The options that choose what is printed; the same in every program.
public struct OutputOptions: Sendable {
    /// One document.
    public let json = Option("json", help: "Print one JSON document when the run is over.")
    /// The event stream.
    public let ndjson = Option("ndjson", help: "Print the event stream as it happens, one JSON object a line.")

    /// The options.
    public init() {}

    /// The group for the command's table.
    public var group: OptionGroup { OptionGroup("Output", [json, ndjson]) }

    /// The format that was asked for.
    public func format(in parsed: ParsedArguments) -> OutputFormat {
        parsed[json] ? .json : parsed[ndjson] ? .ndjson : .text
    }
}
