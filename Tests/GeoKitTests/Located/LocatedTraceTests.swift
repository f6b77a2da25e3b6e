import Foundation
import GeoKit
import Testing
import TraceCore

private func sample() async throws -> LocatedTrace {
    var path = JourneyPath(cities: ["Lisbon", "Madrid", "Paris", "Frankfurt", "Frankfurt"], slow: [2: 200])
    path.claims = [2: ["New York"], 3: [], 4: ["Sydney", "Frankfurt"], 5: ["Sydney"]]
    let trace = try await path.trace()
    var fixed = path.geolocator
    fixed.systems[path.address(1)] = [
        AutonomousSystem(source: "one", number: 64500, name: "Example"), AutonomousSystem(source: "two", number: 64500),
        AutonomousSystem(source: "three", number: 64501),
    ]
    return LocatedTrace(trace: trace, source: World.place("Lisbon"), geolocator: fixed)
}

private func copyByFoundation(_ located: LocatedTrace) throws -> LocatedTrace {
    try JSONDecoder().decode(LocatedTrace.self, from: JSONEncoder().encode(located))
}

private func copyByTraceCore(_ located: LocatedTrace) throws -> LocatedTrace {
    try JSON.decode(LocatedTrace.self, from: JSON.encode(located))
}

private func refusal(of document: String) -> String? {
    do {
        _ = try JSON.decode(LocatedTrace.self, from: Array(document.utf8))
        return nil
    } catch let DecodingError.dataCorrupted(context) {
        return context.debugDescription
    } catch {
        return "another error: \(error)"
    }
}

@Suite(.onItsOwnThread) struct `A trace with its places` {
    @Test func `has a hop for each of the trace's, and each address of it`() async throws {
        let located = try await sample()
        #expect(located.hops.map(\.ttl) == located.trace.hops.map(\.ttl))
        #expect(located.hops.map { $0.responders.map(\.address) } == located.trace.hops.map(\.addresses))
        #expect(located.marks == ["Lisbon", "New York ?", "-", "Frankfurt", "✗ Sydney"])
        #expect(located.hops[4].responders[0].place == nil)
    }

    @Test func `is the same after JSON`() async throws {
        let located = try await sample()
        #expect(try copyByFoundation(located) == located)
        #expect(try copyByTraceCore(located) == located)
        let demo = try await PathTracer(SimulatedProber(.udp, .demo)).trace("tokyo.example")
        let named = LocatedTrace(trace: demo, geolocator: RouterNameGeolocator())
        #expect(try copyByTraceCore(named) == named)
    }

    @Test func `is written with small keys, a version and the choice`() async throws {
        let text = try JSON.text(try await sample())
        #expect(text.hasPrefix(#"{"schemaVersion":2,"source":{"source":"test","#))
        #expect(text.contains(#""chosen":1,"opinions":[{"place":{"#))
        #expect(text.contains(#""verdict":"impossible","reason":{"rule":"answer","kilometres":18177,"timeMs":"#))
        #expect(text.contains(#""verdict":"doubtful","reason":{"rule":"laterAnswer","#))
        #expect(text.contains(#""systems":[{"source":"one","number":64500,"name":"Example"}"#))
    }

