import GeoKit
import Testing
import TraceCore
import TraceCoreFuzzChecks

@testable import TraceCoreCloud

/// What is said of a world of which everything is known.
@Suite("Clouds of a simulated world") struct CloudWorldTests {
    static func run(
        _ world: CloudWorld, seed: UInt64, here: Coordinate? = CloudWorld.here.coordinate, rounds: Int = 10,
        paths: Int? = 0,
        regions: [CloudRegion] = CloudCatalogue.builtIn.regions
    ) throws -> CloudRun {
        let internet = try world.internet()
        var settings = CloudRun.Settings()
        (settings.rounds, settings.paths) = (rounds, paths)
        let description = CloudRun.Description(
            startedAt: UTCTime(microsecondsSince1970: 0), network: "clouds", catalogue: "2026-01-21",
            settings: settings,
            regions: regions, providers: [:], here: here)
        return CloudRun(description, policy: .all, locators: [world.geolocator]) {
            SimulatedProber($0, internet, options: SimulatedInternet.Options(seed: seed))
        }
    }

    static func report(_ run: CloudRun) async throws -> CloudReport {
        var fold = CloudReport.Fold()
        for await event in run.events() { fold.apply(event) }
        return try #require(fold.report())
    }

    /// The median of what comes on top of the least round trip, by the means on the way.
    private struct Medians {
        private var known: [[Double]: Double] = [:]
        private var generator = SeededGenerator(seed: 7)

        mutating func median(_ means: [Double]) -> Double {
            if let median = known[means] { return median }
            var sums: [Double] = []
            for _ in 0..<2_001 {
                var sum = 0.0
                for mean in means + means {
                    // −ln of a uniform number, by its leading zeros and a fraction, as the simulation has it.
                    let bits = generator.next() | 1
                    let zeros = bits.leadingZeroBitCount
                    let fraction = Double((bits << UInt64(zeros)) << 1) / 18_446_744_073_709_551_616
                    sum += mean * 0.693_147 * (Double(zeros) + 1 - fraction)
                }
                sums.append(sum)
            }
            let median = sums.sorted()[1_000]
            known[means] = median
            return median
        }
    }

    @Test func `are ranked as they are, for a hundred seeds`() async throws {
        var medians = Medians()
        for seed in UInt64(1)...100 {
            let world = CloudWorld(seed: seed)
            let report = try await Self.report(try Self.run(world, seed: seed))
            #expect(report.unfinished == nil)
            let results = Dictionary(uniqueKeysWithValues: report.results.map { ($0.region.id, $0) })
            var ranked: [(rank: Int, last: Int, truth: Double, id: String)] = []
            for (id, truth) in world.truths {
                let result = try #require(results[id])
                guard let least = truth.roundTrip else {
                    #expect(result.rank == nil && [.silent, .unresolved].contains(result.verdict), "\(seed) \(id)")
                    continue
                }
                #expect((result.verdict == .frontEnd) == truth.isFront, "seed \(seed): \(id) \(result.reason ?? "")")
                #expect(CloudReport.isLossy(result) == (truth.loss > 0) || truth.loss > 0, "seed \(seed): \(id)")
                // Of ten packets some get lost, where a fifth does.
                if truth.loss > 0 { #expect(result.sent >= result.received) }
                if let rank = result.rank, let last = result.lastRank {
                    ranked.append((rank, last, least.inMilliseconds + medians.median(truth.jitters), id))
                }
            }
            #expect(ranked.count > 150)
            for one in ranked {
                for other in ranked where one.last < other.rank {
                    #expect(
                        one.truth < other.truth + 0.3, "seed \(seed): \(one.id) is said to be nearer than \(other.id)")
                }
            }
        }
    }

