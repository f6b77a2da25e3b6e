import GeoKit
import Testing
import TraceCore

/// Random numbers that are the same every time.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func place() -> Place {
        let point = Coordinate(
            latitude: .random(in: -90...90, using: &self), longitude: .random(in: -180...180, using: &self))
        return Place(source: "truth", coordinate: point, city: "somewhere")
    }
}

private func distance(_ one: Place, _ two: Place) -> Double {
    guard let here = one.coordinate, let there = two.coordinate else { return 0 }
    return here.distanceKm(to: there)
}

/// A random path: forward along its places, and from each straight home or on any longer way.
private func randomPath(
    _ dice: inout Dice, kilometresPerMillisecond speed: Double, onTheGreatCircle: Bool
) -> (source: Place, sightings: [Plausibility.Sighting]) {
    let source = dice.place()
    var (before, forward) = (source, 0.0)
    var sightings: [Plausibility.Sighting] = []
    for ttl in 1...Int.random(in: 1...12, using: &dice) {
        // Some hops stand where the one before does.
        let place = ttl > 1 && Bool.random(using: &dice) ? before : dice.place()
        forward += distance(before, place) / speed
        var time = forward + distance(place, source) / speed
        if !onTheGreatCircle {
            forward += Double.random(in: 0...3, using: &dice)
            time += Double.random(in: 0...1, using: &dice) < 0.5 ? 0 : Double.random(in: 0...400, using: &dice)
        }
        let rtt = Duration.nanoseconds(Int64(time * 1e6) + 1)
        sightings.append(Plausibility.Sighting(ttl: ttl, rtt: rtt, places: [place]))
        before = place
    }
    return (source, sightings)
}

@Suite(.onItsOwnThread) struct `What is true is never ruled out` {
    @Test(arguments: [true, false], [true, false])
    func `by light in fibre of any detour and any slowness`(onTheGreatCircle: Bool, knowsSource: Bool) {
        var dice = Dice(state: onTheGreatCircle ? 7 : 1234)
        for _ in 0..<500 {
            let (source, sightings) = randomPath(
                &dice, kilometresPerMillisecond: 200, onTheGreatCircle: onTheGreatCircle)
            let verdicts = Plausibility().judge(sightings, from: knowsSource ? source : nil)
            let isFree = verdicts.allSatisfy { $0 == [.plausible] }
            #expect(isFree, "\(sightings) \(verdicts)")
        }
    }

    @Test(arguments: [true, false])
    func `by the fastest glass, over an Earth that is flatter than the sphere`(knowsSource: Bool) {
        var dice = Dice(state: 99)
        for _ in 0..<500 {
            let (source, sightings) = randomPath(
                // 204.35 km/ms, and a way that is 0.56 % shorter than the sphere's.
                &dice, kilometresPerMillisecond: 204.35 * 1.0056, onTheGreatCircle: true)
            let verdicts = Plausibility().judge(sightings, from: knowsSource ? source : nil)
            let isFree = verdicts.allSatisfy { $0.allSatisfy { !$0.isImpossible } }
            #expect(isFree, "\(sightings) \(verdicts)")
        }
    }

    @Test func `nor by one lie among it, where the source is known`() {
        var dice = Dice(state: 5)
        var found = 0
        for _ in 0..<500 {
            let (source, truth) = randomPath(&dice, kilometresPerMillisecond: 200, onTheGreatCircle: false)
            var sightings = truth
            let liar = Int.random(in: sightings.indices, using: &dice)
            sightings[liar].places = [dice.place()]
            let verdicts = Plausibility().judge(sightings, from: source)
            let others = verdicts.indices.filter { $0 != liar }
            #expect(others.allSatisfy { !verdicts[$0][0].isImpossible }, "\(sightings) \(verdicts)")
            if verdicts[liar][0] != .plausible { found += 1 }
        }
        // Random places are far off, and so are random paths: their long round trips excuse a good part of the lies.
        #expect(found > 25, "\(found)")
    }
}
