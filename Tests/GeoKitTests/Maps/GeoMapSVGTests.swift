import Testing
import TraceCore

@testable import GeoKit

/// A stop of a test's route.
func stop(
    _ label: UntrustedText, _ latitude: Double, _ longitude: Double, rtt: Duration? = nil, gap: Bool = false
) throws -> MapRoute.Stop {
    MapRoute.Stop(
        coordinate: try point(latitude, longitude), label: label, details: ["1  r1.example  1.5 ms"], hops: "1",
        rtt: rtt, followsGap: gap)
}

/// Tokyo, Los Angeles, Sydney.
func pacific() throws -> MapRoute {
    MapRoute(
        name: "sydney.example",
        stops: [
            try stop("Tokyo", 35.68, 139.69, rtt: .microseconds(1500)), try stop("Los Angeles", 34.05, -118.24),
            try stop("Sydney", -33.87, 151.21, gap: true),
        ], unplaced: [lost(7, "192.0.2.9"), lost(8, "*")], notes: ["UDP, 12 hops"])
}

/// A hop without a place.
func lost(_ number: Int, _ detail: UntrustedText, rtt: Duration? = nil) -> MapRoute.Hop {
    MapRoute.Hop(number: number, coordinate: nil, detail: detail, rtt: rtt)
}

@Suite(.onItsOwnThread) struct `Maps as pictures` {
    private func europe() throws -> MapRoute {
        MapRoute(
            name: "vienna.example",
            stops: [
                try stop("Paris", 48.86, 2.35), try stop("Frankfurt", 50.11, 8.68), try stop("Vienna", 48.21, 16.37),
            ])
    }

    /// Maps of all kinds: empty, without a place, one stop, over the pole and the antimeridian, at the ends of the Earth.
    private func kinds() throws -> [GeoMap] {
        let polar = MapRoute(
            name: "pole", stops: [try stop("Oslo", 59.91, 10.75), try stop("Fairbanks", 64.84, -147.72)])
        let ends = MapRoute(
            name: "ends",
            stops: [
                try stop("North", 90, 0), try stop("South", -90, 0), try stop("West", 0, -180),
                try stop("East", 0, 180),
                try stop("Null", 0, 0),
            ])
        let routes: [[MapRoute]] = [
            [], [MapRoute(name: "none", hops: [])],
            [MapRoute(name: "lost", stops: [], unplaced: [lost(1, "192.0.2.1")])],
            [MapRoute(name: "one", stops: [try stop("Frankfurt", 50.11, 8.68)])], [try pacific()], [try europe()],
            [polar],
            [ends], [try pacific(), try europe(), polar, ends, try pacific(), try europe(), polar, ends],
        ]
        return routes.flatMap { routes in
            [
                GeoMap(routes: routes), GeoMap(routes: routes, projection: .equirectangular),
                GeoMap(routes: routes, title: "all", extent: .world),
            ]
        }
    }

