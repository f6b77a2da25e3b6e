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

    /// Where everybody asks from.
    package static let here = Place(
        source: "clouds", coordinate: Coordinate(latitude: 38.72, longitude: -9.14), city: "Lisbon", country: "PT")

    /// The topology, as text.
    package let topology: String
    /// By the regions' names (`aws/eu-west-1`): of those that have a host.
    package let truths: [String: Truth]
    private let places: [IPAddress: GeoFindings]

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
        truths = builder.truths
        places = builder.places
    }

    private struct WorldGeolocator: Geolocator {
        let places: [IPAddress: GeoFindings]
        func locate(_ subject: GeoSubject) -> GeoFindings { places[subject.address] ?? GeoFindings() }
    }
}

extension CloudWorld {
    private struct Builder {
        let catalogue: CloudCatalogue
        var chance: SplitMix
        var text = ""
        var truths: [String: Truth] = [:]
        var places: [IPAddress: GeoFindings] = [:]
        private var routers = 0
        private var hosts = 0

        /// What is wrong in this world.
        private struct Faults {
            var slow = ""
            var silentToICMP = ""
            var onlyPort80 = ""
            var lossy = ""
            var down = ""
            var unknown = ""
            var lyingFronts: Set<String> = []
        }

        init(seed: UInt64, catalogue: CloudCatalogue) {
            self.catalogue = catalogue
            chance = SplitMix(seed: seed)
            text = "seed \(seed)\nvantage here 198.18.0.2\n"
        }

        mutating func build() {
            let regions = catalogue.regions.filter { $0.endpoint != nil && $0.coordinate != nil }
            let faults = faults(of: regions)
            router("gw", "gw.home.example", CloudWorld.here, network: (64500, "Home"), "delay=0.3ms jitter=0.05ms")
            router(
                "isp", "ae1.lis1.isp.example", CloudWorld.here, network: (64501, "Example ISP"),
                "delay=1.5ms jitter=0.2ms")
            var hubs: [String: Coordinate] = [:]
            for (index, provider) in catalogue.providers.enumerated() {
                let own = regions.filter { $0.provider == provider.code }
                guard !own.isEmpty else { continue }
                let network = (UInt32(64512 + index), provider.name)
                var attributes = "delay=0.7ms jitter=0.1ms"
                if faults.slow == provider.code { attributes = "delay=35ms jitter=6ms" }
                if faults.silentToICMP == provider.code { attributes += " drop=icmp" }
                router(
                    "\(provider.code)-peer", "peer.lis1.\(provider.code).example", CloudWorld.here, network: network,
                    attributes)
                let peer = faults.slow == provider.code ? 6.0 : 0.1
                let base = 1_800 + (faults.slow == provider.code ? 35_000 : 700)
                for (number, region) in own.enumerated() {
                    let isFront = region.endpoint?.evidence == .anycast || faults.lyingFronts.contains(region.id)
                    var way = "gw isp \(provider.code)-peer"
                    var (delay, jitters) = (base, [0.05, 0.2, peer, 0.3])
                    if !isFront {
                        let hub = "\(provider.code)-\(region.continent.lowercased())"
                        if hubs[hub] == nil {
                            hubs[hub] = region.coordinate
                            let delay = Self.delay(CloudWorld.here.coordinate, region.coordinate)
                            router(
                                hub, "bb1.\(hub).\(provider.code).example", Self.place(of: region), network: network,
                                "delay=\(delay)us jitter=0.3ms")
                        }
                        let edge = "\(hub)-\(number)"
                        let last = Self.delay(hubs[hub], region.coordinate)
                        router(
                            edge, "edge.\(region.code).\(provider.code).example", Self.place(of: region),
                            network: network,
                            "delay=\(last)us jitter=0.3ms")
                        way += " \(hub) \(edge)"
                        delay += Self.delay(CloudWorld.here.coordinate, hubs[hub]) + last
                        jitters += [0.3, 0.3]
                    }
                    var truth = Truth(roundTrip: .microseconds(2 * (delay + 200)), jitters: jitters, isFront: isFront)
                    truth.loss = region.id == faults.lossy ? 20 : 0
                    if [faults.down, faults.unknown].contains(region.id) { truth.roundTrip = nil }
                    truths[region.id] = truth
                    host(
                        region, way: way, at: isFront ? CloudWorld.here : Self.place(of: region), network: network,
                        faults)
                }
            }
        }

        private mutating func faults(of regions: [CloudRegion]) -> Faults {
            let regional = regions.filter { $0.endpoint?.evidence == .regional }
            var faults = Faults()
            var providers = Array(Set(regional.map(\.provider))).sorted()
            func take<Value>(_ values: inout [Value], _ chance: inout SplitMix) -> Value? {
                values.isEmpty ? nil : values.remove(at: Int(chance.next() % UInt64(values.count)))
            }
            faults.slow = take(&providers, &chance) ?? ""
            faults.silentToICMP = take(&providers, &chance) ?? ""
            faults.onlyPort80 = take(&providers, &chance) ?? ""
            // Far enough away that light can tell a front end from the region.
            var far = regional.filter { region in
                guard let here = CloudWorld.here.coordinate, let place = region.coordinate,
                    region.provider != faults.slow
                else { return false }
                return here.distanceKm(to: place) > 3_000
            }.map(\.id)
            faults.lyingFronts = Set((0..<3).compactMap { _ in take(&far, &chance) })
            var rest = regional.map(\.id).filter { !faults.lyingFronts.contains($0) }
            faults.lossy = take(&rest, &chance) ?? ""
            faults.down = take(&rest, &chance) ?? ""
            faults.unknown = take(&rest, &chance) ?? ""
            return faults
        }

        private mutating func host(
            _ region: CloudRegion, way: String, at place: Place, network: (UInt32, String), _ faults: Faults
        ) {
            guard let endpoint = region.endpoint else { return }
            hosts += 1
            let address = IPAddress(198, 19, UInt8(hosts >> 8), UInt8(hosts & 255))
            var line = "host h\(hosts) \(address) delay=0.2ms jitter=0.3ms"
            line += region.provider == faults.onlyPort80 ? " echo=off tcp=80 tcp-filtered=443" : " tcp=80,443"
            if region.id == faults.lossy { line += " loss=20%" }
            if region.id == faults.down { line += " dead" }
            if region.id != faults.unknown { line += " name=\(endpoint.host)" }
            text += "\(line)\npath h\(hosts): \(way)\n"
            places[address] = Self.findings(place, network)
        }

        private mutating func router(
            _ code: String, _ name: String, _ place: Place, network: (UInt32, String), _ attributes: String
        ) {
            routers += 1
            let address = IPAddress(198, 18, UInt8(1 + routers >> 8), UInt8(routers & 255))
            text += "router \(code) \(address) name=\(name) \(attributes)\n"
            places[address] = Self.findings(place, network)
        }

        private static func findings(_ place: Place, _ network: (UInt32, String)) -> GeoFindings {
            GeoFindings(
                places: [place],
                systems: [AutonomousSystem(source: "clouds", number: network.0, name: UntrustedText(network.1))])
        }

        private static func place(of region: CloudRegion) -> Place {
            Place(
                source: "clouds", coordinate: region.coordinate, city: UntrustedText(region.city),
                country: UntrustedText(region.country))
        }

        /// One way, in microseconds: cables are longer than the shortest way, and no faster than light in glass.
        private static func delay(_ from: Coordinate?, _ to: Coordinate?) -> Int {
            guard let from, let to else { return 200 }
            return 200 + Int(from.distanceKm(to: to) * 1.25 * 5)
        }
    }
}