    @Test func `a newer version, foreign hops and unknown verdicts are refused`() async throws {
        let text = try JSON.text(try await sample())
        let newer = text.replacing(#"{"schemaVersion":2,"source":{"#, with: #"{"schemaVersion":3,"source":{"#)
        #expect(refusal(of: newer)?.contains("version 3") == true)
        let foreign = text.replacing(#"{"address":"198.51.100.1""#, with: #"{"address":"198.51.100.99""#)
        #expect(refusal(of: foreign) == "The hops differ from those of the trace in the same document")
        let unknown = text.replacing(#""verdict":"doubtful""#, with: #""verdict":"\u001b[31m""#)
        #expect(refusal(of: unknown)?.contains(#""\u{1b}[31m" is not a verdict"#) == true)
        #expect(refusal(of: text) == nil)
    }

    @Test func `is told on a line for each address`() async throws {
        let lines = try await sample().hops.flatMap(\.responders).map(\.summary)
        #expect(lines[0] == "Lisbon  AS64500 Example  AS64501")
        #expect(lines[1] == "New York ?")
        #expect(lines[2] == "")
        #expect(lines[3] == "Frankfurt")
        #expect(lines[4].hasPrefix("✗ (claimed Sydney: 18,200 km in 2"))
    }

    @Test(arguments: [
        (Place(source: "t", city: "Frankfurt", country: "DE"), "Frankfurt, DE"),
        (Place(source: "t", region: "Hesse", country: "DE"), "Hesse, DE"), (Place(source: "t", country: "DE"), "DE"),
        (Place(source: "t", coordinate: Coordinate(latitude: -33.868, longitude: 0.05)), "-33.87, 0.05"),
        (Place(source: "t", coordinate: Coordinate(latitude: -0.001, longitude: -180)), "0.00, -180.00"),
        (Place(source: "t"), "t"),
        (Place(source: "t", city: "\u{1b}[31mred\u{202e}", country: "\n"), #"\u{1b}[31mred\u{202e}, \u{a}"#),
    ])
    func `a place is called by what is known of it, and harmless`(place: Place, text: String) {
        #expect(place.shortName == text)
    }

    @Test func `a long name of a stranger leaves room for the rest`() {
        let long = AutonomousSystem(source: "t", number: 1, name: UntrustedText(String(repeating: "x", count: 1000)))
        #expect(long.shortName.count == 44)
    }

    @Test func `an address at several hops has one place and one voice`() throws {
        func reply(_ last: UInt8, _ ms: Int) -> TraceReport.HopReply {
            TraceReport.HopReply(
                sequence: 0,
                answer: ProbeReply(from: IPAddress(192, 0, 2, last), rtt: .milliseconds(ms), kind: .timeExceeded))
        }
        // The router 9 goes round in circles, in Tokyo as it is said; one other is not enough to say that it is not.
        let hops = (1...8).map {
            TraceReport.Hop(ttl: $0, sent: 1, replies: [$0 == 1 ? reply(1, 1) : reply(9, 3 + $0)])
        }
        let run = RunDescription(verb: "trace", target: nil, method: .icmp, mode: "test", startedAt: .epoch)
        var fixed = FixedGeolocator()
        fixed.places[IPAddress(192, 0, 2, 1)] = [World.place("Lisbon")]
        fixed.places[IPAddress(192, 0, 2, 9)] = [World.place("Tokyo"), World.place("Madrid")]
        let located = LocatedTrace(trace: TraceReport(run: run, hops: hops, end: nil), geolocator: fixed)
        #expect(located.marks == ["Lisbon ?"] + Array(repeating: "Tokyo ?", count: 7))
        #expect(located.hops[7].responders[0].rtt == .milliseconds(5))
    }

    @Test func `a trace without hops is located at once`() throws {
        let run = RunDescription(verb: "trace", target: nil, method: .icmp, mode: "test", startedAt: .epoch)
        let located = LocatedTrace(trace: TraceReport(run: run, hops: [], end: nil), geolocator: RouterNameGeolocator())
        #expect(located.hops.isEmpty)
        #expect(try copyByTraceCore(located) == located)
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan])
    func `a radius that is no number keeps nothing from being written`(radiusKm: Double) async throws {
        let path = JourneyPath(cities: ["Lisbon", "Madrid"])
        var fixed = path.geolocator
        var far = World.place("Sydney")
        far.radiusKm = radiusKm
        fixed.places[path.address(1)] = [far]
        let located = LocatedTrace(trace: try await path.trace(), source: far, geolocator: fixed)
        #expect(try copyByTraceCore(located) == located)
        #expect(located.hops[0].responders[0].opinions[0].verdict == .plausible)
    }
}
