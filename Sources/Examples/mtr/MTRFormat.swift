import TraceCoreCommandLine

/// The formats of a report. A new one is a case, what it means, and its place in `ReportRun`.
enum MTRFormat: String, RunFormat {
    case text, json, ndjson, mtr
    case mtrCSV = "mtr-csv"

    var meaning: String {
        switch self {
        case .text: "a table for people"
        case .json: "one document with all that is known"
        case .ndjson: "the event stream"
        case .mtr: "the JSON of mtr"
        case .mtrCSV: "its comma-separated values"
        }
    }
}
