import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreGeoOptions
import TraceCoreHTTP
import TraceCorePages

/// The options of the looking glass, with webtrace's settings under their names.
struct GlassOptions {
    let network = NetworkOptions()
    let places = DatabaseOptions(help: "Say where each hop is, by this database (mmdb) and by the names of routers")

    let listen = Option(
        "l", "listen", each: .endpoint,
        help: "Listen on this address and port. Repeat the option for several. The default is 127.0.0.1:8080; under "
            + "systemd, the sockets that it hands over.")
    let socket = Option("socket", value: .file, help: "Listen on a Unix socket, too.")
    let proxies = Option(
        "proxy", each: .network,
        help: "Believe what proxies in this network say of the client (`X-Forwarded-For`, `Forwarded`). Nobody else is "
            + "believed, but for the other side of a Unix socket.")
    let metricsListen = Option(
        "metrics", value: .endpoint, help: "Serve metrics and health here only, and not with the page.")

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

    let allow = Option("allow", each: .network, help: "Let this network be asked, though it is not public.")
    let deny = Option("deny", each: .network, help: "Never ask this network.")
    let allowPrivate = Option(
        "allow-private",
        help:
            "Let every network be asked, private ones and this machine too. Without the option that is so only where nobody but "
            + "this machine can reach the server.")
    let tokens = Option(
        "tokens", value: .file,
        help: "Ask for one of the tokens in this file (`name: token` lines) for all but the page.")

    let rate = Option(
        "ratelimit", value: .rates,
        help: "How often each client may start a run, as `10/minute;100/hour`. The default is 30/minute.")
    let runs = Option("runs", value: .integer(1...1_000_000), default: 200, help: "Make this many runs at once in all.")
    let runsPerClient = Option(
        "runs-per-client", value: .integer(1...1_000_000), default: 5, help: "Make this many at once for each client.")
    let runsPerTarget = Option(
        "runs-per-target", value: .integer(1...1_000_000), default: 5, help: "Make this many at once at each target.")
    let probes = Option(
        "probes-per-second", value: .integer(1...10_000_000), default: 2_000,
        help: "Send this many probes a second in all.")
    let lookUps = Option(
        "lookups-per-second", value: .integer(1...1_000_000), default: 50,
        help: "Look this many names of targets up a second.")
    let timeout = Option(
        "timeout", value: .duration(unit: .seconds(1), .seconds(1) ... .seconds(86_400)),
        help: "End a run after this long. The default is two minutes, and 30 seconds on webtrace's routes.")
    let mtrCount = Option(
        "mtrcount", value: .integer(1...100_000), help: "Rounds of an mtr unless asked otherwise. The default is 10.")
    let pingCount = Option(
        "pingcount", value: .integer(1...100_000), help: "Pings unless asked otherwise. The default is 4.")
    let mostCount = Option(
        "most-rounds", value: .integer(1...1_000_000), default: 100, help: "Rounds or pings that can be asked for.")

    let log = Option(
        "log", value: .file, help: "Write a line for each request and run to this file; `-` is standard output.")
    let logFormat = Option(
        "log-format", value: .choice(AccessLog.self), default: .combined, help: "The form of these lines.")

    var groups: [OptionGroup] {
        [
            OptionGroup("Where it is", [listen, socket, proxies, metricsListen, network.network]),
            OptionGroup("The page", [title, about, frameAncestors, noPage, keep, places.databases, places.here]),
            OptionGroup("Vantage points", [vantages, name, mostVantages]),
            OptionGroup("Who may ask for what", [allow, deny, allowPrivate, tokens]),
            OptionGroup(
                "How much",
                [rate, runs, runsPerClient, runsPerTarget, probes, lookUps, timeout, mtrCount, pingCount, mostCount]),
            OptionGroup("Logs", [log, logFormat]),
        ]
    }
}

/// An address and a port to listen on.
struct Endpoint: Sendable, CustomStringConvertible {
    let address: IPAddress
    let port: UInt16

    var description: String { address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    init(_ address: IPAddress, _ port: UInt16) { (self.address, self.port) = (address, port) }

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard
            let address = host.isEmpty
                ? IPAddress("::") : host == "localhost" ? IPAddress(127, 0, 0, 1) : IPAddress(host)
        else {
            return nil
        }
        (self.address, self.port) = (address, port)
    }

    var isLoopback: Bool { address.range == .loopback }
}

extension ValueKind where Value == Endpoint {
    static var endpoint: Self {
        Self("ADDRESS:PORT", expecting: "an address with a port, such as 127.0.0.1:8080 or [::1]:8080") { Endpoint($0) }
    }
}

