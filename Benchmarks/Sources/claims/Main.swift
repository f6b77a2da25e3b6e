import Glibc
import PathLayouts
import TraceCore

/// Whether what is said of loss, and of paths that lose, is true as often as is claimed.
@main struct Main {
    static let usage = """
        Usage: swift run -c release --package-path Benchmarks claims [--runs N] [--only NAME]
          --runs N      run each case so often, with other chances each time; 500 if not given
          --only NAME   the cases whose names contain this, with what was said wrongly
        """

    static func main() async throws {
        var (runs, only): (Int, String?) = (500, nil)
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch (argument, arguments.popFirst()) {
            case ("--runs", let value?) where Int(value) ?? 0 > 0: runs = Int(value) ?? runs
            case ("--only", let value?): only = value
            default:
                print(usage)
                return
            }
        }
        var failures: [String] = []
        func isWanted(_ name: String) -> Bool { only.map { name.contains($0) } ?? true }
        print("\nWhere packets are lost: true statements, of those that were made; claimed are 99 %\n")
        print(
            "| path of 8 hops, if not said | lost here | not more elsewhere | answers of its own | the target's place | runs that say where |"
        )
        print("| --- | --- | --- | --- | --- | --- |")
        for path in LossyPath.all where isWanted(path.name) {
            let row = try await LossRow(path, runs: runs, isVerbose: only != nil)
            print(
                "| \(path.name) | \(row.sections.text) | \(row.whole.text) | \(row.limits.text) | \(row.places.text) "
                    + "| \(percent(row.told, of: runs)) |")
            fflush(nil)
            if !row.isKept { failures.append(path.name) }
        }
        print("\nEvery path, where probes get lost: graphs that are exact, and how sure they say that they are\n")
        print("| topology | exact | claimed | probes | time |")
        print("| --- | --- | --- | --- | --- |")
        for layout in Layout.lossy where isWanted(layout.name) {
            let row = try await GraphRow(layout, runs: runs, isVerbose: only != nil)
            print(row.text)
            fflush(nil)
            if !row.isKept { failures.append(layout.name) }
        }
        for failure in failures { print("not true often enough: \(failure)") }
        exit(failures.isEmpty ? 0 : 1)
    }
}

/// What many searches over one lossy topology came to.
struct GraphRow {
    let text: String
    let isKept: Bool

    init(_ layout: Layout, runs: Int, isVerbose: Bool) async throws {
        var (exact, claimed, probes, time) = (0, 0.0, 0, 0.0)
        for run in 0..<runs {
            let transport: ProbeTransport = [.udp, .icmp, .tcp(port: 443)][run % 3]
            let search = try await Search(layout, transport, confidence: 0.95, seed: UInt64(run))
            exact += search.isExact ? 1 : 0
            claimed += search.confidence
            probes += search.probes
            time += search.duration / .seconds(1)
            if isVerbose, !search.isExact { print("seed \(run): \(search.missed)") }
        }
        claimed /= Double(runs)
        isKept = isEnough(exact, of: runs, claimed: claimed)
        text =
            "| \(layout.name) | \(percent(exact, of: runs)) | \((claimed * 1000).rounded() / 10) % | \(probes / runs) "
            + "| \((time / Double(runs) * 10).rounded() / 10) s |"
    }
}
