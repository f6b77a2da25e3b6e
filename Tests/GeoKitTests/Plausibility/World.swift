import GeoKit
import TraceCore

/// A few cities, and claims about them.
enum World {
    static let points: [String: (Double, Double)] = [
        "Lisbon": (38.72, -9.14), "Madrid": (40.42, -3.70), "Paris": (48.86, 2.35), "Brussels": (50.85, 4.35),
        "Frankfurt": (50.11, 8.68), "London": (51.51, -0.13), "New York": (40.71, -74.01),
        "Chicago": (41.88, -87.63), "Los Angeles": (34.05, -118.24), "Tokyo": (35.68, 139.69),
        "Sydney": (-33.87, 151.21), "Singapore": (1.29, 103.85), "Mumbai": (19.08, 72.88),
        "Marseille": (43.30, 5.37), "Sao Paulo": (-23.55, -46.63), "Fortaleza": (-3.73, -38.53),
        "Johannesburg": (-26.20, 28.05), "Nairobi": (-1.29, 36.82), "Dakar": (14.69, -17.45), "Porto": (41.15, -8.61),
        "Auckland": (-36.85, 174.76),
    ]

    static func point(_ city: String) -> Coordinate? {
        points[city].flatMap { Coordinate(latitude: $0.0, longitude: $0.1) }
    }

    /// A claim: a city, "Kenya" for a country without a point, "Lisbon~9000" for one that is exact to 9,000 km.
    static func place(_ text: String) -> Place {
        let parts = text.split(separator: "~").map(String.init)
        guard let point = point(parts[0]) else { return Place(source: "test", country: UntrustedText(text)) }
        return Place(
            source: "test", coordinate: point, radiusKm: parts.count > 1 ? Double(parts[1]) : nil,
            city: UntrustedText(parts[0]))
    }

    static func distance(_ one: String, _ two: String) -> Double {
        guard let here = point(one), let there = point(two) else { return 0 }
        return here.distanceKm(to: there)
    }
}

/// Says of each address what it was told to say.
struct FixedGeolocator: Geolocator {
    var places: [IPAddress: [Place]] = [:]
    var systems: [IPAddress: [AutonomousSystem]] = [:]

    func locate(_ subject: GeoSubject) -> GeoFindings {
        GeoFindings(places: places[subject.address] ?? [], systems: systems[subject.address] ?? [])
    }
}

/// A way over the world that is simulated: every leg a third longer than the great circle.
struct JourneyPath {
    /// Where the routers are, and at the end the target.
    var cities: [String]
    /// Where the probes come from.
    var start = "Lisbon"
    /// How much longer a router's answers take, in milliseconds.
    var slow: [Int: Int] = [:]
    /// What is said of a hop, counted from 1, in place of the truth.
    var claims: [Int: [String]] = [:]

    func address(_ hop: Int) -> IPAddress {
        hop == cities.count ? IPAddress(203, 0, 113, 7) : IPAddress(198, 51, 100, UInt8(hop))
    }

    var topology: String {
        var text = "vantage here 192.0.2.10\n"
        var before = start
        for (index, city) in cities.enumerated() {
            let hop = index + 1
            let nanoseconds = Int(World.distance(before, city) / 200 * 1.33 * 1e6) + 150_000
            let isTarget = hop == cities.count
            text += "\(isTarget ? "host" : "router") n\(hop) \(address(hop)) delay=\(nanoseconds / 1000)us"
            if let extra = slow[hop] { text += " return-delay=\(extra)ms" }
            text += isTarget ? " name=target.example\n" : "\n"
            before = city
        }
        return text + "path n\(cities.count): " + (1..<cities.count).map { "n\($0)" }.joined(separator: " ") + "\n"
    }

    var geolocator: FixedGeolocator {
        var fixed = FixedGeolocator()
        for (index, city) in cities.enumerated() {
            fixed.places[address(index + 1)] = (claims[index + 1] ?? [city]).map { World.place($0) }
        }
        return fixed
    }

    /// The trace of a patient person: answers are waited for that take much longer than their neighbours'.
    func trace() async throws -> TraceReport {
        let prober = SimulatedProber(.icmp, try SimulatedInternet(parsing: topology))
        let settings = TraceSettings(patience: TraceSettings.Patience(max: .seconds(5), here: 0, near: 0, beyond: 0))
        return try await PathTracer(prober, settings: settings).trace("target.example")
    }

    func located(knowingSource: Bool) async throws -> LocatedTrace {
        LocatedTrace(trace: try await trace(), source: knowingSource ? World.place(start) : nil, geolocator: geolocator)
    }
}

extension LocatedTrace {
    /// Each responder as its summary without what is in brackets.
    var marks: [String] {
        hops.map { hop in
            hop.responders.map { responder in
                if let chosen = responder.chosen {
                    return chosen.place.shortName + (chosen.verdict.isDoubtful ? " ?" : "")
                }
                return responder.opinions.first.map { "✗ \($0.place.shortName)" } ?? "-"
            }.joined(separator: " | ")
        }
    }
}
