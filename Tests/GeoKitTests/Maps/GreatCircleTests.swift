import Testing

@testable import GeoKit

/// A point on Earth, for tests that know theirs to be one.
func point(_ latitude: Double, _ longitude: Double) throws -> Coordinate {
    try #require(Coordinate(latitude: latitude, longitude: longitude))
}

@Suite("Great circles", .onItsOwnThread) struct GreatCircleTests {
    @Test(arguments: [
        // From, to, and the middle: along the equator, along a meridian, between two points at 45 degrees north.
        [0.0, 0, 0, 90, 0, 45],
        [10, 20, 50, 20, 30, 20],
        [45, 0, 45, 90, 54.735610317245346, 45],
        [-45, 135, -45, -135, -54.735610317245346, 180],
    ])
    func `the middle is where geometry says`(ends: [Double]) throws {
        let middle = Array(ends.dropFirst(4))
        let circle = GreatCircle(from: try point(ends[0], ends[1]), to: try point(ends[2], ends[3]))
        let half = circle.point(at: 0.5)
        #expect(abs(half.latitude - middle[0]) < 1e-9)
        #expect(abs(abs(half.longitude) - middle[1]) < 1e-9)
    }

    @Test(arguments: [
        [51.5074, -0.1278, 40.7128, -74.006, 5570.0],
        [35.68, 139.69, 34.05, -118.24, 8815],
        [0, 0, 0, 180, 20015.1],
        [50, 8, 50, 8, 0],
    ])
    func `lengths are those of the Earth`(ends: [Double]) throws {
        let distance = try point(ends[0], ends[1]).distanceKm(to: try point(ends[2], ends[3]))
        #expect(abs(distance - ends[4]) < 3)
    }

    @Test func `a way over the antimeridian is cut there, at one latitude`() throws {
        let lines = GreatCircle(from: try point(35.68, 139.69), to: try point(34.05, -118.24)).lines()
        try #require(lines.count == 2)
        let (leaving, entering) = (try #require(lines[0].last), try #require(lines[1].first))
        #expect(leaving.longitude == 180)
        #expect(entering.longitude == -180)
        #expect(leaving.latitude == entering.latitude)
        // Where the circle crosses, from tan φ = (tan φ1 sin(λ2-λ) + tan φ2 sin(λ-λ1)) / sin(λ2-λ1).
        #expect(abs(leaving.latitude - 47.56867649472685) < 1e-9)
    }

    @Test func `the same way is whole on a map of the Pacific`() throws {
        let circle = GreatCircle(from: try point(35.68, 139.69), to: try point(34.05, -118.24))
        #expect(circle.lines(center: -170).count == 1)
        #expect(circle.lines(center: 170).count == 1)
    }

    /// Ends of ways that are hard to draw: over and along the antimeridian, through and past the poles, from and to
    /// them, between opposite ends of the Earth, and nowhere.
    static let hard: [[Double]] = [
        [35, 140, -34, -118], [10, 180, 50, 180], [10, 180, 50, -180], [10, -180, -50, 170], [10, 180, 10, -170],
        [-10, -180, -10, 170], [80, 0, 80, 180], [80, 10, 80, -170.001], [-89.9999, 0, 10, 90], [90, 0, 0, 30],
        [-90, 50, 20, -180], [90, 0, -90, 0], [0, 0, 0, 180], [30, 40, -30, -140], [0, 179.9999, 0, -179.9999],
        [12, 34, 12, 34], [0.0001, 0, -0.0001, 179.9999], [78.2, 15.6, 64.8, -147.7],
    ]

    @Test(arguments: hard, [0.0, 180, -100, 37])
    func `no line leaps across the map`(ends: [Double], center: Double) throws {
        let lines = GreatCircle(from: try point(ends[0], ends[1]), to: try point(ends[2], ends[3]))
            .lines(center: center)
        #expect(lines.count <= 4)
        for line in lines {
            #expect(line.count >= 2)
            #expect(line.allSatisfy { abs($0.longitude) <= 180 && abs($0.latitude) <= 90 })
            #expect(zip(line, line.dropFirst()).allSatisfy { abs($0.longitude - $1.longitude) < 10 })
            #expect(zip(line, line.dropFirst()).allSatisfy { abs($0.latitude - $1.latitude) < 3 })
        }
    }

    @Test(arguments: hard)
    func `the parts of a way join to all of it`(ends: [Double]) throws {
        let circle = GreatCircle(from: try point(ends[0], ends[1]), to: try point(ends[2], ends[3]))
        let lines = circle.lines()
        let steps = try lines.flatMap { line in
            try zip(line, line.dropFirst()).map { before, after in
                GreatCircle(
                    from: try point(before.latitude, before.longitude), to: try point(after.latitude, after.longitude)
                ).angle
            }
        }
        #expect(abs(steps.reduce(0, +) - circle.angle) < 1e-5)
        for (line, next) in zip(lines, lines.dropFirst()) {
            let (leaving, entering) = (try #require(line.last), try #require(next.first))
            #expect(leaving.latitude == entering.latitude)
            #expect(abs(leaving.longitude) == 180 || abs(leaving.latitude) == 90)
        }
    }
}
