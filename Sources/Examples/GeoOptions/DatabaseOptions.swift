public import TraceCoreCommandLine
public import GeoKit
public import TraceCore

/// The options that name databases of addresses, and the place of this machine. They are the same in every program.
public struct DatabaseOptions: Sendable {
    /// The databases.
    public let databases: Option<[String]>

    /// Where this machine is.
    public let here = Self.hereOption(
        help: "Where this machine is, in degrees. Places that no light could have come from in time are marked, "
            + "and not drawn.")

    /// The option that says where this machine is, with its meaning in a program.
    public static func hereOption(help: String) -> Option<Coordinate?> {
        Option("here", value: .coordinate, placeholder: "LAT,LON", help: help)
    }

    /// The options, with the meaning of databases in a program.
    ///
    /// - Parameter help: What the program uses the databases for, as a sentence without a full stop.
    public init(help: String) {
        databases = Option(
            "geo", each: .file,
            help: help
                + ". Repeat the option for several databases. `demo` is the database of the simulated network `demo`. "
                + Self.sources + ".")
    }

    /// Where a database is to be had.
    private static let sources = "Free databases (mmdb): DB-IP Lite from db-ip.com, IPinfo Lite and GeoLite2"

    /// Geolocators for the named databases, in their order. On the demo network, the default is its own database.
    ///
    /// - Throws: Why a database cannot be read.
    public func geolocators(
        in parsed: ParsedArguments, over network: NetworkOptions
    ) throws(ProbeError) -> [any Geolocator] {
        let isDemo = parsed[network.network] == "demo"
        return try Self.geolocators(in: parsed[databases].isEmpty && isDemo ? ["demo"] : parsed[databases])
    }

    /// Geolocators for files, in their order; `demo` is the database of the demo network.
    ///
    /// - Throws: Why a database cannot be read.
    public static func geolocators(in paths: [String]) throws(ProbeError) -> [any Geolocator] {
        var locators: [any Geolocator] = []
        for path in paths {
            do throws(MMDBError) {
                locators.append(
                    path == "demo" ? try DemoPlaces.geolocator() : MMDBGeolocator(try MMDBDatabase(contentsOf: path)))
            } catch {
                // The message begins with the path.
                throw ProbeError(
                    .badInput, "\(error)", remedy: error.code == .unreadable ? sources : nil)
            }
        }
        return locators
    }

    /// That an option needs a database, and where one is to be had.
    public static func missing(for option: String) -> UsageError {
        UsageError(
            "\(option) reads the numbers of networks from a database: give one with --geo FILE. \(sources)")
    }

    /// Where probes come from, if that is known: the place that was given, or the demo's.
    public func source(in parsed: ParsedArguments, over network: NetworkOptions) -> Place? {
        parsed[here].map { Place(source: "--here", coordinate: $0) }
            ?? (parsed[network.network] == "demo" ? DemoPlaces.home : nil)
    }

    /// A function that gives the number of the network of an address, from the first database that has one.
    ///
    /// - Parameters:
    ///   - option: The option that asks for numbers, for messages.
    ///   - parsed: The command line.
    ///   - network: The network that the packets go to.
    /// - Throws: What to do if there is no database, or why one cannot be read.
    public func systems(
        for option: String, in parsed: ParsedArguments, over network: NetworkOptions
    ) throws -> @Sendable (IPAddress) -> UInt32? {
        let locators = try geolocators(in: parsed, over: network)
        guard !locators.isEmpty else { throw Self.missing(for: option) }
        let chain = GeolocatorChain(locators)
        return { chain.locate(GeoSubject(address: $0)).systems.first?.number }
    }
}

extension ValueKind where Value == Coordinate {
    /// A point in degrees.
    fileprivate static var coordinate: Self {
        Self("LAT,LON", expecting: "a latitude and a longitude in degrees, such as 52.52,13.40") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 2, let latitude = Double(parts[0]), let longitude = Double(parts[1]) else {
                return nil
            }
            return Coordinate(latitude: latitude, longitude: longitude)
        }
    }
}
