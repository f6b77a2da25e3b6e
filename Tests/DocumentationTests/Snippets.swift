import Foundation
import GeoKit
import TraceCore

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

// Every Swift snippet of the documentation stands here, so that it compiles; a test compares.

struct HTTPProber: AskingProber {
    let method = ProbeMethod(rawValue: "http")

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? {
        guard let url = URL(string: "http://\(probe.target)/") else { return nil }
        var request = URLRequest(url: url)
        request.httpMethod = "HEAD"
        return (try? await URLSession.shared.data(for: request)) == nil ? nil : Answer()
    }
}

enum Snippets {
    static func ownProber() async throws {
        let report = try await Pinger(HTTPProber()).ping(IPAddress(127, 0, 0, 1), count: 2)
        print(report.received, report.rtt?.average ?? .zero)
    }

    static func overview() async throws {
        let prober = SimulatedProber(.udp, .demo)
        let trace = try await PathTracer(prober).trace("tokyo.example")
        for hop in trace.hops { print(hop.ttl, hop.addresses) }
    }

    static func readme() async throws {
        let prober = SimulatedProber(.icmp, .demo)

        for try await reply in Pinger(prober).replies(from: "tokyo.example", count: 4) { print(reply) }

        let report = try await Pinger(prober).ping("tokyo.example", count: 4)  // PingReport, Codable
        let trace = try await PathTracer(prober).trace("tokyo.example")  // TraceReport, Codable

        for try await event in PathTracer(prober).events(for: "tokyo.example") { print(event.at, event.fact) }
        for try await result in PathTracer(prober).reports(for: ["tokyo.example", "london.example"]) {
            print(result.position, try result.result.get().hops.count)
        }
        for try await view in PathMonitor(prober).views(of: "tokyo.example", every: .seconds(1)) {
            print(view.hops.map(\.lossPercent))
            if view.rounds == 60 { break }
        }
        for try await result in Sweeper(prober).results(for: IPNetwork("203.0.113.0/24")!, rate: 10_000) {
            if result.isAlive { print(result.target) }
        }
        let graph = try await PathTracer(prober).paths(to: "tokyo.example", confidence: 0.99)  // every path, not just one
        let largest = try await PathTracer(prober).pathMTU(to: "tokyo.example").mtu  // and where it shrinks
        let changes = PacketChanges(of: trace).changes  // what was rewritten on the way
        _ = (report, trace, graph, largest, changes)
    }

    static func live() async throws {
        let path = try await PathTracer(.udp).trace("example.com")
        for try await reply in Pinger(.icmp).replies(from: "example.com", count: 4) { print(reply) }
        for try await event in PathTracer(.tcp(port: 443)).events(for: "example.com") { print(event.at, event.fact) }

        var options = LiveOptions(mode: .unprivileged, source: IPAddress(192, 0, 2, 10))
        options.packets.trafficClass = 0xB8
        let marked = try await PathTracer(LiveProber(.udp, options: options)).trace("example.com")
        _ = (path, marked)
    }

    static func places() async throws {
        let trace = try await PathTracer(SimulatedProber(.udp, .demo)).trace("tokyo.example")
        let located = LocatedTrace(trace: trace, source: DemoPlaces.home, geolocator: try DemoPlaces.geolocator())
        print(located.hops.flatMap(\.responders).map(\.summary))
        let picture = GeoMap(routes: [MapRoute(located)]).svg()
        _ = picture
    }

    static func places(of trace: TraceReport, home: Place) {
        let located = LocatedTrace(trace: trace, source: home, geolocator: RouterNameGeolocator())
        for responder in located.hops.flatMap(\.responders) { print(responder.address, responder.summary) }
    }

    static func placesOfAPath() async throws {
        let trace = try await PathTracer(SimulatedProber(.udp, .demo)).trace("tokyo.example")
        let located = LocatedTrace(trace: trace, source: DemoPlaces.home, geolocator: try DemoPlaces.geolocator())
        for hop in located.hops {
            for responder in hop.responders { print(hop.ttl, responder.address, responder.summary) }
        }
        for responder in located.hops.flatMap(\.responders) {
            for opinion in responder.opinions { print(responder.address, opinion.place.source, opinion.verdict) }
        }
        let map = GeoMap(routes: [MapRoute(located)], title: "Lisbon to Tokyo")
        let (picture, data) = (map.svg(), map.geoJSON())
        _ = (picture, data)
    }

    static func sourcesOfPlaces() throws {
        let cities = MMDBGeolocator(try MMDBDatabase(contentsOf: "city.mmdb"))
        let chain = GeolocatorChain([cities, RouterNameGeolocator()])
        let router = GeoSubject(address: IPAddress(198, 51, 100, 65), name: "ae5.cr1.jfk1.transit.example")
        for place in chain.locate(router).places { print(place.source, place.shortName) }

        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Example-City"))
        try writer.insert(["city": ["names": ["en": "Berlin"]]], for: IPNetwork(parsing: "192.0.2.0/24"))
        try writer.write(to: "offices.mmdb")
    }

    static func speedOfLight() {
        let sydney = Place(source: "a database", coordinate: Coordinate(latitude: -33.87, longitude: 151.21))
        let verdict = Plausibility().verdict(on: sydney, answeringIn: .milliseconds(40), from: DemoPlaces.home)
        if let reason = verdict.reason { print(verdict.isImpossible, reason) }
    }
}

struct OfficePlaces: Geolocator {
    let offices: [IPNetwork: Place]

    func locate(_ subject: GeoSubject) -> GeoFindings {
        GeoFindings(places: offices.filter { $0.key.contains(subject.address) }.map(\.value))
    }
}
