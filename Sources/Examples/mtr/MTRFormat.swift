import TraceCoreCommandLine

/// The formats of a report. A new one is a case, what it means, and its place in `ReportRun`.
enum MTRFormat: String, RunFormat {
    case text, json, ndjson, mtr
    case mtrCSV = "mtr-csv"
    case mtrXML = "mtr-xml"
    case mtrRaw = "mtr-raw"
    case mtrSplit = "mtr-split"

    var meaning: String {
        switch self {
        case .text: "a table for people"
        case .json: "one document with all that is known"
        case .ndjson: "the event stream"
        case .mtr: "the JSON of mtr"
        case .mtrCSV: "its comma-separated values"
        case .mtrXML: "its XML"
        case .mtrRaw: "its raw lines, as things happen"
        case .mtrSplit: "its lines for other programs, after each round"
        }
    }

    /// Whether reports of several hosts can stand one behind the other.
    var takesSeveralHosts: Bool { self != .json && self != .ndjson }
}
