import Testing

@testable import GeoKit

@Suite(.onItsOwnThread) struct `The outlines of the world` {
    @Test func `all of them are read`() {
        let world = WorldOutline.shared
        #expect(world.rings.count > 280)
        #expect(world.rings.allSatisfy { $0.count >= 3 })
        #expect(world.borders.count > 200)
        #expect(world.borders.allSatisfy { $0.count >= 2 })
        let points = world.rings.joined()
        #expect(points.allSatisfy { abs($0.x) <= 180 && abs($0.y) <= 90 })
    }

    @Test(arguments: [
        ("Frankfurt", 50.11, 8.68, true), ("Madrid", 40.4, -3.7, true), ("Alice Springs", -23.7, 133.9, true),
        ("Manaus", -3.1, -60, true), ("Lesotho", -29.6, 28.2, true), ("the South Pole", -89.5, 30, true),
        ("the Pacific", 0, -150, false), ("the Atlantic", 30, -40, false), ("the Black Sea", 43.5, 34, false),
    ])
    func `land is land and sea is sea`(name: String, latitude: Double, longitude: Double, isLand: Bool) {
        let rings = WorldOutline.shared.rings.filter { ring in
            // The even-odd rule: how often does a way to the east cross the ring?
            zip(ring, ring.dropFirst() + ring.prefix(1)).count { start, end in
                (start.y > latitude) != (end.y > latitude)
                    && longitude < start.x + (latitude - start.y) / (end.y - start.y) * (end.x - start.x)
            } % 2 == 1
        }
        #expect(rings.isEmpty != isLand)
    }

    @Test func `borders are edges of the rings`() {
        let corners = Set(WorldOutline.shared.rings.joined())
        #expect(WorldOutline.shared.borders.joined().allSatisfy { corners.contains($0) })
    }
}
