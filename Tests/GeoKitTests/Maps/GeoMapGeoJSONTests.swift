import Foundation
import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Maps as GeoJSON` {
    private func features(_ map: GeoMap) throws -> [JSON.Value] {
        let document = try JSON.Value(parsing: Array(map.geoJSON().utf8))
        #expect(document["type"] == .string("FeatureCollection"))
        return list(document["features"])
    }

    private func list(_ value: JSON.Value?) -> [JSON.Value] {
        guard case .array(let values) = value else { return [] }
        return values
    }

    private func number(_ value: JSON.Value) -> Double {
        switch value {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: .nan
        }
    }

    private func kind(_ feature: JSON.Value) -> JSON.Value? { feature["properties"]?["kind"] }

    @Test func `a route, its stops and its ways are features`() throws {
        let features = try features(GeoMap(routes: [try pacific()], title: "Pacific"))
        #expect(features.allSatisfy { $0["type"] == .string("Feature") })
        #expect(features.compactMap(kind) == ["route", "stop", "stop", "stop", "way", "way"].map(JSON.Value.string))
        #expect(features[0]["geometry"] == .null)
        #expect(features[0]["properties"]?["unplaced"] == .array([.string("7  192.0.2.9"), .string("8  *")]))
        #expect(features[1]["geometry"]?["type"] == .string("Point"))
        #expect(features[1]["geometry"]?["coordinates"] == .array([.double(139.69), .double(35.68)]))
        #expect(features[1]["properties"]?["label"] == .string("Tokyo"))
        #expect(features[1]["properties"]?["hops"] == .string("1"))
        #expect(features[1]["properties"]?["rttMs"] == .double(1.5))
        #expect(features[2]["properties"]?["rttMs"] == nil)
        #expect(features[1]["properties"]?["details"] == .array([.string("1  r1.example  1.5 ms")]))
        #expect(features[5]["properties"]?["followsGap"] == .bool(true))
    }

    @Test func `a way over the antimeridian is two lines that end on it`() throws {
        let way = try features(GeoMap(routes: [try pacific()]))[4]
        #expect(way["geometry"]?["type"] == .string("MultiLineString"))
        let lines = list(way["geometry"]?["coordinates"]).map(list)
        try #require(lines.count == 2)
        let (leaving, entering) = (list(lines[0].last), list(lines[1].first))
        #expect(leaving[0] == .integer(180))
        #expect(entering[0] == .integer(-180))
        #expect(leaving[1] == entering[1])
    }

    @Test func `a way that crosses nothing is one line`() throws {
        let route = MapRoute(name: "r", stops: [try stop("Paris", 48.86, 2.35), try stop("Vienna", 48.21, 16.37)])
        let way = try features(GeoMap(routes: [route]))[3]
        #expect(way["geometry"]?["type"] == .string("LineString"))
        let line = list(way["geometry"]?["coordinates"])
        #expect(line.first == .array([.double(2.35), .double(48.86)]))
        #expect(line.last == .array([.double(16.37), .double(48.21)]))
    }

    @Test func `positions are on Earth, of four decimals at most`() throws {
        let routes = try GreatCircleTests.hard.map { ends in
            MapRoute(name: "hard", stops: [try stop("a", ends[0], ends[1]), try stop("b", ends[2], ends[3])])
        }
        for feature in try features(GeoMap(routes: routes)) where kind(feature) == .string("way") {
            let coordinates = list(feature["geometry"]?["coordinates"])
            let isMany = feature["geometry"]?["type"] == .string("MultiLineString")
            let lines = isMany ? coordinates.map(list) : [coordinates]
            #expect(lines.allSatisfy { $0.count >= 2 })
            let positions = lines.joined().map { list($0).map(number) }
            #expect(positions.allSatisfy { $0.count == 2 && abs($0[0]) <= 180 && abs($0[1]) <= 90 })
            #expect(positions.joined().allSatisfy { abs(($0 * 10_000).rounded() / 10_000 - $0) < 1e-12 })
        }
    }

    @Test func `no route is an empty collection`() {
        #expect(GeoMap(routes: []).geoJSON() == #"{"type":"FeatureCollection","features":[]}"#)
    }

    @Test func `other readers of JSON read it, and hostile text is whole`() throws {
        let hostile = "\u{1B}[2J\u{202E}\"\\</script>"
        let route = MapRoute(name: UntrustedText(hostile), stops: [try stop(UntrustedText(hostile), 1, 2)])
        let text = GeoMap(routes: [route]).geoJSON(style: .pretty)
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let features = try #require(document?["features"] as? [[String: Any]])
        let properties = try #require(features.last?["properties"] as? [String: Any])
        #expect(properties["label"] as? String == hostile)
    }
}
