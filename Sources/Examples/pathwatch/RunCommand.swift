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
    let file = Operand(
        "file", value: .file, help: "The settings: a file, or an address such as https://settings.example/watch.json.")
    let settingsInterval = Option(
        "settings-interval", value: .duration(unit: .seconds(1), .seconds(1) ... .seconds(86_400)),
        default: .seconds(60), help: "How often settings that come from an address are asked for.")
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
                        + "ends. Settings at an address are asked for again and again; where they are others, they are taken as on SIGHUP. The store keeps the last ones, so it takes --store."
            ],
            options: [
                OptionGroup("Where it is", server.listening),
                OptionGroup("What is kept", isDemo ? [store, history] : [store, name, settingsInterval]),
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
        let say: @Sendable (String) -> Void = { Output.error.print("pathwatch: \($0)") }
        let remote = try await remote(parsed, say)
        let settings = try await begin(parsed, remote)
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
        let networks = Networks(try Self.geolocators(by: settings))
        let network: @Sendable (IPAddress) -> AutonomousSystem? = { networks.network(of: $0) }
        let own = KeptArchive(store, agent: settings.name ?? MachineFacts.hostName, network: network)
        let mesh = try Mesh(settings, say: say)
        let pages = WatchPages(
            daemon, tokens: tokens, own: own, archive: try settings.ship.map { try ClickHouseArchive($0.engine) },
            mesh: mesh)
        try locate(for: pages, by: settings)
        let shipper = try await shipper(of: daemon, settings, network, say)
        let meshShipper = try settings.ship.map { try MeshShipper($0, findings: { mesh.findings(at: $0) }, say: say) }
        try await remote?.keep(in: store)
        try await daemon.begin()
        /// Goes by other settings: what is throws before anything is changed, and the rest is for the caller to begin.
        func take(_ new: WatchSettings) throws -> () async throws -> Void {
            let vantages = try Sources.vantages(of: new)
            let locators = try Self.geolocators(by: new)
            try locate(for: pages, by: new)
            networks.follow(locators)
            sources.follow(vantages)
            for name in new.readAtStart(otherThan: settings) {
                say("\(name) is read when the program starts, and stays as it was")
            }
            return {
                try await daemon.follow(new)
                mesh.follow(new)
            }
        }
        let watching = Task {
            async let shipping: Void? = shipper?.run()
            async let asking: Void? = remote?.run(every: parsed[settingsInterval]) { @MainActor bytes in
                guard let remote else { return }
                try await take(try selected(try remote.address.settings(in: bytes), parsed))()
                do { try await remote.received?.keep(in: store) } catch {
                    say("the settings are in force, and a start without their server will not have them: \(error)")
                }
            }
            async let counting: Void = mesh.run()
            async let telling: Void? = meshShipper?.run()
            await daemon.run()
            _ = await (shipping, asking, counting, telling)
        }
        say("watches \(settings.targets.count) \(settings.targets.count == 1 ? "path" : "paths")")
        let code = await server.serve(
            metrics: { metrics in
                pages.addMetrics(to: &metrics)
                shipper?.addMetrics(to: &metrics)
                remote?.addMetrics(to: &metrics)
                mesh.addMetrics(to: &metrics)
            },
            reload: {
                guard let remote else {
                    // A mistake in either changes nothing.
                    let (new, others) = (try read(parsed), try readTokens())
                    let following = try take(new)
                    pages.follow(tokens: others)
                    Task {
                        do { try await following() } catch { say("what is watched stays as it was: \(error)") }
                    }
                    return "the settings and the tokens"
                }
                pages.follow(tokens: try readTokens())
                remote.askNow()
                return "the tokens, and asks for the settings,"
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

    /// The settings as this vantage point has them.
    private func selected(_ settings: WatchSettings, _ parsed: ParsedArguments) throws -> WatchSettings {
        try settings.selected(for: parsed[name] ?? settings.name ?? MachineFacts.hostName)
    }

    /// Who asks for the settings, where an address has them.
    private func remote(_ parsed: ParsedArguments, _ say: @escaping @Sendable (String) -> Void) async throws
        -> RemoteSettings?
    {
        guard !isDemo, let address = SettingsAddress(parsed[file]) else { return nil }
        guard let path = parsed[store] else {
            throw UsageError(
                "settings from an address are kept in the store, for a start without their server: say with --store FILE where it is"
            )
        }
        return try RemoteSettings(address, kept: await KeptSettings.inStore(path, of: address), say: say)
    }

    private func begin(_ parsed: ParsedArguments, _ remote: RemoteSettings?) async throws -> WatchSettings {
        guard let remote else { return try read(parsed) }
        return try await remote.begin { bytes in try selected(try remote.address.settings(in: bytes), parsed) }
    }

    private func read(_ parsed: ParsedArguments) throws -> WatchSettings {
        guard isDemo else {
            return try selected(try settings(in: parsed[file]), parsed)
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
