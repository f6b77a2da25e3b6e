import CommandLineKit
import TraceCore

/// The options that ask for all paths and not for one.
struct PathsOptions {
    let paths = Option(
        "paths",
        help:
            "Find all paths that routers balance over, and not just one: which nodes there are, which leads to which, "
            + "and whether packets are dealt out by flow or one by one.")
    let confidence = Option(
        "confidence", value: .decimal(0.5...0.999_999), placeholder: "SHARE",
        help: "With --paths, ask until nothing is missed with this confidence, where routers balance evenly (0.95).")

    let join = Option(
        "join", each: .file,
        help:
            "Join recorded runs (`--ndjson` of traces or of --paths, each from another machine) into one graph, by the "
            + "nodes that they share. Given several times, once for each file, which names its source.")

    var group: OptionGroup { OptionGroup("All paths", [paths, confidence, join]) }

    /// What does not go together with them.
    func exclusive(_ others: [any OptionRow]) -> [[any OptionRow]] { others.map { [paths, $0] } }

    func check(_ parsed: ParsedArguments) throws {
        if parsed[join].count == 1 { throw UsageError("--join: one run alone cannot be joined; give it several times") }
        if parsed[confidence] != nil, !parsed[paths] { throw UsageError("--confidence is for --paths") }
    }

    /// What is printed of a graph.
    func form(_ format: TraceFormat) throws(UsageError) -> RunForm {
        switch format {
        case .text: .text
        case .ndjson: .events
        case .json: .document(FoldDocument(PathGraphFold.self, json: .pretty) { $0 })
        case .dot: .document(FoldDocument(PathGraphFold.self, text: { $0.dot }))
        case .mtr, .mtrCSV, .atlas, .scamper, .markdown, .dict:
            throw UsageError("--paths prints text, json, ndjson or dot: \(format.rawValue) has room for one path only")
        }
    }

    /// The graph of all recorded runs together, as it is printed.
    func joined(_ parsed: ParsedArguments, _ format: TraceFormat, showsNames: Bool) throws -> String {
        var graphs: [(source: String, graph: PathGraph)] = []
        for path in parsed[join] {
            let input = Input(path)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let source = name.hasSuffix(".ndjson") ? String(name.dropLast(7)) : name
            for recording in try EventLog.recordings(from: input.bytes(), name: input.name) {
                graphs.append((source, try PathGraphFold.replay(recording.events)))
            }
        }
        guard let graph = PathGraph(merging: graphs) else {
            throw ProbeError(.badInput, "The files hold no runs", remedy: "Record some with trace --ndjson")
        }
        switch format {
        case .text:
            let lines = ["paths of \(graphs.count) runs"] + PathGraphText.lines(of: graph, showsNames: showsNames)
            return lines.map { $0 + "\n" }.joined()
        case .json: return try JSON.text(graph, style: .pretty) + "\n"
        case .dot: return graph.dot
        default: throw UsageError("--join prints text, json or dot")
        }
    }

    /// How paths are looked for.
    func settings(_ settings: TraceSettings, in parsed: ParsedArguments) -> MultipathSettings {
        MultipathSettings(
            confidence: parsed[confidence] ?? MultipathSettings().confidence, firstTTL: settings.firstTTL,
            maxTTL: settings.maxTTL, sendInterval: max(settings.sendInterval, MultipathSettings().sendInterval),
            patience: settings.patience, gapLimit: settings.gapLimit, size: settings.size, deadline: settings.deadline)
    }
}

/// What prints a search for all paths.
typealias PathsPrinter = RunPrinter<PathGraphFold, PathGraphText>

extension PathsPrinter {
    /// Prints what comes at the end; gives the exit code.
    func end() throws -> Int32 { try finish().isReached ? 0 : 1 }
}
