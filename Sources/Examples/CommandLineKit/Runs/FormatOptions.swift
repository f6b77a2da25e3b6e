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

/// The options that choose the format, the same in every program; `--json` and `--ndjson` are short for `--format`.
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

    /// The options that are short for a format.
    private let short: [(option: Option<Bool>, format: Format)]

    /// The options.
    ///
    /// - Parameter letters: Options of the program's own that are short for a format, such as mtr's `-j`.
    public init(also letters: [(option: Option<Bool>, format: Format)] = []) {
        short = [(json, .json), (ndjson, .ndjson)] + letters
    }

    /// The rows of the command's table, without the program's own.
    public var rows: [any OptionRow] { [json, ndjson, format] }

    /// The options of which only one may be given.
    public var exclusive: [any OptionRow] { short.map(\.option) }

    /// The format that was asked for, or nil if none was.
    ///
    /// - Throws: An error if several were.
    public func chosen(in parsed: ParsedArguments) throws(UsageError) -> Format? {
        guard let short = short.first(where: { parsed[$0.option] }) else { return parsed[format] }
        if let long = parsed[format], long != short.format {
            let spelling = parsed.spelling(of: short.option) ?? ""
            throw UsageError("\(spelling) and --format \(long.rawValue) ask for different formats; give one of them")
        }
        return short.format
    }

    /// The format that was asked for; text if none was.
    ///
    /// - Throws: An error if several were.
    public func format(in parsed: ParsedArguments) throws(UsageError) -> Format { try chosen(in: parsed) ?? .text }
}
