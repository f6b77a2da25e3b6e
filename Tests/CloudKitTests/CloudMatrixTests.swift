import GeoKit
import Testing
import TraceCore
import TraceCoreFuzzChecks

@testable import TraceCoreCloud

/// What is said of a world of which everything is known, from several places in it.
@Suite("Clouds from several places") struct CloudMatrixTests {
    static func runs(
        _ world: CloudWorld, seed: UInt64, rounds: Int = 10, from names: [String] = CloudWorld.metros.map(\.name),
        regions: [CloudRegion] = CloudCatalogue.builtIn.regions
    ) throws -> CloudRuns {
        let internet = try world.internet()
        var settings = CloudRun.Settings()
        (settings.rounds, settings.paths) = (rounds, 0)
        return CloudRuns(
            CloudWorld.metros.filter { names.contains($0.name) }.map { metro in
                let description = CloudRun.Description(
                    startedAt: UTCTime(microsecondsSince1970: 0), network: "clouds", catalogue: "2026-01-21",
                    settings: settings, regions: regions, providers: [:], here: metro.place.coordinate,
                    from: metro.name == "here" ? nil : metro.name)
                let options = SimulatedInternet.Options(vantage: metro.name, seed: seed)
                return CloudRun(description, policy: .all) { SimulatedProber($0, internet, options: options) }
            })
    }

    static func matrix(_ runs: CloudRuns) async throws -> CloudMatrix {
        var fold = CloudMatrix.Fold()
        for await event in runs.events() { fold.apply(event) }
        return try #require(fold.matrix())
    }

    /// How much the jitter of a way adds to the median, at the most.
    private func jitter(_ truth: CloudWorld.Truth) -> Double { 2 * truth.jitters.reduce(0, +) }

