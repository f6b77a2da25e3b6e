import Foundation
import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePathStore
import TraceCoreServer

/// The page: runs one after the other, which several people can watch.
@MainActor struct ServeCommand {
    private let choice = CloudChoice()
    private let network = CloudNetwork()
    private let vantages = CloudVantages()
    private let server = ServerOptions(usual: Endpoint(IPAddress(127, 0, 0, 1), 8082), tokens: "for everything")
    private let store = Option(
        "store", value: .file,
        help: "Keep runs in this file, and what waits. Without it they are gone when the program ends.")
    private let rate = Option(
        "rate", value: .integer(1...100_000), default: 250, help: "Send this many probes a second, to all together.")

    func run(_ arguments: [String]) async {
        let command = Command(
            "cloudbench serve", summary: "Measure clouds from a page that several people can watch.",
            description: [
                "The page is at http://127.0.0.1:8082/. One run is made at a time, and the next ones wait in line; with `--store` they are "
                    + "kept over a restart. Where others than this machine can reach it, runs are started by those who have a token."
            ],
            options: [
                OptionGroup("Where it is", server.listening), OptionGroup("What is kept", [store]),
                OptionGroup("Who may ask", [server.tokens]), choice.group, OptionGroup("How to measure", [rate]),
                OptionGroup("From elsewhere", [vantages.file]),
                network.group,
                server.logs,
            ],
            exitCodes: [0: "It was asked to end, and did.", 2: "It could not be started."], seeAlso: ["cloudbench(1)"])
        await command.run(arguments) { parsed in try await serve(parsed) }
    }

    private func serve(_ parsed: ParsedArguments) async throws -> Int32 {
        let (catalogue, regions) = try await choice.catalogue(in: parsed)
        let ground = try network.ground(catalogue, isClocked: true, in: parsed)
        let say: @Sendable (String) -> Void = { Output.error.print("cloudbench: \($0)") }
        let options = self.server
        func readTokens() throws -> BearerTokens? {
            let tokens = try parsed[options.tokens].map { try BearerTokens(contentsOf: $0) }
            if let warning = tokens?.warning { say(warning) }
            return tokens
        }
        let tokens = try readTokens()
        let server = try Server("cloudbench", options, in: parsed)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cloudbench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        if parsed[store] == nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let store = try await PathStore(parsed[store] ?? folder.appendingPathComponent("runs.db").path)
        let rate = parsed[rate]
        let vantages = self.vantages
        func readPoints() throws -> [CloudVantages.Point] {
            try vantages.all(over: ground, in: parsed) { say($0.explanation) }
        }
        let points = Points(try readPoints())
        let desk = CloudDesk(
            store: store, catalogue: catalogue,
            runs: { job in
                var settings = CloudRun.Settings()
                (settings.rounds, settings.paths, settings.rate) = (job.rounds, job.paths, rate)
                let wanted = regions.filter { region in
                    (job.providers.isEmpty || job.providers.contains(region.provider))
                        && (job.continents.isEmpty || job.continents.contains(region.continent))
                }
                return CloudRuns(
                    over: ground, catalogue, wanted, settings,
                    from: job.from?.map { points.named($0, over: ground) } ?? [CloudVantages.own(ground)])
            }, say: say)
        try await desk.begin()
        let pages = CloudPages(desk, tokens: tokens, vantages: points.names, isPrivate: !server.isReachable)
        let working = Task { await desk.work() }
        let code = await server.serve(
            reload: {
                let (tokens, others) = (try readTokens(), try readPoints())
                points.replace(others)
                pages.follow(tokens: tokens, vantages: points.names)
                return "the tokens and the vantage points"
            },
            refusal: { pages.refusal(of: $0) }, ending: { pages.end() }, stop: {},
            isForThisMachine: !server.isReachable,
            handler: { try await pages.answer($0) })
        working.cancel()
        await working.value
        await store.close()
        return code
    }
}

extension ServeCommand {
    /// The vantage points of the file as it was last read.
    private final class Points: Sendable {
        private let known: Lock<[CloudVantages.Point]>

        init(_ points: [CloudVantages.Point]) { known = Lock(points) }

        var names: [String] { known.withLock { $0.compactMap(\.name) } }

        func replace(_ points: [CloudVantages.Point]) { known.withLock { $0 = points } }

        /// The one of a name. A job may have waited for longer than its vantage point was there.
        func named(_ name: String, over ground: CloudNetwork.Ground) -> CloudVantages.Point {
            if let point = known.withLock({ $0.first { $0.name == name } }) { return point }
            return name == CloudVantages.here
                ? CloudVantages.own(ground) : CloudVantages.Point(name: name, here: nil, asker: MissingAsker(name))
        }
    }
}
