import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine

/// Lists the regions that are known, or tells which hosts no longer answer.
@MainActor struct CatalogueCommand {
    private let choice = CloudChoice()
    private let network = CloudNetwork()
    private let check = Option("check", help: "Tell whose hosts have no address any more, or do not answer.")

    private let topology = Option(
        "topology", value: .words(CloudWorld.metros.map(\.name)), bare: CloudVantages.here,
        help:
            "Print the simulated internet of `--network clouds` as a topology, for `simnet` and `lookingglass`: as it is seen "
            + "from here, or from another of its places.")

    func run(_ arguments: [String]) async {
        let command = Command(
            "cloudbench catalogue", summary: "List the regions of clouds that are known.",
            description: [
                "A line for each region: its name, its place, the host that answers for it, and the evidence that it answers "
                    + "there: `regional`, `anycast` (a front end near the asker) or `unknown`."
            ],
            options: [choice.group, OptionGroup("What to do", [check, topology]), network.group],
            oneOf: [[check, topology]],
            exitCodes: [0: "All is well.", 1: "With `--check`: some hosts do not answer.", 2: "Something is wrong."],
            seeAlso: ["cloudbench(1)"])
        await command.run(arguments) { parsed in
            let (catalogue, regions) = try await choice.catalogue(in: parsed)
            if let metro = parsed[topology] {
                Output.standard.write(CloudWorld(catalogue, seed: parsed[network.seed]).topology(from: metro))
                return 0
            }
            guard parsed[check] else {
                Output.standard.print(
                    "# \(catalogue.regions.count) regions of \(catalogue.providers.count) providers, \(catalogue.date)")
                for region in regions {
                    let place = [region.city, region.country].filter { !$0.isEmpty }.map { UntrustedText($0).escaped }
                        .joined(separator: ", ")
                    let host = region.endpoint.map { "\($0.host) (\($0.evidence.rawValue))" } ?? "no host is known"
                    Output.standard.print("\(region.id)  \(place)  \(host)")
                }
                return 0
            }
            return try await check(catalogue, regions, in: parsed)
        }
    }

    private func check(_ catalogue: CloudCatalogue, _ regions: [CloudRegion], in parsed: ParsedArguments) async throws
        -> Int32
    {
        let ground = try network.ground(catalogue, in: parsed)
        var settings = CloudRun.Settings()
        (settings.rounds, settings.paths) = (1, 0)
        let (fold, interruption) = try await BenchCommand.follow(
            CloudRuns(over: ground, catalogue, regions, settings, from: [CloudVantages.own(ground)]))
        guard let report = fold.report() else { return interruption.exitCode(of: 2) }
        var wrong = 0
        for result in report.results.sorted(by: { $0.region.id < $1.region.id }) {
            switch result.verdict {
            case .measured, .frontEnd, .noHost, .notMeasured: continue
            case .silent, .unresolved, .refused:
                wrong += 1
                Output.standard.print(
                    "\(result.region.id)  \(result.region.endpoint?.host ?? "")  \(UntrustedText(result.reason ?? "").escaped)"
                )
            }
        }
        let asked = report.results.count { $0.region.endpoint != nil && $0.verdict != .notMeasured }
        Output.error.print("\(asked - wrong) of \(asked) hosts answer")
        return interruption.exitCode(of: wrong == 0 ? 0 : 1)
    }
}
