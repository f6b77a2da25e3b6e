import Testing
import TraceCore

@testable import GeoKit

@Suite(.onItsOwnThread) struct `Labels of maps with many places` {
    /// A layer of a picture, as an XML parser sees it.
    private func layer(_ svg: MapSVG, _ scale: MapScale) throws -> SVGReading {
        try SVGReading("<svg>\(svg.layer(scale))</svg>")
    }

    // A width on the screen shows one of the three layers, so they stand for all widths from 300 to 1,600 pixels.
    private func check(_ map: GeoMap) throws {
        let svg = MapSVG(map)
        for scale in MapScale.allCases {
            let reading = try layer(svg, scale)
            checkLeaders(leaders(reading), svg.picture, scale)
            checkTexts(SVGText.all(in: reading), height: svg.height)
            checkLabels(svg.labels[scale, default: []], svg.picture, scale)
        }
    }

    private func leaders(_ reading: SVGReading) -> [MapStroke] {
        reading.all("path", class: "leader").compactMap { $0.attributes["d"] }.flatMap(SVGReading.lines)
            .filter { $0.count == 2 }.map { MapStroke(start: $0[0], end: $0[1]) }
    }

    /// Both ends of a leader are nearer to one marker than to any other, and where it begins to be seen it is on no other.
    private func checkLeaders(_ leaders: [MapStroke], _ picture: MapPicture, _ scale: MapScale) {
        let labels = MapLabels(picture, scale: scale)
        for leader in leaders {
            let sites = picture.sites.sorted {
                MapPicture.distance($0.place, leader.start) < MapPicture.distance($1.place, leader.start)
            }
            // Pictures have tenths of a unit.
            #expect(MapPicture.distance(sites[0].place, leader.start) < 0.2)
            let length = MapPicture.distance(sites[0].place, leader.end)
            let seen = leader.start + (leader.end - leader.start) * min(1, labels.reach(sites[0]) / length)
            for other in sites.dropFirst() {
                #expect(MapPicture.distance(other.place, leader.end) > length, "ends at \(other.label)")
                #expect(
                    MapPicture.distance(other.place, seen) > labels.reach(other) - 0.2, "begins under \(other.label)")
            }
        }
    }

    private func checkTexts(_ texts: [SVGText], height: Double) {
        #expect(!texts.isEmpty)
        for text in texts {
            #expect(text.left >= 0 && text.right <= MapFrame.width, "\(text.words): \(text.left) to \(text.right)")
            #expect(text.top >= 0 && text.bottom <= height, "\(text.words)")
        }
    }

    /// Labels lie apart from each other and from markers, and one without a leader is nearest to its own marker.
    private func checkLabels(_ placed: [MapLabel], _ picture: MapPicture, _ scale: MapScale) {
        let labels = MapLabels(picture, scale: scale)
        #expect(Set(placed.map(\.site)).count == placed.count)
        for (index, label) in placed.enumerated() {
            for other in placed[..<index] {
                #expect(!label.box.overlaps(other.box))
                if let leader = other.leader { #expect(!label.box.meets(leader)) }
                if let leader = label.leader { #expect(!other.box.meets(leader)) }
            }
            let own = label.box.distance(to: picture.sites[label.site].place)
            for (site, other) in picture.sites.enumerated() where site != label.site {
                let distance = label.box.distance(to: other.place)
                #expect(distance > labels.reach(other))
                if label.leader == nil { #expect(distance > own) }
            }
        }
    }

    @Test(arguments: [1, 4, 13])
    func `the demo's are where they belong`(hosts: Int) async throws {
        try check(try await CrowdedMaps.demo(CrowdedMaps.demoHosts.prefix(hosts)))
    }

    @Test(arguments: 0..<40)
    func `those of any places are where they belong`(seed: Int) throws {
        try check(CrowdedMaps.random(seed: UInt64(seed)))
    }

    @Test(arguments: MapScale.allCases)
    func `no place of the demo is lost: it has a name, or the legend has it`(scale: MapScale) async throws {
        let map = try await CrowdedMaps.demo()
        let svg = MapSVG(map)
        let (picture, placed) = (svg.picture, svg.labels[scale, default: []])
        let named = Set(placed.filter { !$0.wording.isNumber }.map(\.site))
        // Most have their name even on a phone, and all but Paris where there is room.
        #expect(named.count >= (scale == .small ? 15 : 17))
        #expect(placed.filter { !$0.wording.isNumber }.allSatisfy { $0.wording.note.isEmpty == (scale == .small) })
        let words = SVGText.all(in: try layer(svg, scale)).map(\.words)
        let unlabelled = words.first { $0.hasPrefix("not labelled:") } ?? ""
        for (site, place) in picture.sites.enumerated() where !named.contains(site) {
            let number = placed.first { $0.site == site }?.wording.text
            if let number { #expect(words.filter { $0 == number }.count == 2) }
            #expect(number == nil ? unlabelled.contains(place.label.raw) : words.contains(place.label.raw))
        }
    }

    @Test func `stops have their round trips, except on narrow pictures`() throws {
        let stops = [
            try stop("Lisbon", 38.72, -9.14, rtt: .microseconds(7_740)),
            try stop("Frankfurt", 50.11, 8.68, rtt: .microseconds(12_340)),
            try stop("Tokyo", 35.68, 139.69, rtt: .microseconds(287_100)),
        ]
        let map = GeoMap(routes: [MapRoute(name: "tokyo.example", stops: stops)])
        for scale in MapScale.allCases {
            let labels = MapLabels(MapPicture(map), scale: scale).placed()
            let notes = labels.sorted { $0.site < $1.site }.map(\.wording.note)
            #expect(notes == (scale == .small ? ["", "", ""] : ["7.7 ms", "12.3 ms", "287 ms"]))
        }
    }

    @Test func `a place of many routes has the shortest of their round trips`() throws {
        let routes = try [30, 20, 40].map {
            MapRoute(name: "r", stops: [try stop("Frankfurt", 50.11, 8.68, rtt: .milliseconds($0))])
        }
        // So near that both are one place on the map, which has the name of the first.
        let suburb = MapRoute(name: "r", stops: [try stop("Offenbach", 50.1, 8.7, rtt: .milliseconds(10))])
        let far = MapRoute(name: "r", stops: [try stop("Tokyo", 35.68, 139.69)])
        let sites = MapPicture(GeoMap(routes: routes + [suburb, far])).sites
        #expect(sites.map(\.label) == ["Frankfurt", "Tokyo"])
        #expect(sites.map(\.rtt) == [.milliseconds(20), nil])
    }

    @Test func `where no name has room there is a number, and nothing where that has none either`() throws {
        // A grid so dense that a name fits nowhere inside.
        let stops = try (0..<100).map { index in
            try stop("Long name of a place", Double(index / 10) * 3, Double(index % 10) * 3)
        }
        let map = GeoMap(routes: [MapRoute(name: "grid", stops: stops)])
        let labels = MapSVG(map).labels[.large, default: []]
        let numbers = labels.filter(\.wording.isNumber).compactMap { Int($0.wording.text) }
        #expect(!numbers.isEmpty && numbers.sorted() == Array(1...numbers.count))
        try check(map)
    }
}