extension ValueKind where Value == IPNetwork {
    static var network: Self {
        Self("NETWORK", expecting: "a network, such as 192.0.2.0/24") { text in
            IPNetwork(text)
                ?? IPAddress(text).flatMap { IPNetwork(containing: $0, prefixLength: $0.family == .v4 ? 32 : 128) }
        }
    }
}

extension ValueKind where Value == String {
    /// Rates of requests.
    static var rates: Self {
        Self("RATES", expecting: "rates such as 10/minute;100/hour") { (try? RequestRates($0)) == nil ? nil : $0 }
    }

    /// Sources of a security policy.
    static var sources: Self {
        Self("SITES", expecting: "sites as in frame-ancestors, such as https://www.example") { text in
            text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
                ? text : nil
        }
    }
}

/// What the options and the environment come to.
struct Settings: Sendable {
    let endpoints: [Endpoint]
    let socket: String?
    let metricsListener: Endpoint?
    let proxies: [IPNetwork]
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
    let logPath: String?
    let logFormat: AccessLog
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
        endpoints = parsed[options.listen]
        socket = parsed[options.socket]
        metricsListener = parsed[options.metricsListen]
        proxies = parsed[options.proxies]
        title = parsed[options.title] ?? variables["TITLE"] ?? "Looking glass"
        about = parsed[options.about] ?? variables["SERVERINFO"]
        name = parsed[options.name]
        frameAncestors = parsed[options.frameAncestors]
        hasPage = !parsed[options.noPage]
        keptBytes = parsed[options.keep] << 20
        mostVantages = parsed[options.mostVantages]
        rates = parsed[options.rate] ?? variables["RATELIMIT"] ?? "30/minute"
        _ = try RequestRates(rates)
        let asked = try parsed[options.timeout] ?? variables.number("TIMEOUT", 1...86_400).map { .seconds($0) }
        longest = max(asked ?? .seconds(120), .seconds(1))
        oldDeadline = asked ?? .seconds(30)
        mtrCount = try parsed[options.mtrCount] ?? variables.number("MTRCOUNT", 1...100_000) ?? 10
        pingCount = try parsed[options.pingCount] ?? variables.number("PINGCOUNT", 1...100_000) ?? 4
        logPath = parsed[options.log]
        logFormat = parsed[options.logFormat]
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
    /// - Parameters:
    ///   - isReachable: Whether others than this machine can reach the server.
    ///   - observer: Takes what happens to runs.
    func setup(
        isReachable: Bool, observer: @escaping @Sendable (ServiceEvent) -> Void
    ) throws -> LookingGlass.Setup {
        let locators = try options.places.geolocators(in: parsed, over: options.network)
        let source = options.places.source(in: parsed, over: options.network)
        return LookingGlass.Setup(
            service: try service(isReachable: isReachable, observer: observer),
            places: PlaceFinder(locators, from: source),
            vantages: try parsed[options.vantages].map { try VantagePoint.list(in: $0) } ?? [],
            tokens: try parsed[options.tokens].map { try BearerTokens(contentsOf: $0) },
            rates: RequestRates.Limiter(try RequestRates(rates)))
    }

    private func service(
        isReachable: Bool, observer: @escaping @Sendable (ServiceEvent) -> Void
    ) throws -> ProbeService {
        var policy: TargetPolicy =
            parsed[options.allowPrivate] || parsed[options.network.network] != nil || !isReachable ? .all : .publicOnly
        policy = policy.allowing(parsed[options.allow]).denying(parsed[options.deny])
        var limits = RunLimits()
        let most = max(parsed[options.mostCount], mtrCount, pingCount)
        limits.numbers[.count] = 1...most
        limits.mostProbes = max(10_000, most * 64)
        limits.longest = longest
        limits.defaults[.ping] = .ping(PingSettings(count: pingCount))
        limits.defaults[.monitor] = .monitor(MonitorSettings(rounds: mtrCount))
        let quotas = ProbeService.Quotas(
            probesPerSecond: parsed[options.probes], runs: parsed[options.runs],
            runsPerClient: parsed[options.runsPerClient],
            runsPerTarget: parsed[options.runsPerTarget], lookUpsPerSecond: parsed[options.lookUps])
        guard parsed[options.network.network] != nil else {
            return ProbeService(policy: policy, limits: limits, quotas: quotas, observer: observer)
        }
        let internet = try options.network.internet(in: parsed)
        return ProbeService(
            policy: policy, limits: limits, quotas: quotas, observer: observer,
            prober: { request in
                SimulatedProber(
                    request.transport, internet, options: SimulatedInternet.Options(packets: request.live.packets),
                    clock: ContinuousClock())
            })
    }
}
