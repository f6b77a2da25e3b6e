package import GeoKit
package import TraceCore

/// A simulated internet in which every cloud of a catalogue has its regions, and some have what real ones have: front ends near
/// the asker, a slow peering, a region that loses packets, one that filters ICMP, one that is down.
///
/// The same seed always makes the same world. What is true of it is known, so that what a benchmark says can be judged.
package struct CloudWorld: Sendable {
    /// What is true of a region.
    package struct Truth: Sendable, Hashable {
        /// The least that a round trip takes; nil where nothing answers.
        package var roundTrip: Duration?
        /// What comes on top at each link of the way, there and back: exponential with these means, in milliseconds.
        package var jitters: [Double] = []
        /// Whether what answers is near the asker, whatever the catalogue says.
        package var isFront = false
        /// How much is lost, in percent.
        package var loss = 0
    }

    /// A place to ask from.
    package struct Metro: Sendable {
        /// As the topology has it, and the options.
        package let name: String
        package let place: Place
        /// In the names of its routers.
        let site: String

        fileprivate init(
            _ name: String, _ site: String, _ city: UntrustedText, _ country: UntrustedText, at coordinate: Coordinate?
        ) {
            (self.name, self.site) = (name, site)
            place = Place(source: "clouds", coordinate: coordinate, city: city, country: country)
        }
    }

    /// Where everybody asks from who does not say otherwise.
    package static let here = metros[0].place

    /// The places to ask from.
    package static let metros = [
        Metro("here", "lis1", "Lisbon", "PT", at: Coordinate(latitude: 38.72, longitude: -9.14)),
        Metro("tokyo", "tyo1", "Tokyo", "JP", at: Coordinate(latitude: 35.68, longitude: 139.69)),
        Metro("sao-paulo", "sao1", "S\u{e3}o Paulo", "BR", at: Coordinate(latitude: -23.55, longitude: -46.63)),
    ]

    /// The topology, as text.
    package let topology: String
    /// By the regions' names (`aws/eu-west-1`), as they are seen from here: of those that have a host.
    package var truths: [String: Truth] { truths(from: "here") }
    private let truthsByMetro: [String: [String: Truth]]
    private let places: [IPAddress: GeoFindings]

    /// What is true as it is seen from a place.
    package func truths(from metro: String) -> [String: Truth] { truthsByMetro[metro] ?? [:] }

    /// The topology for those who ask from a place unless they say otherwise: its vantage is the first.
    package func topology(from metro: String) -> String {
        let lines = topology.split(separator: "\n", omittingEmptySubsequences: false)
        let own = lines.filter { $0.hasPrefix("vantage \(metro) ") }
        return (own + lines.filter { !own.contains($0) }).joined(separator: "\n")
    }

    /// The internet.
    package func internet() throws(ProbeError) -> SimulatedInternet {
        try SimulatedInternet(parsing: topology, name: "clouds")
    }

    /// The places and networks of its routers and hosts.
    package var geolocator: some Geolocator { WorldGeolocator(places: places) }

    /// The world of a catalogue.
    package init(_ catalogue: CloudCatalogue = .builtIn, seed: UInt64 = 1) {
        var builder = Builder(seed: seed, catalogue: catalogue)
        builder.build()
        topology = builder.text
        truthsByMetro = builder.truths
        places = builder.places
    }

    private struct WorldGeolocator: Geolocator {
        let places: [IPAddress: GeoFindings]
        func locate(_ subject: GeoSubject) -> GeoFindings { places[subject.address] ?? GeoFindings() }
    }
}
