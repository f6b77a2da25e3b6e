import GeoKit
import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine
import TraceCoreGeoOptions
import TraceCoreHTTP

/// The options that choose which regions are meant.
struct CloudChoice {
    let provider = Option(
        "p", "provider", each: .text, placeholder: "CODE",
        help: "Only this provider's regions, such as `aws`. Repeat the option for several.")
    let region = Option(
        "r", "region", each: .text, placeholder: "CODE",
        help: "Only this region: `eu-west-1`, or `aws/eu-west-1`. Repeat the option for several.")
    let continent = Option(
        "continent", each: .words(["AF", "AS", "EU", "ME", "NA", "OC", "SA"]),
        help: "Only regions of this continent; ME is the Middle East. Repeat the option for several.")
    let endpoints = Option(
        "endpoints", each: .file,
        help:
            "Also the endpoints of this file, in the place of those with the same names: JSON, CSV with a line of names, or "
            + "the map that gcping's server gives at `/api/endpoints`. `-` is standard input.")
    let only = Option(
        "url", value: .file, placeholder: "URL",
        help: "Only the endpoints of this file, or of this address of the web, in any of these forms.")

    var group: OptionGroup { OptionGroup("Which regions", [provider, region, continent, endpoints, only]) }

    /// The catalogue, with what files add, and of it what was asked for.
    func catalogue(in parsed: ParsedArguments) async throws -> (catalogue: CloudCatalogue, regions: [CloudRegion]) {
        var catalogue = CloudCatalogue.builtIn
        for path in parsed[endpoints] { catalogue = catalogue.replacing(try await read(path, knowing: catalogue)) }
        if let path = parsed[only] {
            catalogue = catalogue.replacing(try await read(path, knowing: catalogue), keepingOthers: false)
        }
        let (providers, codes) = (Set(parsed[provider]), Set(parsed[region]))
        let known = Set(catalogue.regions.map(\.provider))
        for provider in providers.sorted() where !known.contains(provider) {
            throw UsageError(
                "there is no provider \(UntrustedText(provider).word): there is \(known.sorted().joined(separator: ", "))"
            )
        }
        for code in codes.sorted()
        where !catalogue.regions.contains(where: { $0.code == code || $0.id == code }) {
            throw UsageError("there is no region \(UntrustedText(code).word): `cloudbench catalogue` lists them")
        }
        let regions = catalogue.regions.filter { region in
            (providers.isEmpty || providers.contains(region.provider))
                && (codes.isEmpty || codes.contains(region.code) || codes.contains(region.id))
                && (parsed[continent].isEmpty || parsed[continent].contains(region.continent))
        }
        guard !regions.isEmpty else { throw UsageError("there is no region that fits all of what was asked for") }
        return (catalogue, regions)
    }

    private func read(_ path: String, knowing catalogue: CloudCatalogue) async throws -> [CloudRegion] {
        let isRemote = path.hasPrefix("http://") || path.hasPrefix("https://")
        let input = Input(path)
        let bytes = isRemote ? try await fetch(path) : try input.bytes()
        let name = isRemote ? UntrustedText(path).escaped : input.name
        do {
            return try CloudEndpoints.regions(parsing: bytes, knowing: catalogue)
        } catch {
            throw ProbeError(.badInput, error.all.map { "\(name): \($0)" }.joined(separator: "\n"))
        }
    }

    private func fetch(_ address: String) async throws -> [UInt8] {
        var request = HTTPClient.Request(address)
        request.time = .seconds(30)
        let answer = try await HTTPClient().send(request)
        guard answer.status == .ok else {
            throw ProbeError(
                .badInput, "\(UntrustedText(address).escaped) answers with \(answer.status.code) and not with endpoints"
            )
        }
        return try await answer.body.bytes(atMost: 16 << 20)
    }
}

/// The options that choose which network is asked, and from where.
struct CloudNetwork {
    let network = Option(
        "network", value: .file,
        help: "Use a simulated internet instead of the real network: `clouds` has all providers, or a topology file.")
    let seed = Option(
        "seed", value: .integer(0...UInt64.max), default: 1, help: "What happens by chance in the simulated `clouds`.")
    let here = DatabaseOptions.hereOption(
        help: "Where this machine is, in degrees: then reports have distances, and more front ends are found.")
    let inside = Option(
        "inside", help: "Also ask hosts whose addresses are private or otherwise inside; no cloud's are.")
    let databases = DatabaseOptions(help: "Say where routers on the way are, and whose").databases

    var group: OptionGroup { OptionGroup("Network", [network, seed, inside, here, databases]) }

    /// What is asked.
    struct Ground {
        let name: String
        let here: Coordinate?
        let policy: TargetPolicy
        let locators: [any Geolocator]
        let prober: @Sendable (ProbeTransport) -> any Prober
        /// The other places of a simulated internet.
        var places: [CloudVantages.Point] = []
    }

    /// - Parameter isClocked: Whether simulated time passes as on the clock, for people who watch.
    func ground(
        _ catalogue: CloudCatalogue, isClocked: Bool = false, in parsed: ParsedArguments
    ) throws -> Ground {
        let locators = try DatabaseOptions.geolocators(in: parsed[databases])
        guard let name = parsed[network] else {
            LiveProber.raiseDescriptorLimit()
            return Ground(
                name: "internet", here: parsed[here], policy: parsed[inside] ? .all : .publicOnly, locators: locators
            ) {
                LiveProber($0)
            }
        }
        let seed = parsed[seed]
        let options = SimulatedInternet.Options(seed: seed)
        if name == "clouds" {
            let world = CloudWorld(catalogue, seed: seed)
            let internet = try world.internet()
            return Ground(
                name: name, here: parsed[here] ?? CloudWorld.here.coordinate, policy: .all,
                locators: locators + [world.geolocator],
                prober: { Self.prober($0, internet, options, isClocked) },
                places: CloudWorld.metros.dropFirst().map { metro in
                    var options = options
                    options.vantage = metro.name
                    return CloudVantages.Point(
                        name: metro.name, here: metro.place.coordinate,
                        asker: OwnAsker { [options] in Self.prober($0, internet, options, isClocked) })
                })
        }
        let internet = try SimulatedInternet(at: name)
        return Ground(name: name, here: parsed[here], policy: .all, locators: locators) {
            Self.prober($0, internet, options, isClocked)
        }
    }

    private static func prober(
        _ transport: ProbeTransport, _ internet: SimulatedInternet, _ options: SimulatedInternet.Options,
        _ isClocked: Bool
    ) -> any Prober {
        isClocked
            ? SimulatedProber(transport, internet, options: options, clock: ContinuousClock())
            : SimulatedProber(transport, internet, options: options)
    }
}
