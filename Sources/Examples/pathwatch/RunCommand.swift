import Foundation
import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreFleet
import TraceCoreGeoOptions
import TraceCoreHTTP
import TraceCorePathStore
import TraceCoreServer
import TraceCoreWatch

/// The daemon.
struct RunCommand {
    let isDemo: Bool
    let file = Operand("file", value: .file, help: "The settings.")
    let store = Option("store", value: .file, help: "Keep what is seen in this file, whatever the settings say.")
    let history = Option(
        "history", value: .text, placeholder: "TIME",
        help: "Invent a past of this length for an empty store, such as 30d, or 0 for none; the default is 20m.")
    let shown = Option("settings", help: "Print what is watched, as a file for `pathwatch run`, and do nothing else.")
    let name = Option(
        "name", value: .text,
        help: "The name of this vantage point, where many have the same settings. The default is that of the machine.")
    let server = ServerOptions()

    var command: Command {
        Command(
            isDemo ? "pathwatch demo" : "pathwatch run",
            summary: isDemo
                ? "Watch a handful of paths on a simulated internet." : "Watch what a file says, day and night.",
            description: [
                isDemo
                    ? "Five paths on a simulated internet, one of which changes after a minute, and one is gone after a minute and a "
                        + "half. What happened before that is invented. The page is at http://127.0.0.1:8081/. Without `--store`, what is seen is kept until the end of the program."
                    : "Watches the targets of the file, keeps what is seen in its store, shows it at http://127.0.0.1:8081/, and tells the "
                        + "receivers. On SIGHUP it reads the file and the tokens again: what is watched as before goes on. On SIGTERM it keeps what it knows, and "
                        + "ends."
            ],
            options: [
                OptionGroup("Where it is", server.listening),
                OptionGroup("What is kept", isDemo ? [store, history] : [store, name]),
                OptionGroup("Who may look", [server.tokens]), server.logs,
            ] + (isDemo ? [OptionGroup("Output", [shown])] : []), operands: isDemo ? [] : [file],
            exitCodes: [0: "It was asked to end, and did.", 2: "It could not be started."], seeAlso: ["pathwatch(1)"])
    }

    @MainActor func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        do {
            exit(try await serve(parsed))
        } catch let error as UsageError {
            command.fail(error)
        } catch {
            command.fail("\(error)", exitCode: 2)
        }
    }

    @MainActor private func serve(_ parsed: ParsedArguments) async throws -> Int32 {
        if isDemo, parsed[shown] {
            Output.standard.print(WatchDemo.settings)
            return 0
        }
        let settings = try read(parsed)
        let say: @Sendable (String) -> Void = { Output.error.print("pathwatch: \($0)") }
        func readTokens() throws -> BearerTokens? {
            let tokens = try parsed[self.server.tokens].map { try BearerTokens(contentsOf: $0) }
            if let warning = tokens?.warning { say(warning) }
            return tokens
        }
        let tokens = try readTokens()
        let server = try Server(
            "pathwatch", server, in: parsed,
            usual: settings.listen.isEmpty ? [Endpoint(IPAddress(127, 0, 0, 1), 8081)] : settings.listen)
        let folder = TemporaryStore()
        defer { folder.remove() }
        let store = try await PathStore(
            parsed[self.store] ?? settings.store ?? folder.path, retention: settings.retention)
        let topology = try settings.network.flatMap { name in
            name == "demo" ? nil : String(decoding: try Input(name, limit: 16 << 20).bytes(), as: UTF8.self)
        }
        try await settings.inventPast(before: .now, on: topology, into: store, say)
        let sources = try Sources(settings, topology, observer: server.observer)
        let daemon = try WatchDaemon(
            settings, store: store, couriers: { try courier(for: $0) },
            feed: { target in try await sources.feed(target) }, say: say)
        // Read again on SIGHUP.
        let locators = Lock(GeolocatorChain(try Self.geolocators(by: settings)))
        let network: @Sendable (IPAddress) -> AutonomousSystem? = { address in
            locators.withLock { $0 }.locate(GeoSubject(address: address)).systems.first
        }
        let own = KeptArchive(store, agent: settings.name ?? MachineFacts.hostName, network: network)
        let pages = WatchPages(
            daemon, tokens: tokens, own: own, archive: try settings.ship.map { try ClickHouseArchive($0.engine) })
        try locate(for: pages, by: settings)
        let shipper = try await shipper(of: daemon, settings, network, say)
        try await daemon.begin()
        let watching = Task {
            async let shipping: Void? = shipper?.run()
            await daemon.run()
            await shipping
        }
        say("watches \(settings.targets.count) \(settings.targets.count == 1 ? "path" : "paths")")
        let code = await server.serve(
            metrics: { metrics in
                pages.addMetrics(to: &metrics)
                shipper?.addMetrics(to: &metrics)
            },
            reload: {
                // A mistake in either changes nothing.
                let (new, others) = (try read(parsed), try readTokens())
                let vantages = try Sources.vantages(of: new)
                let chain = GeolocatorChain(try Self.geolocators(by: new))
                try locate(for: pages, by: new)
                locators.withLock { $0 = chain }
                sources.follow(vantages)
                pages.follow(tokens: others)
                for name in new.readAtStart(otherThan: settings) {
                    say("\(name) is read when the program starts, and stays as it was")
                }
                Task {
                    do { try await daemon.follow(new) } catch { say("what is watched stays as it was: \(error)") }
                }
                return "the settings and the tokens"
            },
            refusal: { pages.refusal(of: $0) }, ending: { pages.end() }, isPatient: true, stop: {},
            isForThisMachine: !server.isReachable, handler: { try await pages.answer($0) })
        watching.cancel()
        await watching.value
        await store.close()
        return code
    }

    /// Takes the databases of the settings; on the demo network, the default is its own database.
    private func locate(for pages: WatchPages, by settings: WatchSettings) throws {
        pages.locate(
            by: try Self.geolocators(by: settings), from: settings.network == "demo" ? DemoPlaces.home : nil)
    }

    private static func geolocators(by settings: WatchSettings) throws -> [any Geolocator] {
        let isDemo = settings.network == "demo"
        return try DatabaseOptions.geolocators(
            in: settings.databases.isEmpty && isDemo ? ["demo"] : settings.databases)
    }

    /// Who sends on what is kept, where the settings say so.
    private func shipper(
        of daemon: WatchDaemon, _ settings: WatchSettings,
        _ network: @escaping @Sendable (IPAddress) -> AutonomousSystem?, _ say: @escaping @Sendable (String) -> Void
    ) async throws -> Shipper? {
        guard let ship = settings.ship else {
            try await daemon.store.write { (writer) throws(StoreError) in try writer.shipNothing() }
            return nil
        }
        let agent = settings.name ?? MachineFacts.hostName
        guard agent != "localhost" else {
            throw ProbeError(
                .badSetting, "This machine is called localhost, as many are: two of one name cannot be told apart",
                remedy: "Say with --name what this vantage point is called")
        }
        let names = ShippedNames(agent: agent, network: network)
        let shipper = try Shipper(ship, of: daemon.store, names: names, say: say)
        try await shipper.begin()
        return shipper
    }

    private func read(_ parsed: ParsedArguments) throws -> WatchSettings {
        guard isDemo else {
            let settings = try settings(in: parsed[file])
            return try settings.selected(for: parsed[name] ?? settings.name ?? MachineFacts.hostName)
        }
        var settings = try WatchSettings(parsing: Array(WatchDemo.settings.utf8))
        if let text = parsed[history] {
            guard let length = Duration(settingText: text), length <= WatchSettings.longestHistory else {
                throw UsageError("--history: \(UntrustedText(text).word) is no time up to 366d such as 20m or 30d")
            }
            settings.history = length
        }
        return settings
    }
}

