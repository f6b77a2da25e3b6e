import TraceCore

/// Reads the places in the names of routers: codes of airports (`lhr15s42`, `ae1.fra4`), what carriers call cities
/// (`nyc2`, `londen12`), and the cities' names themselves (`dallas1`, `new-york`).
///
/// Names of interfaces and roles, addresses, and the registered domain are no places, and a code that is a word as
/// well counts only with a number or with its country or state beside it: `tor2` is Toronto, `tor` need not be. What a
/// name says is what somebody once typed; a ``Plausibility`` tells whether it can be.
public struct RouterNameGeolocator: Geolocator {
    /// A geolocator with the built-in table.
    public init() {}

    /// The places that the subject's name tells, nearest the domain first; nothing without a name.
    ///
    /// A city's whole name counts for more than a code with a number, and that for more than a code alone: what
    /// counts for less than the best is left out. Names of links may tell two ends.
    public func locate(_ subject: GeoSubject) -> GeoFindings {
        guard let name = subject.name, name.isPlainASCIIHostname, let words = RouterNameWords(name.raw) else {
            return GeoFindings()
        }
        let readings = RouterNameReading.all(in: words, RouterPlaces.builtIn)
        let best = readings.map(\.strength).max()
        var places: [Place] = []
        var seen: Set<Int> = []
        for reading in readings where reading.strength == best && seen.insert(reading.location).inserted {
            places.append(reading.place(in: RouterPlaces.builtIn))
        }
        // More than two ends has no link; such a name lists something else.
        return GeoFindings(places: places.count <= 2 ? places : [])
    }
}
