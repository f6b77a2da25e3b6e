internal import GeoKit
internal import TraceCore

extension CloudWorld {
    /// Makes a world, statement by statement.
    struct Builder {
        let catalogue: CloudCatalogue
        var chance: SplitMix
        var text = ""
        var truths: [String: [String: Truth]] = [:]
        var places: [IPAddress: GeoFindings] = [:]
        private var ways: [Way] = []
        private var routers = 0
        private var hosts = 0

        /// How a host is reached behind the peering of its provider, from wherever.
        private struct Way {
            let host: String
            let region: CloudRegion
            /// The place where the provider's own network begins to spread; none for a front end, which is at the peering.
            var hub: (name: String, place: Coordinate?)?
            var edge: (name: String, delay: Int)?
        }

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
            text = "seed \(seed)\n"
            for (index, metro) in CloudWorld.metros.enumerated() {
                text += "vantage \(metro.name) 198.18.0.\(2 + index)\n"
            }
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
                    var (near, far): ((name: String, place: Coordinate?)?, (name: String, delay: Int)?)
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
                        (near, far) = ((hub, hubs[hub]), (edge, last))
                        way += " \(hub) \(edge)"
                        delay += Self.delay(CloudWorld.here.coordinate, hubs[hub]) + last
                        jitters += [0.3, 0.3]
                    }
                    var truth = Truth(roundTrip: .microseconds(2 * (delay + 200)), jitters: jitters, isFront: isFront)
                    truth.loss = region.id == faults.lossy ? 20 : 0
                    if [faults.down, faults.unknown].contains(region.id) { truth.roundTrip = nil }
                    truths["here", default: [:]][region.id] = truth
                    host(
                        region, way: way, at: isFront ? CloudWorld.here : Self.place(of: region), network: network,
                        faults)
                    ways.append(Way(host: "h\(hosts)", region: region, hub: near, edge: far))
                }
            }
            // What is added comes last, so that all is as it is without it.
            for metro in CloudWorld.metros.dropFirst() { build(metro, faults) }
        }

        /// The ways from another place: they lead to the same networks by peerings of their own. A front end is near there, too.
        private mutating func build(_ metro: Metro, _ faults: Faults) {
            let gate = "\(metro.name)-gw \(metro.name)-isp"
            router(
                "\(metro.name)-gw", "gw.\(metro.name).example", metro.place, network: (64500, "Home"),
                "delay=0.3ms jitter=0.05ms")
            router(
                "\(metro.name)-isp", "ae1.\(metro.site).isp.example", metro.place, network: (64501, "Example ISP"),
                "delay=1.5ms jitter=0.2ms")
            var links: Set<String> = []
            for way in ways {
                let provider = way.region.provider
                let peer = "\(metro.name)-\(provider)-peer"
                if links.insert(peer).inserted,
                    let index = catalogue.providers.firstIndex(where: { $0.code == provider })
                {
                    router(
                        peer, "peer.\(metro.site).\(provider).example", metro.place,
                        network: (UInt32(64512 + index), catalogue.providers[index].name),
                        "delay=0.7ms jitter=0.1ms" + (faults.silentToICMP == provider ? " drop=icmp" : ""))
                }
                var (delay, jitters) = (2_500, [0.05, 0.2, 0.1, 0.3])
                var path = "\(gate) \(peer)"
                if let hub = way.hub, let edge = way.edge {
                    let long = Self.delay(metro.place.coordinate, hub.place)
                    if links.insert("\(peer) \(hub.name)").inserted {
                        text += "link \(peer) \(hub.name) delay=\(long)us\n"
                    }
                    path += " \(hub.name) \(edge.name)"
                    delay += long + edge.delay
                    jitters += [0.3, 0.3]
                }
                text += "path \(way.host) from \(metro.name): \(path)\n"
                var truth = truths["here"]?[way.region.id] ?? Truth()
                if truth.roundTrip != nil { truth.roundTrip = .microseconds(2 * (delay + 200)) }
                truth.jitters = jitters
                truths[metro.name, default: [:]][way.region.id] = truth
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
