/// The formats that a program prints a run in, as `--format` takes them.
public protocol RunFormat: CaseIterable, RawRepresentable, Sendable, Equatable where RawValue == String {
    /// Lines for people, as things happen.
    static var text: Self { get }
    /// One document of our own at the end.
    static var json: Self { get }
    /// The event stream, one JSON object a line, as things happen.
    static var ndjson: Self { get }

    /// What the format is, as part of a sentence.
    var meaning: String { get }
}

/// The options that choose the format; `--json` and `--ndjson` are short forms of `--format`.
public struct FormatOptions<Format: RunFormat>: Sendable {
    /// One document.
    public let json = Option("json", help: "Print one JSON document when the run is over: short for `--format json`.")
    /// The event stream.
    public let ndjson = Option(
        "ndjson", help: "Print the event stream as it happens, one JSON object a line: short for `--format ndjson`.")
    /// Any format.
    public let format = Option<Format?>(
        "format", value: .choice(Format.self), placeholder: "FORMAT",
        help: "Print in this format: "
            + Format.allCases.map { "`\($0.rawValue)` (\($0.meaning))" }.joined(separator: ", ") + ".")

    /// The options.
    public init() {}

    /// The rows of the command's table.
    public var rows: [any OptionRow] { [json, ndjson, format] }

    /// The format that was asked for.
    ///
    /// - Throws: An error if several were.
    public func format(in parsed: ParsedArguments) throws(UsageError) -> Format {
        let short: Format? = parsed[json] ? .json : parsed[ndjson] ? .ndjson : nil
        if let short, let long = parsed[format], long != short {
            throw UsageError(
                "--\(short.rawValue) and --format \(long.rawValue) ask for different formats; give one of them")
        }
        return parsed[format] ?? short ?? .text
    }
}
