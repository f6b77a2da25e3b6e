import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreGeoOptions
import TraceCoreHTTP
import TraceCorePages
import TraceCoreServer

/// The options of the looking glass, with webtrace's settings under their names.
struct GlassOptions {
    let network = NetworkOptions()
    let places = DatabaseOptions(help: "Say where each hop is, by this database (mmdb) and by the names of routers")
    let server = ServerOptions()
    let service = ServiceOptions()

    let title = Option("title", value: .text, help: "The title of the page.")
    let about = Option("serverinfo", value: .text, help: "A line below the title: where this machine is, whom to ask.")
    let name = Option("name", value: .text, default: "here", help: "The name of this machine among the vantage points.")
    let frameAncestors = Option(
        "frame-ancestors", value: .sources, default: "'none'",
        help: "The sites that may show the page within theirs, as in CSP.")
    let noPage = Option("no-page", help: "Serve the API only.")
    let keep = Option(
        "keep", value: .integer(0...65_536), placeholder: "MIB", default: 64,
        help: "Keep results for links and downloads in this many MiB of memory. The oldest go first.")

    let vantages = Option(
        "vantage", value: .file,
        help:
            "Offer the looking glasses in this file as vantage points: a JSON array of objects with `name`, `url`, and perhaps "
            + "`token`, `latitude` and `longitude`.")
    let mostVantages = Option(
        "vantages-at-once", value: .integer(1...32), default: 4,
        help: "Ask at most this many vantage points for one page.")

    let timeout = Option(
        "timeout", value: .duration(unit: .seconds(1), .seconds(1) ... .seconds(86_400)),
        help: "End a run after this long. The default is two minutes, and 30 seconds on webtrace's routes.")
    let mtrCount = Option(
        "mtrcount", value: .integer(1...100_000), help: "Rounds of an mtr unless asked otherwise. The default is 10.")
    let pingCount = Option(
        "pingcount", value: .integer(1...100_000), help: "Pings unless asked otherwise. The default is 4.")
    let mostHosts = Option(
        "most-hosts", value: .integer(1...65_536), default: 1,
        help:
            "Let one request ask so many hosts: then programs may also `sweep`. cloudbench wants 300 for its `--from`.")
    let mostCount = Option(
        "most-rounds", value: .integer(1...1_000_000), default: 100, help: "Rounds or pings that can be asked for.")

    var groups: [OptionGroup] {
        [
            OptionGroup("Where it is", server.listening + [network.network]),
            OptionGroup("The page", [title, about, frameAncestors, noPage, keep, places.databases, places.here]),
            OptionGroup("Vantage points", [vantages, name, mostVantages]),
            OptionGroup("Who may ask for what", service.targets + [server.tokens]),
            OptionGroup("How much", service.amounts + [timeout, mtrCount, pingCount, mostCount, mostHosts]),
            server.logs,
        ]
    }
}

extension ValueKind where Value == String {
    /// Sources of a security policy.
    fileprivate static var sources: Self {
        Self("SITES", expecting: "sites as in frame-ancestors, such as https://www.example") { text in
            text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
                ? text : nil
        }
    }
}

/// What the options and the environment come to.
struct Settings: Sendable {
    let title: String
    let about: String?
    let name: String
    let frameAncestors: String
    let hasPage: Bool
    let keptBytes: Int
    let mostVantages: Int
    let rates: String
    /// How long a run may last on the older routes.
    let oldDeadline: Duration
    private let options: GlassOptions
    private let parsed: ParsedArguments
    private let mtrCount: Int
    private let pingCount: Int
    private let longest: Duration

    /// - Throws: What is wrong with them.
    init(_ options: GlassOptions, _ parsed: ParsedArguments, _ environment: [String: String]) throws {
        self.options = options
        self.parsed = parsed
        let variables = Environment(environment)
        title = parsed[options.title] ?? variables["TITLE"] ?? "Looking glass"
        about = parsed[options.about] ?? variables["SERVERINFO"]
        name = parsed[options.name]
        frameAncestors = parsed[options.frameAncestors]
        hasPage = !parsed[options.noPage]
        keptBytes = parsed[options.keep] << 20
        mostVantages = parsed[options.mostVantages]
        rates = parsed[options.service.rate] ?? variables["RATELIMIT"] ?? "30/minute"
        _ = try RequestRates(rates)
        let asked = try parsed[options.timeout] ?? variables.number("TIMEOUT", 1...86_400).map { .seconds($0) }
        longest = max(asked ?? .seconds(120), .seconds(1))
        oldDeadline = asked ?? .seconds(30)
        mtrCount = try parsed[options.mtrCount] ?? variables.number("MTRCOUNT", 1...100_000) ?? 10
        pingCount = try parsed[options.pingCount] ?? variables.number("PINGCOUNT", 1...100_000) ?? 4
    }

    /// Variables under our own names and under webtrace's.
    private struct Environment {
        private let all: [String: String]

        init(_ all: [String: String]) { self.all = all }

        subscript(name: String) -> String? {
            ["LOOKINGGLASS_" + name, "WEBTRACE_" + name].lazy.compactMap { all[$0] }.first { !$0.isEmpty }
        }

        func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
            guard let text = self[name] else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw UsageError(
                    "\(name) is set to \(UntrustedText(text).debugDescription) in the environment: a whole number from \(range.lowerBound) to \(range.upperBound) is wanted"
                )
            }
            return number
        }
    }

    // MARK: What is read again on SIGHUP

    /// What requests are answered with.
    ///
    /// - Parameter other: What they were answered with until now. Its runs and its counts go on.
    @MainActor func setup(for server: Server, after other: LookingGlass.Setup? = nil) throws -> LookingGlass.Setup {
        let locators = try options.places.geolocators(in: parsed, over: options.network)
        let source = options.places.source(in: parsed, over: options.network)
        var limits = RunLimits()
        let most = max(parsed[options.mostCount], mtrCount, pingCount)
        limits.numbers[.count] = 1...most
        limits.mostProbes = max(10_000, most * 64)
        let hosts = parsed[options.mostHosts]
        if hosts > 1 {
            limits.verbs.insert(.sweep)
            limits.mostTargets = hosts
            limits.mostProbes = max(10_000, most * 64, most * hosts)
        }
        limits.longest = longest
        limits.defaults[.ping] = .ping(PingSettings(count: pingCount))
        limits.defaults[.monitor] = .monitor(MonitorSettings(rounds: mtrCount))
        return LookingGlass.Setup(
            service: try other?.service
                ?? options.service.service(
                    in: parsed, over: options.network, limits: limits, isReachable: server.isReachable,
                    observer: server.observer),
            places: PlaceFinder(locators, from: source),
            vantages: try parsed[options.vantages].map { file in
                try VantagePoint.list(in: file) { Output.error.print("lookingglass: \($0.explanation)") }
            } ?? [],
            admission: try Admission(tokens: parsed[options.server.tokens], rates: rates, after: other?.admission))
    }
}

extension Settings {
    /// Which addresses can be asked, for the operator.
    @MainActor func whomItAsks(_ server: Server) -> String {
        if parsed[options.network.network] != nil { return "asks a simulated internet" }
        if parsed[options.service.allowPrivate] { return "asks every address, private ones too (--allow-private)" }
        return server.isReachable
            ? "asks public addresses, and what --allow adds"
            : "asks every address, because only this machine can reach it under the name localhost"
    }
}