    @Test func `contradict no true order, and unmask all front ends from everywhere, for many seeds`() async throws {
        for seed in UInt64(1)...10 {
            let world = CloudWorld(seed: seed)
            let matrix = try await Self.matrix(try Self.runs(world, seed: seed))
            #expect(matrix.reports.map(\.run.from) == [nil, "tokyo", "sao-paulo"])
            for report in matrix.reports {
                let truths = world.truths(from: report.run.place)
                for result in report.results where result.rttMs != nil {
                    let truth = try #require(truths[result.region.id])
                    #expect(
                        (result.verdict == .frontEnd) == truth.isFront,
                        "seed \(seed), \(report.run.place): \(result.region.id) \(result.reason ?? "")")
                }
                // The order of those that are apart by more than all jitter together.
                let ranked = report.results.filter { $0.rank != nil }
                for one in ranked {
                    for other in ranked where (one.lastRank ?? 0) < (other.rank ?? 0) {
                        let (near, far) = (truths[one.region.id], truths[other.region.id])
                        let (least, most) = (near?.roundTrip?.inMilliseconds ?? 0, far?.roundTrip?.inMilliseconds ?? 0)
                        #expect(
                            least < most + (far.map(jitter) ?? 0), "seed \(seed): \(one.region.id), \(other.region.id)")
                    }
                }
            }
            #expect(matrix.all.count > 150)
            func mean(_ id: String, _ more: (CloudWorld.Truth) -> Double) -> Double {
                let truths = CloudWorld.metros.compactMap { world.truths(from: $0.name)[id] }
                return truths.reduce(0) { $0 + ($1.roundTrip?.inMilliseconds ?? 0) + more($1) } / Double(truths.count)
            }
            for one in matrix.all {
                for other in matrix.all where one.lastRank < other.rank {
                    #expect(
                        mean(one.id) { _ in 0 } < mean(other.id, jitter),
                        "seed \(seed): \(one.id) is said to be better for all than \(other.id)")
                }
            }
        }
    }

    @Test func `tell who proved a front end that cannot be proven where one asks`() async throws {
        let world = CloudWorld(seed: 1)
        let alone = try await Self.matrix(try Self.runs(world, seed: 1, from: ["tokyo"])).reports[0]
        // A front end that says that it is in Tokyo, where one can see no lie.
        let lie = try #require(alone.results.first { $0.region.id == "vultr/nrt" })
        #expect(lie.verdict == .measured && lie.rank == 1)
        let matrix = try await Self.matrix(try Self.runs(world, seed: 1))
        let found = try #require(matrix.report(from: "tokyo")?.results.first { $0.region.id == "vultr/nrt" })
        #expect(found.verdict == .frontEnd && found.rank == nil)
        #expect(
            found.reason?.wholeMatch(
                of: /a front end: from here it answers in 6\.\d+ ms, and light to Tokyo and back takes 11\d ms/) != nil,
            "\(found.reason ?? "")")
    }

    @Test func `believe no proof of a place that is not where it is said to be`() async throws {
        let world = CloudWorld(seed: 1)
        let internet = try world.internet()
        let truthful = try Self.runs(world, seed: 1, from: ["here"]).runs[0]
        var settings = CloudRun.Settings()
        settings.paths = 0
        // It is in Lisbon, and says that it is in Tokyo.
        let description = CloudRun.Description(
            startedAt: UTCTime(microsecondsSince1970: 0), network: "clouds", catalogue: "", settings: settings,
            regions: CloudCatalogue.builtIn.regions, providers: [:], here: CloudWorld.metros[1].place.coordinate,
            from: "lost")
        let lost = CloudRun(description, policy: .all) { SimulatedProber($0, internet) }
        let matrix = try await Self.matrix(CloudRuns([truthful, lost]))
        #expect(matrix.reports.map(\.isPlaceDoubtful) == [false, true])
        #expect(matrix.reports[0].results.count { $0.rank != nil } > 150)
        let text = CloudMatrixText(width: 100).lines(matrix).joined(separator: " ")
        #expect(text.contains("lost is hardly where it is said to be"))
    }

    @Test func `are read as they were written, and a report of one place is a matrix of one`() async throws {
        let runs = try Self.runs(CloudWorld(seed: 4), seed: 4)
        var (fold, again) = (CloudMatrix.Fold(), CloudMatrix.Fold())
        for await event in runs.events() {
            fold.apply(event)
            again.apply(try JSON.decode(CloudEvent.self, from: JSON.encode(event)))
        }
        let matrix = try #require(fold.matrix())
        #expect(try #require(again.matrix()).all.map(\.id) == matrix.all.map(\.id))
        let read = try CloudMatrix.reading(Array(try matrix.json().utf8))
        #expect(try read.json() == matrix.json() && read.reports.count == 3)
        let one = CloudMatrix([matrix.reports[1]])
        let alone = try CloudMatrix.reading(Array(try one.json().utf8))
        #expect(alone.reports.map(\.run.from) == ["tokyo"])
        #expect(try JSON.decode(CloudReport.self, from: Array(try one.json().utf8)).run.from == "tokyo")
        #expect(matrix.csv.count == 1 + 3 * CloudCatalogue.builtIn.regions.count)
        #expect(matrix.csv.last?.hasSuffix(",sao-paulo") ?? false)
        #expect(matrix.comparisons(since: matrix).map(\.from) == [nil, "tokyo", "sao-paulo"])
        #expect(matrix.comparisons(since: one).map(\.from) == ["tokyo"])
        #expect(
            CloudComparison.lines(of: one, since: matrix).contains {
                $0.hasPrefix("Since ") && $0.hasSuffix(", from tokyo:")
            })
    }

    @Test func `a vantage point that fails ends none of the others`() async throws {
        let good = try Self.runs(CloudWorld(seed: 1), seed: 1, from: ["here"]).runs[0]
        let resolver = try CloudWorld(seed: 1).internet().resolver
        let description = CloudRun.Description(
            startedAt: UTCTime(microsecondsSince1970: 0), network: "clouds", catalogue: "",
            settings: good.description.settings, regions: good.description.regions, providers: [:], here: nil,
            from: "gone")
        let bad = CloudRun(description, policy: .all, names: resolver, asker: MissingAsker("gone"))
        let matrix = try await Self.matrix(CloudRuns([good, bad]))
        #expect(matrix.reports[0].unfinished == nil && matrix.reports[1].isBlank)
        #expect(matrix.reports[1].unfinished == "There is no vantage point gone any more")
        #expect(matrix.all.count > 150 && matrix.isRanked)
        let lines = CloudMatrixText(width: 100).lines(matrix)
        #expect(lines.contains { $0.contains("From gone, not finished: There is no vantage point gone") })
        #expect(lines.contains { $0.contains(" failed ") })
        #expect(CloudMatrixPage(matrix).html.contains("There is no vantage point gone any more"))
    }

    /// Asks more than it is asked to, and tells everything three times.
    private struct Liar: CloudAsker {
        let honest: OwnAsker
        let foreign: [IPAddress]

        func sweep(
            _ addresses: [IPAddress], by method: CloudMethod, _ settings: SweepSettings,
            _ take: @escaping @Sendable (ProbeEvent) -> Void
        ) async throws(ProbeError) {
            let all = addresses + foreign.filter { !addresses.contains($0) }
            try await honest.sweep(all, by: method, settings) { event in for _ in 0..<3 { take(event) } }
        }

        func trace(
            _ addresses: [IPAddress], by method: CloudMethod, rate: Int,
            _ take: @escaping @Sendable (Int, TraceReport) -> Void
        ) async throws(ProbeError) {}
    }

    @Test func `what a vantage point was not asked for does not count`() async throws {
        let world = CloudWorld(seed: 1)
        let internet = try world.internet()
        let regions = CloudCatalogue.builtIn.regions.filter { $0.provider == "hetzner" }
        let description = CloudRun.Description(
            startedAt: UTCTime(microsecondsSince1970: 0), network: "clouds", catalogue: "",
            settings: CloudRun.Settings(), regions: regions, providers: [:], here: nil, from: "liar")
        let liar = Liar(
            honest: OwnAsker { SimulatedProber($0, internet) },
            foreign: internet.hosts.prefix(20).flatMap { $0.addresses })
        let run = CloudRun(description, policy: .all, names: internet.resolver, asker: liar)
        let report = try #require(try await Self.matrix(CloudRuns([run])).reports.first)
        #expect(report.unfinished == nil && report.results.count == regions.count)
        for result in report.results where result.address != nil { #expect(result.sent == 10) }
    }

    @Test(arguments: [40, 50, 60, 80, 100, 132]) func `the table is never wider than the screen`(width: Int)
        async throws
    {
        let regions = CloudCatalogue.builtIn.regions.filter { ["aws", "vultr", "azure"].contains($0.provider) }
        let matrix = try await Self.matrix(try Self.runs(CloudWorld(seed: 2), seed: 2, regions: regions))
        let lines = CloudMatrixText(width: width).lines(matrix)
        #expect(lines.allSatisfy { $0.columns <= width }, "\(lines.filter { $0.columns > width })")
        #expect(lines.contains { $0.hasPrefix("No room for ") } == (width < 60))
        #expect(lines.contains { $0.hasSuffix("  mean") || $0.contains("  mean  ") } == (width > 60))
        let colored = CloudMatrixText(width: width, isColored: true).lines(matrix)
        #expect(colored.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") } == lines)
        #expect(colored.contains { $0.contains("\u{1B}[32m") } && colored.contains { $0.contains("\u{1B}[31m") })
        let few = CloudMatrixText(width: width, most: 5).lines(matrix)
        #expect(few.contains { $0.hasSuffix(" more: --all shows them") })
    }

    @Test func `names of vantage points are safe on a terminal and in pages`() throws {
        for name in HostileNames.names(25, seed: 9).map({ String(decoding: $0, as: UTF8.self) }) {
            var fold = CloudMatrix.Fold()
            let region = try #require(CloudCatalogue.builtIn.regions.first)
            for from in [nil, name] as [String?] {
                let description = CloudRun.Description(
                    startedAt: UTCTime(microsecondsSince1970: 0), network: "n", catalogue: "c",
                    settings: CloudRun.Settings(), regions: [region], providers: [:], here: nil, from: from)
                fold.apply(CloudEvent(at: .zero, from: from, .began(description)))
                fold.apply(
                    CloudEvent(at: .zero, from: from, .resolved(id: region.id, IPAddress(198, 51, 100, 1), of: 1)))
                fold.apply(CloudEvent(at: .zero, from: from, .round(id: region.id, .milliseconds(90))))
                fold.apply(CloudEvent(at: .seconds(1), from: from, .ended(name)))
            }
            let matrix = try #require(fold.matrix())
            try checkTerminalText(
                Array((CloudMatrixText(width: 100).lines(matrix).joined(separator: "\n") + "\n").utf8))
            let one = CloudMatrix([matrix.reports[1]]).reports[0]
            try checkTerminalText(Array((CloudText(width: 100).lines(one).joined(separator: "\n") + "\n").utf8))
            for text in [CloudMatrixPage(matrix).html, CloudPage(one).html] {
                #expect(!text.contains("<img") && !text.contains("<script") && !text.contains("onerror=\""), "\(name)")
            }
        }
    }
}
