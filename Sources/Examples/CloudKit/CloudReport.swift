package import GeoKit
package import TraceCore

/// What a benchmark found: the regions by their ranks, and of what is not ranked why.
package struct CloudReport: Sendable, Codable {
    /// What can be said of a region.
    package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        /// It was measured, and is ranked.
        case measured
        /// What answers is nearer than the region, so it says nothing of it.
        case frontEnd
        case silent, unresolved, refused, noHost
        /// The run ended before.
        case notMeasured
    }

    /// Round trips in milliseconds.
    package struct RoundTrips: Sendable, Hashable, Codable {
        package let min, p10, median, p90, max, mean, jitter: Double
    }

    package struct Result: Sendable, Codable {
        package let region: CloudRegion
        package var verdict = Verdict.notMeasured
        /// In words, where it is not ranked.
        package var reason: String?
        package var address: IPAddress?
        package var method: CloudMethod?
        /// The round trip of each probe in milliseconds, in the order in which they were known; nil for a lost one.
        package var roundTripsMs: [Double?] = []
        package var rttMs: RoundTrips?
        package var lossPercent: Double?
        /// From the asker, and what light takes there and back at least.
        package var distanceKm: Double?
        package var lightMs: Double?
        package var rank: Int?
        /// The last rank that it may have.
        package var lastRank: Int?
        package var rankOfProvider: Int?
        package var rankOfContinent: Int?
        package var path: LocatedTrace?

        package var sent: Int { roundTripsMs.count }
        package var received: Int { roundTripsMs.count { $0 != nil } }
        /// How much longer than light a packet takes at least.
        package var lightRatio: Double? {
            guard let least = rttMs?.min, let lightMs, lightMs > 0 else { return nil }
            return least / lightMs
        }

        init(_ region: CloudRegion) { self.region = region }

        /// What light can judge.
        var sighting: CloudJudge.Sighting? {
            guard let least = rttMs?.min, let place = region.coordinate else { return nil }
            return CloudJudge.Sighting(id: region.id, place: place, least: .nanoseconds(Int64(least * 1_000_000)))
        }

        /// What was measured of it, to be ranked.
        var sample: CloudRanking.Sample {
            CloudRanking.Sample(
                region.id, roundTrips: roundTripsMs.compactMap { $0.map { .nanoseconds(Int64($0 * 1_000_000)) } },
                sent: sent)
        }
    }

    package static let schemaVersion = 1

    package let schemaVersion: Int
    package let run: CloudRun.Description
    package let tookMs: Double
    /// Why not all was done, or nil.
    package let unfinished: String?
    package let weights: CloudRanking.Weights
    /// The ranked ones first, best first.
    package let results: [Result]
}

extension CloudRun.Description {
    /// Where it is asked from, in words.
    package var place: String { from ?? "here" }
}

/// That an address answers faster than light comes from the region for which it answers.
struct FrontProof: Sendable, Hashable {
    /// The region.
    let id: String
    let address: IPAddress
    /// In words.
    let reason: String
}

extension CloudReport {
    /// Whether what asks is hardly where it is said to be.
    package var isPlaceDoubtful: Bool { Self.doubts(run, results) }

    static func doubts(_ run: CloudRun.Description, _ results: some Sequence<Result>) -> Bool {
        guard let here = run.here else { return false }
        // Those that answer from everywhere say nothing of a place.
        return CloudJudge.doubts(
            here, results.filter { $0.region.endpoint?.evidence != .anycast }.compactMap(\.sighting))
    }
}