/// A store for as long as the program runs.
private struct TemporaryStore {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pathwatch-\(UUID().uuidString)")

    var path: String {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appendingPathComponent("paths.db").path
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// Where the events of targets come from: the network, a simulated one, or vantage points.
private final class Sources: Sendable {
    private let service: ProbeService
    private let vantages: Lock<[VantagePoint]>

    init(_ settings: WatchSettings, _ topology: String?, observer: @escaping @Sendable (ServiceEvent) -> Void) throws {
        var limits = RunLimits.none
        limits.longest = nil
        let quotas = ProbeService.Quotas(
            probesPerSecond: settings.probesPerSecond, runs: 1_000_000, runsPerClient: 1_000_000,
            runsPerTarget: 1_000_000,
            lookUpsPerSecond: nil)
        vantages = Lock(try Self.vantages(of: settings))
        guard let network = settings.network else {
            service = ProbeService(policy: .all, limits: limits, quotas: quotas, observer: observer)
            return
        }
        let internet = try WatchDemo.internet(topology, name: network, at: .now)
        let options = SimulatedInternet.Options(vantage: settings.vantage(in: internet))
        // One for each method, so that all paths see the same things happen at the same time.
        let probers: [ProbeTransport: SimulatedProber] = Dictionary(
            settings.targets.map { target in
                (
                    target.request.transport,
                    SimulatedProber(target.request.transport, internet, options: options, clock: ContinuousClock())
                )
            }, uniquingKeysWith: { first, _ in first })
        service = ProbeService(policy: .all, limits: limits, quotas: quotas, observer: observer) { request in
            probers[request.transport]
                ?? SimulatedProber(request.transport, internet, options: options, clock: ContinuousClock())
        }
    }

    static func vantages(of settings: WatchSettings) throws -> [VantagePoint] {
        try settings.vantagePoints.map { file in
            try VantagePoint.list(in: file) { Output.error.print("pathwatch: \($0.explanation)") }
        } ?? []
    }

    /// Takes other vantage points, which the next runs are asked of.
    func follow(_ others: [VantagePoint]) { vantages.withLock { $0 = others } }

    func feed(_ target: WatchSettings.Target) async throws -> RunFeed {
        guard let name = target.from else {
            return try await RunFeed(service.events(for: target.request, client: target.name))
        }
        guard let vantage = vantages.withLock({ $0.first { $0.name == name } }) else {
            throw ProbeError(
                .badSetting, "There is no vantage point \(UntrustedText(name).word)",
                remedy: "Name it in the file of vantage-points")
        }
        // Others let nobody watch for ever; one run follows the other.
        var request = target.request
        if case .monitor(var settings) = request.work {
            // Each run is another flow, so it lasts for a while; and what is lost with one is not much.
            settings.rounds = max(10, min(600, Int(Duration.seconds(100) / settings.interval)))
            request.work = .monitor(settings)
        }
        return try await vantage.feed(request, for: nil, within: .seconds(120))
    }
}
