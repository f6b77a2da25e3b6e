import Foundation
import GeoKit
import Testing
import TraceCore
import TraceCorePathStore

@testable import TraceCoreCloud

/// Jobs in line, one after the other, over a store that other desks find again.
@Suite("The desk of a cloud benchmark", .timeLimit(.minutes(2))) final class CloudDeskTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("desk-\(UUID().uuidString)")
    private let world = CloudWorld(seed: 1)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    private func store() async throws -> PathStore {
        try await PathStore(folder.appendingPathComponent("runs.db").path)
    }

    /// A desk over the simulated world.
    ///
    /// - Parameter isEndless: Whether runs have no end of their own: packets take simulated time to the clock.
    private func desk(_ store: PathStore, isEndless: Bool = false) throws -> CloudDesk {
        let internet = try world.internet()
        let regions = CloudCatalogue.builtIn.regions
        return CloudDesk(
            store: store, catalogue: .builtIn,
            runs: { job in
                var settings = CloudRun.Settings()
                (settings.rounds, settings.paths) = (isEndless ? 1_000 : job.rounds, 0)
                let wanted = regions.filter { job.providers.isEmpty || job.providers.contains($0.provider) }
                let description = CloudRun.Description(
                    startedAt: job.asked, network: "clouds", catalogue: "", settings: settings, regions: wanted,
                    providers: [:], here: CloudWorld.here.coordinate)
                let run = CloudRun(description, policy: .all) { transport -> any Prober in
                    isEndless
                        ? SimulatedProber(transport, internet, clock: ContinuousClock())
                        : SimulatedProber(transport, internet)
                }
                return CloudRuns([run])
            }, say: { _ in })
    }

    private func job(_ provider: String, _ number: Int64 = 0) -> CloudDesk.Job {
        CloudDesk.Job(asked: UTCTime(microsecondsSince1970: number), providers: [provider], rounds: 3)
    }

    /// Works until the line is empty, or until the body says so.
    private func work(_ desk: CloudDesk, until isEnough: @escaping (CloudDesk) -> Bool = { $0.present.waiting.isEmpty })
        async
    {
        let working = Task { await desk.work() }
        while !isEnough(desk) { await Task.yield() }
        working.cancel()
        await working.value
    }

    private func kept(_ store: PathStore) async throws -> [StoredRun] {
        try await store.read { (reader) throws(StoreError) in try reader.runs(limit: 10) }
    }

    @Test func `makes one run after the other, and keeps what they came to`() async throws {
        let store = try await store()
        let desk = try desk(store)
        for provider in ["hetzner", "ovh"] { #expect(try await desk.ask(job(provider))) }
        await work(desk)
        let runs = try await kept(store)
        #expect(runs.map(\.verb) == ["cloud", "cloud"])
        #expect(runs.map { $0.target.prefix { $0 != "," } } == ["ovh", "hetzner"])
        let report = try await store.read { (reader) throws(StoreError) in try reader.run(runs[0].id) }
        let results = try JSON.decode(CloudReport.self, from: #require(report).report).results
        #expect(results.contains { $0.rank != nil } && results.allSatisfy { $0.region.provider == "ovh" })
        await store.close()
    }

    @Test func `keeps what several vantage points found, and reads jobs that know of none`() async throws {
        let store = try await store()
        let world = world
        let desk = CloudDesk(
            store: store, catalogue: .builtIn,
            runs: { job in
                let regions = CloudCatalogue.builtIn.regions.filter { job.providers.contains($0.provider) }
                return (try? CloudMatrixTests.runs(world, seed: 1, from: job.from ?? ["here"], regions: regions))
                    ?? CloudRuns([])
            }, say: { _ in })
        var job = job("hetzner")
        job.from = ["here", "tokyo"]
        #expect(job.text == "hetzner from here, tokyo, 3 rounds")
        #expect(try await desk.ask(job))
        await work(desk)
        let id = job.id
        let run = try await store.read { (reader) throws(StoreError) in try reader.run(id) }
        let matrix = try CloudMatrix.reading(#require(run).report)
        #expect(matrix.reports.map(\.run.from) == [nil, "tokyo"] && !matrix.all.isEmpty)
        #expect(run?.target.contains("ranked; best is hetzner/") ?? false)
        let old = #"{"id":"a","asked":"2026-01-01T00:00:00Z","providers":[],"continents":[],"rounds":5}"#
        #expect(try JSON.decode(CloudDesk.Job.self, from: Array(old.utf8)).from == nil)
        await store.close()
    }

    @Test func `goes on after a restart with what was under way`() async throws {
        let first = try await store()
        let busy = try desk(first, isEndless: true)
        let jobs = [job("hetzner"), job("ovh")]
        for job in jobs { #expect(try await busy.ask(job)) }
        await work(busy) {
            ($0.present.current?.fold.progress.done ?? 0) > 0 && $0.present.current?.fold.step == .measuring
        }
        #expect(try await kept(first).isEmpty)
        await first.close()
        let again = try await store()
        let desk = try desk(again)
        try await desk.begin()
        #expect(desk.present.waiting == jobs)
        await work(desk)
        #expect(try await kept(again).map(\.id) == jobs.reversed().map(\.id))
        await again.close()
    }

    @Test func `cancels what waits and what is under way, and keeps what is known of that`() async throws {
        let store = try await store()
        let desk = try desk(store, isEndless: true)
        let jobs = [job("hetzner"), job("ovh")]
        for job in jobs { #expect(try await desk.ask(job)) }
        let working = Task { await desk.work() }
        while desk.present.current?.fold.step != .measuring { await Task.yield() }
        while (desk.present.current?.fold.progress.done ?? 0) < 5 { await Task.yield() }
        #expect(try await desk.cancel(jobs[1].id))
        #expect(try await desk.cancel(jobs[0].id))
        while !desk.present.waiting.isEmpty { await Task.yield() }
        while desk.present.current != nil { await Task.yield() }
        #expect(try await desk.cancel(jobs[0].id) == false)
        working.cancel()
        await working.value
        let runs = try await kept(store)
        #expect(runs.map(\.id) == [jobs[0].id])
        let run = try await store.read { (reader) throws(StoreError) in try reader.run(jobs[0].id) }
        let report = try JSON.decode(CloudReport.self, from: #require(run).report)
        #expect(report.unfinished == "cancelled" && report.results.contains { $0.received > 0 })
        await store.close()
    }

    @Test func `has room for so many`() async throws {
        let store = try await store()
        let desk = try desk(store)
        for number in 0..<Int64(CloudDesk.most) { #expect(try await desk.ask(job("hetzner", number))) }
        #expect(try await desk.ask(job("hetzner")) == false)
        #expect(desk.present.waiting.count == CloudDesk.most)
        await store.close()
    }

    @Test func `shows what could not be kept, and keeps it with the next`() async throws {
        let store = try await store()
        let desk = try desk(store)
        #expect(try await desk.ask(job("hetzner")))
        // Its name is taken: nothing of it can be kept, as on a full disk.
        let first = try #require(desk.present.waiting.first)
        let other = StoredRun(
            id: first.id, verb: "trace", target: "x", method: "icmp", created: .now, report: Array("{}".utf8))
        try await store.write { (writer) throws(StoreError) in try writer.insert(other) }
        let working = Task { await desk.work() }
        while desk.unkept.isEmpty { await Task.yield() }
        #expect(desk.unkept.map(\.id) == [first.id])
        try await store.write { (writer) throws(StoreError) in _ = try writer.removeRun(first.id) }
        #expect(try await desk.ask(job("ovh")))
        while !desk.unkept.isEmpty { await Task.yield() }
        #expect(try await kept(store).count == 2)
        working.cancel()
        await working.value
        await store.close()
    }
}
