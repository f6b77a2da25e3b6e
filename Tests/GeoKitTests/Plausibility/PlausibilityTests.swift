import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `How far light gets` {
    @Test(arguments: [
        ("Lisbon", "Madrid", 503.0), ("London", "New York", 5570), ("Lisbon", "Sydney", 18_181),
        ("Auckland", "Sao Paulo", 12_022), ("Tokyo", "Los Angeles", 8815), ("Paris", "Paris", 0),
    ])
    func `distances are those of the atlas`(one: String, two: String, kilometres: Double) {
        let tolerance = max(1, kilometres * 0.003)
        #expect(abs(World.distance(one, two) - kilometres) <= tolerance, "\(World.distance(one, two))")
        #expect(abs(World.distance(two, one) - World.distance(one, two)) < 1e-9)
    }

    @Test func `opposite ends of the Earth are half a circle apart, and the poles have one longitude`() throws {
        let here = try #require(Coordinate(latitude: 38.72, longitude: -9.14))
        let there = try #require(Coordinate(latitude: -38.72, longitude: 170.86))
        #expect(abs(here.distanceKm(to: there) - 20_015.1) < 0.1)
        let pole = try #require(Coordinate(latitude: 90, longitude: 12))
        let same = try #require(Coordinate(latitude: 90, longitude: -170))
        #expect(pole.distanceKm(to: same) < 1e-6)
    }

    private func verdict(_ place: Place, _ rtt: Duration) -> Plausibility.Verdict {
        Plausibility().verdict(on: place, answeringIn: rtt, from: World.place("Lisbon"))
    }

    // New York is 5,423 km from Lisbon; a city's reach of 50 km counts at both ends.
    @Test(arguments: [
        (55, "plausible"), (54, "plausible"), (53, "doubtful"), (52, "doubtful"), (51, "impossible"),
        (12, "impossible"), (0, "impossible"), (5000, "plausible"),
    ])
    func `a millisecond leads a hundred kilometres away`(milliseconds: Int, expected: String) {
        let verdict = verdict(World.place("New York"), .milliseconds(milliseconds))
        switch verdict {
        case .plausible: #expect(expected == "plausible")
        case .doubtful: #expect(expected == "doubtful")
        case .impossible: #expect(expected == "impossible")
        }
    }

    @Test func `radio is faster`() {
        let radio = Plausibility(kilometresPerMillisecond: 150)
        let place = World.place("New York")
        #expect(radio.verdict(on: place, answeringIn: .milliseconds(40), from: World.place("Lisbon")) == .plausible)
    }

    @Test(arguments: [
        (Place(source: "t"), true), (Place(source: "t", country: "AU"), true),
        // A country's middle: Hawaii is in the United States.
        (Place(source: "t", coordinate: World.point("Chicago"), country: "US"), true),
        (Place(source: "t", coordinate: World.point("Chicago"), city: "Chicago", country: "US"), false),
        (Place(source: "t", coordinate: World.point("Sydney"), country: "AU"), false),
        (Place(source: "t", coordinate: World.point("New York"), radiusKm: 5000), true),
        (Place(source: "t", coordinate: World.point("New York"), radiusKm: .infinity), true),
        (Place(source: "t", coordinate: World.point("New York"), radiusKm: -20_000), false),
        (Place(source: "t", coordinate: World.point("New York"), radiusKm: .nan), false),
        (Place(source: "t", coordinate: World.point("New York"), radiusKm: 0), false),
    ])
    func `a place is as large as it says, or as such places are`(place: Place, isPossible: Bool) {
        #expect(verdict(place, .milliseconds(17)).isImpossible == !isPossible)
    }

    @Test(arguments: [
        (16_493.0, Duration.milliseconds(12), "16,500 km in 12 ms"),
        (4811, .microseconds(12_140), "4,800 km in 12.1 ms"),
        (503, .microseconds(1_049), "500 km in 1 ms"), (157, .microseconds(420), "160 km in 0.42 ms"),
        (18_049, .milliseconds(150), "18,000 km in 150 ms"), (99, .zero, "99 km in 0.00 ms"),
        (-1, .zero, "0 km in 0.00 ms"), (.nan, .zero, "0 km in 0.00 ms"), (1e300, .zero, "50,000 km in 0.00 ms"),
    ])
    func `reasons are told in round numbers`(kilometres: Double, time: Duration, text: String) {
        #expect(Plausibility.Verdict.Reason(.answer, kilometres: kilometres, time: time).description == text)
    }

    @Test func `reasons name the other hop`() {
        let time = Duration.milliseconds(12)
        #expect(
            "\(Plausibility.Verdict.Reason(.laterAnswer, kilometres: 4800, time: time, hop: 9))"
                == "4,800 km, and hop 9 behind it answers in 12 ms")
        #expect(
            "\(Plausibility.Verdict.Reason(.otherHop, kilometres: 4800, time: time, hop: 3))"
                == "4,800 km from hop 3, with 12 ms to both together")
        #expect(
            "\(Plausibility.Verdict.Reason(.roundTrip, kilometres: 9400, time: time, hop: 3))"
                == "9,400 km round by hop 3, which answers in 12 ms")
    }

    @Test func `a time before the question is no time, and no sighting no verdict`() {
        let place = World.place("Sydney")
        let early = Plausibility.Sighting(ttl: 1, rtt: .milliseconds(-5), places: [place])
        #expect(Plausibility().judge([early], from: World.place("Lisbon")) == [[.plausible]])
        #expect(Plausibility().judge([], from: nil) == [])
        #expect(verdict(place, .milliseconds(-5)) == .plausible)
    }

    @Test func `a source without a point is none`() {
        let sightings = [Plausibility.Sighting(ttl: 1, rtt: .milliseconds(1), places: [World.place("Sydney")])]
        #expect(Plausibility().judge(sightings, from: World.place("PT")) == [[.plausible]])
    }

    @Test func `a path made up of thousands of addresses takes no minutes`() {
        let cities = ["Tokyo", "Paris", "Sydney", "Lisbon"].map { World.place($0) }
        let many = (0..<20_000).map {
            Plausibility.Sighting(ttl: $0 % 255, rtt: .milliseconds(1), places: [cities[$0 % 4]])
        }
        #expect(Plausibility().judge(many, from: nil).count == 20_000)
        #expect(Plausibility().judge(Array(many.prefix(100)), from: nil).count == 100)
    }

    private func isDoubtful(behind ttl: Int, _ flow: UInt16) -> Bool {
        let slow = Plausibility.Sighting(ttl: 3, rtt: .milliseconds(80), places: [World.place("New York")])
        let fast = Plausibility.Sighting(ttl: ttl, rtt: .milliseconds(10), flows: [flow], places: [])
        let verdicts = Plausibility().judge([slow, fast], from: World.place("Lisbon"))
        #expect(verdicts[0] == Plausibility().judge([fast, slow], from: World.place("Lisbon"))[1])
        return verdicts[0][0].isDoubtful
    }

    @Test func `only what answers from behind, on the same way, makes doubtful`() {
        #expect(isDoubtful(behind: 4, 0))
        #expect(isDoubtful(behind: 9, 0))
        #expect(!isDoubtful(behind: 4, 1))
        #expect(!isDoubtful(behind: 3, 0))
        #expect(!isDoubtful(behind: 2, 0))
    }

    @Test func `without the source one voice makes doubtful and two rule out`() {
        func verdict(against voices: Int) -> Plausibility.Verdict? {
            let others = (0..<voices).map {
                Plausibility.Sighting(ttl: $0 + 1, rtt: .milliseconds(3), places: [World.place("Lisbon")])
            }
            let places = [World.place("Madrid"), World.place("Tokyo")]
            let last = Plausibility.Sighting(ttl: 7, rtt: .milliseconds(12), places: places)
            return Plausibility().judge(others + [last], from: nil).last?.last
        }
        #expect(verdict(against: 0) == .plausible)
        #expect(verdict(against: 1)?.isDoubtful == true)
        #expect(verdict(against: 2)?.isImpossible == true)
        #expect(verdict(against: 2)?.reason?.rule == .otherHop)
    }
}
