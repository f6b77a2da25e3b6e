import CommandLineKit
import GeoKit
import TraceCore

/// The options that say where hops are.
struct GeographyOptions {
    let databases = Option(
        "geo", each: .file,
        help: "Say where each hop is, by this database (mmdb) and by the names of routers; may be given several times. "
            + "`demo` is the database of the simulated network of that name.")
    let map = Option(
        "map", value: .mapFile, help: "Draw the path on a map: a picture if the file is called .svg, or .geojson.")
    let here = Option(
        "here", value: .coordinate, placeholder: "LAT,LON",
        help: "Where this machine is, in degrees. Places that no light could have come from in time are marked, "
            + "and not drawn.")

    var group: OptionGroup { OptionGroup("Places", [databases, map, here]) }

    /// Who is asked where hops are; nil if nobody asked for places.
    func geography(in parsed: ParsedArguments, over network: NetworkOptions) throws -> Geography? {
        guard !parsed[databases].isEmpty || parsed[map] != nil else {
            if parsed[here] != nil { throw UsageError("--here is for --geo and --map: nothing else asks for places") }
            return nil
        }
        // The demo's addresses are nowhere else, and its vantage is known.
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
        let source =
            parsed[here].map { Place(source: "--here", coordinate: $0) } ?? (isDemo ? DemoPlaces.home : nil)
        return Geography(
            locator: GeolocatorChain(locators + [RouterNameGeolocator()]), source: source, map: parsed[map])
    }
}

/// Says where the hops of traces are, and draws them.
struct Geography: Sendable {
    let locator: GeolocatorChain
    let source: Place?
    let map: String?

    /// A trace with its places.
    func located(_ trace: Trace) -> LocatedTrace { LocatedTrace(trace: trace, source: source, geolocator: locator) }

    /// What stands beside an address, by what is known of its hop.
    func note(_ trace: Trace, _ hop: Trace.Hop, _ address: IPAddress) -> String? {
        let here = located(Trace(run: trace.run, hops: [hop], end: nil)).hops.first
        let summary = here?.responders.first { $0.address == address }?.summary ?? ""
        return summary.isEmpty ? nil : summary
    }

    /// Draws the traces, where a map was asked for.
    func draw(_ traces: [Trace]) throws {
        guard let map else { return }
        let picture = GeoMap(routes: traces.map { MapRoute(located($0)) })
        let text = map.hasSuffix(".svg") ? picture.svg() : picture.geoJSON()
        do throws(FileWriteError) {
            let file = try FileWriter(path: map)
            try file.write(Array(text.utf8).span)
            try file.commit()
        } catch {
            throw ProbeError(
                .badInput, "The map cannot be written to \(UntrustedText(map).word): \(error.doing): \(error.reason)",
                remedy: "Give another file, or make its folder")
        }
    }
}

extension ValueKind where Value == String {
    /// The file of a map, whose ending says what it is to be.
    fileprivate static var mapFile: Self {
        Self("FILE", expecting: "a file that ends in .svg or .geojson", completion: .files) { text in
            text.hasSuffix(".svg") || text.hasSuffix(".geojson") ? text : nil
        }
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
