import TraceCoreCommandLine
import TraceCore

/// The graph of what several sources recorded.
@MainActor struct JoinedPaths {
    let request: TraceRequest

    /// Prints the graph.
    func show() throws { Output.standard.write(try text()) }

    private func text() throws -> String {
        let runs = try request.parsed[request.options.paths.join].flatMap(runs)
        guard let graph = PathGraph(merging: runs) else {
            throw ProbeError(.badInput, "The files hold no runs", remedy: "Record some with trace --ndjson")
        }
        switch request.format {
        case .text:
            let lines =
                ["paths of \(runs.count) runs"] + PathGraph.Text.lines(of: graph, showsNames: request.showsNames)
            return lines.map { $0 + "\n" }.joined()
        case .json: return try JSON.text(graph, style: .pretty) + "\n"
        case .dot: return graph.dot
        case let other: throw UsageError("--join prints text, json or dot, and not \(other.rawValue)")
        }
    }

    /// The graphs of a file, which names their source.
    private func runs(in path: String) throws -> [(source: String, graph: PathGraph)] {
        let input = Input(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let source = name.hasSuffix(".ndjson") ? String(name.dropLast(7)) : name
        return try EventLog.recordings(from: input.bytes(), name: input.name).map { recording in
            (source, try PathGraph.Fold.replay(request.shown(recording.events)))
        }
    }
}