    @Test func `each is well-formed, complete and finite, and stands alone`() throws {
        for map in try kinds() {
            let svg = map.svg()
            let reading = try SVGReading(svg)
            #expect(reading.elements.first?.attributes["viewBox"]?.hasPrefix("0 0 1000 ") == true)
            #expect(!svg.contains("nan") && !svg.contains("inf"))
            #expect(reading.all("path", class: "land").first?.attributes["d"]?.isEmpty == false)
            let names = Set(reading.elements.map(\.name))
            #expect(
                names.isSubset(of: ["svg", "title", "desc", "style", "rect", "path", "circle", "text", "tspan", "g"]))
            let attributes = reading.elements.flatMap(\.attributes.keys)
            #expect(!attributes.contains { $0.hasSuffix("href") || $0.hasPrefix("on") || $0 == "style" })
            #expect(!svg.contains("url(") && !svg.contains("@import"))
        }
    }

    @Test func `one map is one text, every time`() throws {
        let map = GeoMap(routes: [try pacific(), try europe()], title: "twice")
        #expect(map.svg() == map.svg())
        #expect(map.geoJSON() == map.geoJSON())
    }

    @Test(arguments: [GeoMap.Extent.world, .fitted], [GeoMap.Projection.equalEarth, .equirectangular])
    func `no way leaps across the map`(extent: GeoMap.Extent, projection: GeoMap.Projection) throws {
        let map = GeoMap(routes: [try pacific()], projection: projection, extent: extent)
        let reading = try SVGReading(map.svg())
        let ways = reading.all("path", class: "case").compactMap { $0.attributes["d"] }
        #expect(ways.count == 2)
        let lines = ways.flatMap(SVGReading.lines)
        #expect(lines.count == (extent == .world ? 4 : 2))
        for line in lines {
            let steps = zip(line, line.dropFirst()).map(MapPicture.distance)
            let longest = steps.max() ?? 0
            #expect(longest > 0 && longest < 40)
        }
    }

    @Test func `where a way leaves the map it enters on the other side`() throws {
        let map = GeoMap(routes: [try pacific()], projection: .equirectangular, extent: .world)
        let reading = try SVGReading(map.svg())
        let lines = reading.all("path", class: "case").compactMap { $0.attributes["d"] }.flatMap(SVGReading.lines)
        try #require(lines.count == 4)
        for (leaving, entering) in [(lines[0], lines[1]), (lines[2], lines[3])] {
            let (out, back) = (try #require(leaving.last), try #require(entering.first))
            #expect(abs(out.y - back.y) < 0.2)
            // The map's edges are 6 units inside of the picture's.
            #expect(abs(min(out.x, back.x) - 6) < 0.2 && abs(max(out.x, back.x) - 994) < 0.2)
        }
    }

    @Test func `hops without a place are listed, and there is no pin for them`() throws {
        let reading = try SVGReading(GeoMap(routes: [try pacific()]).svg())
        let listed = reading.all("text", class: "soft").map(\.text).filter { $0.hasPrefix("not placed:") }
        #expect(listed == Array(repeating: "not placed: 7  192.0.2.9, 8  *", count: 3))
        let pins = reading.all("title").dropFirst()
        #expect(pins.count == 3 * MapScale.allCases.count)
        #expect(reading.all("desc").first?.text.contains("not placed: 7  192.0.2.9, 8  *") == true)
    }

    @Test func `beginning, end and gaps look different`() throws {
        let svg = GeoMap(routes: [try pacific()]).svg()
        let reading = try SVGReading(svg)
        #expect(reading.all("path", class: "way").filter { $0.attributes["class"] == "way c0 d0" }.count == 4)
        #expect(reading.all("path", class: "way").filter { $0.attributes["class"] == "way c0 gap" }.count == 1)
        #expect(reading.all("circle", class: "ring").count == 6)
        #expect(reading.all("rect", class: "c0").count == 3)
        #expect(reading.all("path", class: "arrow").count == 6)
    }

    @Test func `routes share places, not colours`() throws {
        let tokyo = try stop("Tokyo", 35.68, 139.69)
        let routes = try (0..<8).map { index in
            MapRoute(
                name: UntrustedText("route \(index)"),
                stops: [tokyo, try stop(UntrustedText("end \(index)"), Double(index) * 5, 100)])
        }
        let map = GeoMap(routes: routes)
        let reading = try SVGReading(map.svg())
        let looks = Set(reading.all("path", class: "way").compactMap { $0.attributes["class"] })
        #expect(looks.count == 8)
        #expect(MapPicture(map).sites.count == 9)
        #expect(MapPicture(map).sites[0].routes == Array(0..<8))
    }

    @Test func `ways that several routes take run side by side`() throws {
        let picture = MapPicture(GeoMap(routes: [try europe(), try europe()]))
        try #require(picture.segments.count == 4)
        let (first, second) = (picture.segments[0].lines[0], picture.segments[2].lines[0])
        #expect(first.first == second.first)
        #expect(abs(MapPicture.distance(first[first.count / 2], second[second.count / 2]) - 5.5) < 0.5)
    }

    @Test func `a picture is light, dark or as the reader has it`() throws {
        let query = "prefers-color-scheme"
        #expect(GeoMap(routes: []).svg().contains(query))
        let light = GeoMap(routes: [], appearance: .light).svg()
        let dark = GeoMap(routes: [], appearance: .dark).svg()
        #expect(!light.contains(query) && !dark.contains(query))
        #expect(light.contains("fill:#ffffff") && !dark.contains("fill:#ffffff"))
    }

    @Test func `a fitted map shows what is there, and all of the world where that is far`() throws {
        let near = MapFrame(fitting: [try europe()], projection: .equalEarth)
        #expect(!near.isWorld && near.degreesHigh < 40)
        for stop in try europe().stops {
            let place = near.place(stop.coordinate)
            #expect(place.x > 100 && place.x < 900 && place.y > 50 && place.y < near.height - 50)
        }
        let far = MapRoute(
            name: "far",
            stops: [
                try stop("Honolulu", 21.3, -157.8), try stop("London", 51.5, -0.1), try stop("Sydney", -33.9, 151.2),
            ])
        let world = MapFrame(fitting: [far], projection: .equalEarth)
        #expect(world.isWorld && world.center == 0)
    }

    @Test(arguments: [
        "</text><script>alert(1)</script>", "\" onload=\"alert(1)", "]]><!--", "&amp;&#0;\u{1B}[2J\u{0}",
        "a\nb\u{202E}c",
        "{}</style>@import url(x)", "\u{FFFE}\u{FFFF}\u{D7FF}", "", "\\u{3c}", "\u{301}", "i",
    ])
    func `hostile text stays text`(hostile: String) throws {
        let text = UntrustedText(hostile)
        var evil = MapRoute.Stop(coordinate: try point(1, 2), label: text, details: [text, text], hops: hostile)
        let route = MapRoute(
            name: text, stops: [evil, try stop("Rome", 41.9, 12.5)], unplaced: [lost(1, text)], notes: [text])
        let reading = try SVGReading(GeoMap(routes: [route], title: text).svg())
        evil.label = "plain"
        evil.hops = "1"
        evil.details = ["plain", "plain"]
        let tame = MapRoute(
            name: "plain", stops: [evil, route.stops[1]], unplaced: [lost(1, "plain")], notes: ["plain"])
        let plain = try SVGReading(GeoMap(routes: [tame], title: "plain").svg())
        let expected = Set(plain.elements.map(\.name))
        #expect(Set(reading.elements.map(\.name)).isSubset(of: expected))
        let keys = Set(plain.elements.flatMap(\.attributes.keys))
        #expect(Set(reading.elements.flatMap(\.attributes.keys)).isSubset(of: keys))
        #expect(reading.all("title").first?.text == text.description)
        #expect(reading.all("style").map(\.text) == plain.all("style").map(\.text))
    }

    @Test func `very long names are cut where they are shown and whole where there is room`() throws {
        let long = UntrustedText(String(repeating: "long.", count: 40))
        let route = MapRoute(
            name: long, stops: [MapRoute.Stop(coordinate: try point(50, 8), label: long)],
            unplaced: (1...60).map { lost($0, UntrustedText("\($0).\(long.raw)")) })
        let reading = try SVGReading(GeoMap(routes: [route], title: long).svg())
        #expect(reading.all("text").allSatisfy { $0.text.count < 190 })
        #expect(reading.all("text").contains { $0.text.hasSuffix(" more") })
        #expect(reading.all("title").first?.text == long.raw)
        #expect(reading.all("desc").first?.text.contains("60  60.long.") == true)
    }
}
