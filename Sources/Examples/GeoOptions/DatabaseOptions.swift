public import TraceCoreCommandLine
public import GeoKit
public import TraceCore

/// The option that names databases of addresses. It is the same in every program.
public struct DatabaseOptions: Sendable {
    /// The databases.
    public let databases: Option<[String]>

    /// The option, with its meaning in a program.
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
        var locators: [any Geolocator] = []
        for path in parsed[databases].isEmpty && isDemo ? ["demo"] : parsed[databases] {
            do throws(MMDBError) {
                locators.append(
                    path == "demo" ? try DemoPlaces.geolocator() : MMDBGeolocator(try MMDBDatabase(contentsOf: path)))
            } catch {
                // The message begins with the path.
                throw ProbeError(
                    .badInput, "\(error)", remedy: error.code == .unreadable ? Self.sources : nil)
            }
        }
        return locators
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
        guard !locators.isEmpty else {
            throw UsageError(
                "\(option) reads the numbers of networks from a database: give one with --geo FILE. \(Self.sources)")
        }
        let chain = GeolocatorChain(locators)
        return { chain.locate(GeoSubject(address: $0)).systems.first?.number }
    }
}