    @Test func `have a region that loses packets, and it is called so`() async throws {
        var told = 0
        for seed in UInt64(1)...20 {
            let world = CloudWorld(seed: seed)
            let lossy = try #require(world.truths.first { $0.value.loss > 0 }?.key)
            let regions = CloudCatalogue.builtIn.regions.filter { $0.id == lossy || $0.provider == "hetzner" }
            let report = try await Self.report(try Self.run(world, seed: seed, rounds: 40, regions: regions))
            for result in report.results where result.region.id != lossy { #expect(!CloudReport.isLossy(result)) }
            if report.results.contains(where: { $0.region.id == lossy && CloudReport.isLossy($0) }) { told += 1 }
        }
        #expect(told >= 18)
    }

    @Test func `tell which hosts are not where they should be, also where nobody says where the asker is`() async throws
    {
        for seed in UInt64(1)...5 {
            let world = CloudWorld(seed: seed)
            let report = try await Self.report(try Self.run(world, seed: seed, here: nil))
            let here = try #require(CloudWorld.here.coordinate)
            #expect(report.results.allSatisfy { $0.distanceKm == nil && $0.lightMs == nil })
            for result in report.results where result.rttMs != nil {
                let truth = try #require(world.truths[result.region.id])
                if result.verdict == .frontEnd { #expect(truth.isFront, "\(result.region.id)") }
                // Those far away are unmasked from wherever the asker may be.
                let far = (result.region.coordinate?.distanceKm(to: here) ?? 0) > 3_000
                if truth.isFront, far { #expect(result.verdict == .frontEnd, "\(result.region.id)") }
            }
        }
    }

    @Test func `are asked by what each answers, side by side`() async throws {
        let world = CloudWorld(seed: 1)
        // Each method has a time of its own in the simulation, so each is looked at by itself.
        var methods: [String: CloudMethod] = [:]
        var counts: [CloudMethod: [String: Int]] = [:]
        for await event in try Self.run(world, seed: 1).events() {
            if case .method(let id, let method) = event.fact {
                methods[id] = method
                counts[method, default: [:]][id] = 0
            }
            guard case .round(let id, _) = event.fact, let method = methods[id] else { continue }
            counts[method]?[id]? += 1
            let all = try #require(counts[method]).values
            // None is asked twice before the others were asked once; a lost packet is known two rounds later.
            let waiting = all.count { $0 + 2 < all.max() ?? 0 }
            #expect(waiting <= 2, "\(waiting) of \(all.count) are behind")
        }
        #expect(Set(methods.values) == Set(CloudMethod.allCases))
        #expect(counts.values.allSatisfy { $0.values.allSatisfy { $0 == 10 } })
    }

    @Test func `show the ways to the best, with places, networks and what each hop adds`() async throws {
        let world = CloudWorld(seed: 1)
        let report = try await Self.report(try Self.run(world, seed: 1, paths: 5))
        let traced = report.results.filter { $0.path != nil }
        #expect(traced.count >= 9 && traced.allSatisfy { $0.rank != nil })
        #expect(Set(traced.map(\.region.provider)).count >= 9)
        for result in traced {
            let hops = CloudHops(try #require(result.path))
            #expect(hops.countries.first == "PT" && hops.countries.last == result.region.country, "\(result.region.id)")
            #expect(hops.networks.first == "AS64500 Home" && hops.networks.count == 3)
            let added = hops.hops.compactMap(\.added).reduce(0, +)
            #expect(abs(added - (hops.hops.last?.least ?? 0)) < 0.01)
        }
    }

    @Test(arguments: CloudEvent.Step.allCases) func `that are left at any step keep what is known`(
        step: CloudEvent.Step
    ) async throws {
        let world = CloudWorld(seed: 3)
        var fold = CloudReport.Fold()
        var isThere = false
        for await event in try Self.run(world, seed: 3, paths: 3).events() {
            fold.apply(event)
            if case .step(step) = event.fact { isThere = true } else if isThere { break }
        }
        let report = try #require(fold.report())
        #expect(report.unfinished == "under way")
        for result in report.results where result.rank != nil { #expect(result.received > 0) }
        if step == .resolving || step == .looking { #expect(report.results.allSatisfy { $0.rank == nil }) }
        if step == .tracing { #expect(report.results.count { $0.rank != nil } > 150) }
        #expect(try JSON.decode(CloudReport.self, from: JSON.encode(report)).results.count == report.results.count)
        #expect(CloudText(width: 80).lines(report)[0].contains("not finished"))
    }

    @Test func `are the same when their events are written and read`() async throws {
        let world = CloudWorld(seed: 4)
        var (fold, again) = (CloudReport.Fold(), CloudReport.Fold())
        for await event in try Self.run(world, seed: 4, paths: 2).events() {
            fold.apply(event)
            again.apply(try JSON.decode(CloudEvent.self, from: JSON.encode(event)))
        }
        let (one, other) = (try #require(fold.report()), try #require(again.report()))
        #expect(one.results.map(\.region.id) == other.results.map(\.region.id))
        #expect(one.results.map(\.rank) == other.results.map(\.rank))
        #expect(try JSON.text(try JSON.decode(CloudReport.self, from: JSON.encode(one))) == JSON.text(one))
    }
}
