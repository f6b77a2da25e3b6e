public import TraceCoreCommandLine
public import GeoKit
public import TraceCore

/// The option that names databases of addresses, the same in every program that asks them.
public struct DatabaseOptions: Sendable {
    /// The databases.
    public let databases: Option<[String]>

    /// The option, with what it means in a program.
    ///
    /// - Parameter help: What the databases are asked for, as the beginning of a sentence.
    public init(help: String) {
        databases = Option(
            "geo", each: .file,
            help: help + "; may be given several times. `demo` is the database of the simulated network of that name.")
    }

    /// Those who know the databases that were named, in their order. Where the demo is asked, its own needs no naming.
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
                    path == "demo" ? try DemoPlaces.geolocator() : MMDBGeolocator(try MMDBDatabase(path: path)))
            } catch {
                throw ProbeError(.badInput, "\(UntrustedText(path).word): \(error)")
            }
        }
        return locators
    }

    /// Who knows the number of the network that an address belongs to: the first database that has one.
    ///
    /// - Parameters:
    ///   - option: The option that asks for numbers, as messages call it.
    ///   - parsed: The command line.
    ///   - network: Where packets go.
    /// - Throws: A sentence about what to do where there is no database; or why one cannot be read.
    public func systems(
        for option: String, in parsed: ParsedArguments, over network: NetworkOptions
    ) throws -> @Sendable (IPAddress) -> UInt32? {
        let locators = try geolocators(in: parsed, over: network)
        guard !locators.isEmpty else {
            throw UsageError(
                "\(option): the numbers of networks are read from a database, and asked of nobody: "
                    + "give one with --geo FILE")
        }
        let chain = GeolocatorChain(locators)
        return { chain.locate(GeoSubject($0)).systems.first?.number }
    }
}
