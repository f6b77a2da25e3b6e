import Testing
import TraceCore

@testable import GeoKit

@Suite(.onItsOwnThread) struct `The legend of a map` {
    private func words(_ map: GeoMap, _ scale: MapScale) throws -> [String] {
        SVGText.all(in: try SVGReading("<svg>\(MapSVG(map).legend.drawn(scale, top: 0).svg)</svg>")).map(\.words)
    }

    @Test(arguments: MapScale.allCases)
    func `lists each route with its stops and the round trip of the last, at every width`(scale: MapScale) async throws
    {
        let map = try await CrowdedMaps.demo()
        let words = try words(map, scale)
        let text = words.joined(separator: " ")
        for route in map.routes {
            #expect(words.contains(route.name.raw))
            for stop in route.stops { #expect(text.contains(stop.label.raw)) }
            let rtt = try #require(route.stops.last?.rtt)
            #expect(text.contains(MapText.time(rtt)))
        }
        #expect(!text.contains("more"))
    }

    @Test(arguments: MapScale.allCases)
    func `says once which hops have no place`(scale: MapScale) async throws {
        let lines = try words(try await CrowdedMaps.demo(), scale).filter { $0.contains("not placed") }
        #expect(lines.last == "not placed: 1  gw.home.example (192.0.2.1), 3  no answer")
        // Only what is true of one route alone is said of that route.
        #expect(lines.contains("not placed: 9\u{2013}13  no answer") && Set(lines).count == lines.count)
        #expect(lines.count { $0.contains("gw.home.example") || $0.contains(" 3  no") } == 1)
    }

    @Test func `says of how many routes a hop without a place is, if not of all`() {
        func route(_ hops: [MapRoute.Hop]) -> MapRoute { MapRoute(name: "r", stops: [], unplaced: hops) }
        let unplaced = MapUnplaced([
            route([lost(1, "gw", rtt: .milliseconds(1)), lost(3, "no answer"), lost(4, "no answer")]),
            route([lost(1, "gw", rtt: .milliseconds(2)), lost(3, "no answer"), lost(4, "no answer"), lost(5, "x")]),
            route([lost(1, "gw"), lost(5, "y", rtt: .milliseconds(3)), lost(6, "no answer"), lost(7, "no answer")]),
        ])
        #expect(unplaced.shared == ["1  gw", "3\u{2013}4  no answer (2 of 3 routes)"])
        #expect(unplaced.own == [[], ["5  x"], ["5  y  3.0 ms", "6\u{2013}7  no answer"]])
    }

    @Test func `makes the picture as high as its highest layer, and is nothing without a route`() async throws {
        let legend = MapSVG(try await CrowdedMaps.demo()).legend
        let ends = MapScale.allCases.map { legend.drawn($0, top: 0).bottom }
        #expect(MapSVG(legend.map).height == MapPicture(legend.map).frame.height + (ends.max() ?? 0))
        let empty = MapSVG(GeoMap(routes: []))
        #expect(empty.height == empty.picture.frame.height)
    }

    @Test func `cuts a long way with how many stops it leaves out`() throws {
        let stops = try (0..<30).map { try stop(UntrustedText("Place \($0)"), Double($0), Double($0) * 3) }
        let map = GeoMap(routes: [MapRoute(name: "long", stops: stops)])
        for scale in MapScale.allCases {
            let more = try words(map, scale).filter { $0.hasSuffix(" more") }
            #expect(more.count { !$0.hasPrefix("not labelled") } == 1)
        }
    }
}
