import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine

/// The options that say what is printed of a benchmark, and the printing.
@MainActor struct CloudOutput {
    let weights = Option(
        "weights", value: .weights, default: CloudRanking.Weights(),
        help: "What counts, and how much: a millisecond of `latency`, one of `jitter`, a percent of `loss`.")
    let top = Option("top", help: "Print the name of the best region and nothing else.")
    let csv = Option("csv", help: "Print comma-separated values, a line for each region.")
    let json = Option("json", help: "Print all that is known as one document.")
    let ndjson = Option("ndjson", help: "Print each thing that happens as a line of JSON.")
    private let all = Option("all", help: "Show all regions in the table, and not as many as fit the screen.")
    private let before = Option(
        "compare", value: .file, help: "Say what became better or worse since this earlier run, which `--json` wrote.")
    let replay = Option(
        "replay", value: .file, help: "Report again on a run that `--ndjson` or `--json` wrote; `-` is standard input.")
    private let html = Option(
        "html", value: .file, help: "Also write a report for a browser into this one file, to be mailed or kept.")
    private let map = Option(
        "map", value: .file, help: "Also draw a map of the regions and of the traced ways, as SVG.")
    private let chart = Option("chart", value: .file, help: "Also draw the round trips as bars, as SVG.")

    var group: OptionGroup {
        OptionGroup("What to print", [top, csv, json, ndjson, all, before, html, map, chart, replay])
    }

    /// Those of which one can be given.
    var exclusive: [any OptionRow] { [top, csv, json, ndjson] }

    /// Refuses files that cannot be written, before anything is measured.
    ///
    /// - Parameter count: How many vantage points there are.
    func check(_ parsed: ParsedArguments, of count: Int) throws {
        for (file, name) in [(map, "--map"), (chart, "--chart")] where parsed[file] != nil && count > 1 {
            throw UsageError(
                "\(name) draws what one vantage point found, and there are \(count): --html has a picture of each")
        }
        for (file, what) in [(html, "The report"), (map, "The map"), (chart, "The chart")] {
            if let path = parsed[file] { try checkFile(path, as: what) }
        }
    }

    /// The run to compare with, where there is one.
    func earlier(_ parsed: ParsedArguments) throws -> CloudMatrix? {
        try parsed[before].map { try matrix(in: $0, parsed) }
    }

    /// What was written, or made of the events that were.
    func matrix(in path: String, _ parsed: ParsedArguments) throws -> CloudMatrix {
        let input = Input(path)
        let bytes = try input.bytes()
        do {
            let lines = bytes.split(separator: 0x0A)
            if lines.count > 1, let first = try? JSON.decode(CloudEvent.self, from: Array(lines[0])) {
                var fold = CloudMatrix.Fold()
                fold.apply(first)
                for line in lines.dropFirst() { fold.apply(try JSON.decode(CloudEvent.self, from: Array(line))) }
                if let matrix = fold.matrix(by: parsed[weights]) { return matrix }
            }
            return try CloudMatrix.reading(bytes)
        } catch {
            throw ProbeError(
                .badInput,
                "\(input.name) is no report of cloudbench: \((error as? DecodingError)?.explanation ?? "\(error)")",
                remedy: "Give a file that --json or --ndjson wrote")
        }
    }

    /// Prints what was found, and writes what else was asked for; gives the exit code.
    func show(_ matrix: CloudMatrix, _ earlier: CloudMatrix?, _ parsed: ParsedArguments) throws -> Int32 {
        if parsed[top] {
            printBest(matrix)
        } else if parsed[csv] {
            for line in matrix.csv { Output.standard.print(line) }
        } else if parsed[json] {
            Output.standard.print(try matrix.json(style: .pretty))
        } else if !parsed[ndjson] {
            for line in lines(matrix, isWhole: parsed[all]) { Output.standard.print(line) }
        }
        if let earlier {
            let output = parsed[csv] || parsed[json] || parsed[ndjson] ? Output.error : Output.standard
            for line in CloudComparison.lines(of: matrix, since: earlier) { output.print(line) }
        }
        if let path = parsed[html] {
            try replaceFile(path, with: Array(CloudMatrixPage(matrix).html.utf8), as: "The report")
        }
        for (file, what, text) in [
            (map, "The map", { CloudMap($0).svg }), (chart, "The chart", { CloudBars($0).svg }),
        ] as [(Option<String?>, String, (CloudReport) -> String)] {
            guard let path = parsed[file], let report = matrix.reports.first else { continue }
            try replaceFile(path, with: Array(text(report).utf8), as: what)
        }
        Output.standard.flush()
        return matrix.isRanked ? 0 : 1
    }

    private func lines(_ matrix: CloudMatrix, isWhole: Bool) -> [String] {
        let terminal = Terminal.output
        let rows = isWhole || !terminal.isTerminal ? nil : max(10, terminal.height - 12)
        guard matrix.reports.count == 1 else {
            return CloudMatrixText(width: terminal.width, most: rows, isColored: terminal.allowsColor()).lines(matrix)
        }
        return CloudText(width: terminal.width, most: rows, isPlain: !terminal.allowsUnicode).lines(matrix.reports[0])
    }

    /// The best region alone; of several vantage points each one's, and that for all.
    private func printBest(_ matrix: CloudMatrix) {
        func best(_ report: CloudReport) -> String? { report.results.first { $0.rank != nil }?.region.id }
        guard matrix.reports.count > 1 else {
            if let best = matrix.reports.first.flatMap(best) { Output.standard.print(best) }
            return
        }
        for report in matrix.reports {
            if let best = best(report) { Output.standard.print("\(UntrustedText(report.run.place).word) \(best)") }
        }
        if let best = matrix.all.first { Output.standard.print("all \(best.id)") }
    }
}

extension ValueKind where Value == CloudRanking.Weights {
    /// `latency=1,jitter=0.5,loss=2`
    fileprivate static var weights: Self {
        Self(
            "LIST", expecting: "weights from 0 to 1000, such as latency=1,jitter=0.5,loss=2, not all of them 0",
            show: { "latency=\($0.latency),jitter=\($0.jitter),loss=\($0.loss)" }
        ) { text in
            var weights = CloudRanking.Weights(latency: 0)
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let sides = part.split(separator: "=", omittingEmptySubsequences: false)
                guard sides.count == 2, let value = Double(sides[1]), (0...1_000).contains(value) else { return nil }
                switch sides[0] {
                case "latency": weights.latency = value
                case "jitter": weights.jitter = value
                case "loss": weights.loss = value
                default: return nil
                }
            }
            return weights == CloudRanking.Weights(latency: 0) ? nil : weights
        }
    }
}
