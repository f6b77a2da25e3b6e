import TraceCoreCommandLine
import GeoKit
import TraceCoreGeoOptions
import Synchronization
import TraceCore

/// The options that say where hops are.
struct GeographyOptions {
    private let databaseOptions = DatabaseOptions(
        help: "Say where each hop is, by this database (mmdb) and by the names of routers")
    var databases: Option<[String]> { databaseOptions.databases }
    let systems = Option(
        "A", "as-path-lookups",
        help: "Show of each address only the number of its network, as `[AS64500]`, or `[*]` where no database of "
            + "`--geo` has one.")
    let map = Option(
        "map", value: .mapFile, help: "Draw the path on a map: a picture if the file is called .svg, or .geojson.")
    var here: Option<Coordinate?> { databaseOptions.here }

    var group: OptionGroup { OptionGroup("Places", [databases, systems, map, here]) }

    /// What finds places, or nil if no option asks for them.
    ///
    /// - Parameter place: Where probes come from, if it is not this machine.
    func geography(
        in parsed: ParsedArguments, over network: NetworkOptions, from place: Place?
    ) throws -> Geography? {
        guard !parsed[databases].isEmpty || parsed[systems] || parsed[map] != nil else {
            if parsed[here] != nil { throw UsageError("--here is for --geo and --map: nothing else asks for places") }
            return nil
        }
        var numbers: (@Sendable (IPAddress) -> UInt32?)?
        if parsed[systems] { numbers = try databaseOptions.systems(for: "-A", in: parsed, over: network) }
        if let map = parsed[map] { try checkFile(map, as: "The map") }
        let locators = try databaseOptions.geolocators(in: parsed, over: network)
        return Geography(
            locator: GeolocatorChain(locators + [RouterNameGeolocator()]),
            source: place ?? databaseOptions.source(in: parsed, over: network), map: parsed[map], systems: numbers)
    }
}

/// Says where the hops of traces are, and draws them.
struct Geography: Sendable {
    let locator: GeolocatorChain
    let source: Place?
    let map: String?
    /// Finds the numbers of networks, where only these are shown beside the addresses.
    let systems: (@Sendable (IPAddress) -> UInt32?)?
    /// What was printed so far.
    private let said = SaidPlaces()

    init(
        locator: GeolocatorChain, source: Place?, map: String?, systems: (@Sendable (IPAddress) -> UInt32?)? = nil
    ) {
        self.locator = locator
        self.source = source
        self.map = map
        self.systems = systems
    }

    /// An address at a hop.
    fileprivate struct Spot: Hashable, Comparable, Sendable {
        let ttl: Int
        let address: IPAddress

        static func < (left: Spot, right: Spot) -> Bool { (left.ttl, left.address) < (right.ttl, right.address) }
    }

    /// A trace with its places.
    func located(_ trace: TraceReport) -> LocatedTrace {
        LocatedTrace(trace: trace, source: source, geolocator: locator)
    }

    /// What is printed beside an address, as far as the path is known.
    func note(_ trace: TraceReport, _ hop: TraceReport.Hop, _ address: IPAddress) -> String? {
        // A number is what it is, whatever the rest of the path.
        if let systems { return systems(address).map { "AS\($0)" } ?? "*" }
        let summary = summaries(trace)[Spot(ttl: hop.ttl, address: address)]
        said.keep(summary, at: Spot(ttl: hop.ttl, address: address))
        return summary
    }

    /// The lines that take back what was said of addresses before the whole path was known.
    func corrections(_ trace: TraceReport) -> [String] {
        guard systems == nil else { return [] }
        let summaries = summaries(trace)
        return said.all.filter { summaries[$0] != $1 }.keys.sorted().map { spot in
            "by the whole path, hop \(spot.ttl) is to be read as \(spot.address) [\(summaries[spot] ?? "nowhere known")]"
        }
    }

    /// What is to be said of each address of a path.
    private func summaries(_ trace: TraceReport) -> [Spot: String] {
        if let known = said.summaries(of: trace) { return known }
        var summaries: [Spot: String] = [:]
        for hop in located(trace).hops {
            for responder in hop.responders where !responder.summary.isEmpty {
                summaries[Spot(ttl: hop.ttl, address: responder.address)] = responder.summary
            }
        }
        said.keep(summaries, of: trace)
        return summaries
    }

    /// Draws the traces, where a map was asked for.
    func draw(_ traces: [TraceReport]) throws {
        guard let map else { return }
        let picture = GeoMap(routes: traces.map { MapRoute(located($0)) })
        let text = map.hasSuffix(".svg") ? picture.svg() : picture.geoJSON()
        try replaceFile(map, with: Array(text.utf8), as: "The map")
    }
}

/// The places that were said of the addresses of a path, line by line; and those of the path as it was last looked at.
private final class SaidPlaces: Sendable {
    private struct Memory {
        var said: [Geography.Spot: String?] = [:]
        var last: (trace: TraceReport, summaries: [Geography.Spot: String])?
    }

    private let memory = Mutex(Memory())

    func keep(_ place: String?, at spot: Geography.Spot) {
        memory.withLock { _ = $0.said.updateValue(place, forKey: spot) }
    }

    func keep(_ summaries: [Geography.Spot: String], of trace: TraceReport) {
        memory.withLock { $0.last = (trace, summaries) }
    }

    /// What is known of a path that was the last one to be looked at.
    func summaries(of trace: TraceReport) -> [Geography.Spot: String]? {
        memory.withLock { $0.last.flatMap { $0.trace == trace ? $0.summaries : nil } }
    }

    var all: [Geography.Spot: String?] { memory.withLock { $0.said } }
}

extension ValueKind where Value == String {
    /// The file of a map, whose ending says what it is to be.
    fileprivate static var mapFile: Self {
        Self("FILE", expecting: "a file that ends in .svg or .geojson", completion: .files) { text in
            text.hasSuffix(".svg") || text.hasSuffix(".geojson") ? text : nil
        }
    }
}
