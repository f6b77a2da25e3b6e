import Glibc
import PathLayouts
import TraceCore

/// Whether all paths are found as often as was promised, and for how many probes and round trips.
@main struct Main {
    static let usage = """
        Usage: swift run -c release --package-path Benchmarks paths [--runs N] [--confidence C] [--only NAME]
          --runs N         search each topology so often, with other flows each time; 500 if not given
          --confidence C   how sure the searches are to be; 0.95 if not given
          --only NAME      one topology alone, with what was missed
        """

    static func main() async throws {
        var (runs, confidence, only): (Int, Double, String?) = (500, 0.95, nil)
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch (argument, arguments.popFirst()) {
            case ("--runs", let value?) where Int(value) ?? 0 > 0: runs = Int(value) ?? runs
            case ("--confidence", let value?) where Double(value) != nil: confidence = Double(value) ?? confidence
            case ("--only", let value?): only = value
            default:
                print(usage)
                return
            }
        }
        print("| topology | exact | told apart | probes | of them again | demand | ratio | longest RTTs a stage |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        var failures: [String] = []
        for layout in Layout.all where only == nil || layout.name == only {
            let row = try await Row(layout, runs: runs, confidence: confidence, isVerbose: only != nil)
            print(row.text)
            fflush(nil)
            failures += row.failures
        }
        for failure in failures { print("missed: \(failure)") }
        exit(failures.isEmpty ? 0 : 1)
    }
}

/// What many searches over one topology came to.
struct Row {
    let text: String
    let failures: [String]

    init(_ layout: Layout, runs: Int, confidence: Double, isVerbose: Bool) async throws {
        var (exact, told, probes, again, demand) = (0, 0, 0, 0, 0)
        var trips = 0.0
        for run in 0..<runs {
            let transport: ProbeTransport = [.udp, .icmp, .tcp(port: 443)][run % 3]
            let search = try await Search(layout, transport, confidence: confidence, seed: UInt64(run))
            exact += search.isExact ? 1 : 0
            told += search.isTold ? 1 : 0
            probes += search.probes
            again += search.again
            demand += search.demand
            trips = max(trips, search.duration / search.longest / Double(layout.stages))
            if isVerbose { print("seed \(run): \(search.perHop)") }
            if isVerbose, !search.isExact { print("seed \(run): \(search.missed)") }
        }
        let ratio = Double(probes) / Double(demand)
        text =
            "| \(layout.name) | \(percent(exact, of: runs)) | \(percent(told, of: runs)) | \(probes / runs) "
            + "| \(again / runs) | \(demand / runs) | \(Self.short(ratio)) | \(Self.short(trips)) |"
        var failures: [String] = []
        if Double(exact) < confidence * Double(runs) { failures.append("\(layout.name): exact in \(exact) of \(runs)") }
        if Double(told) < confidence * Double(runs) {
            failures.append("\(layout.name): told apart in \(told) of \(runs)")
        }
        // Telling routers apart and looking for the end cost some probes on any path, which short ones show most.
        let rest = Double(probes - again) / Double(runs) - 4
        if ratio > 1.15, layout.isMeasured || rest > 1.15 * Double(demand) / Double(runs) {
            failures.append("\(layout.name): \(Self.short(ratio)) of the demand")
        }
        if trips > 4 { failures.append("\(layout.name): \(Self.short(trips)) round trips a stage") }
        self.failures = failures
    }

    static func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

func percent(_ count: Int, of all: Int) -> String { "\(Row.short(Double(count) * 100 / Double(all))) %" }
