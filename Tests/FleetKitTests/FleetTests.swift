import Foundation
import Testing
import TraceCore
import TraceCoreFleet
import TraceCorePathStore
import TraceCoreWatch

/// Vantage points on a simulated internet, each with a store of its own, and what they say together.
@Suite("Many vantage points", .timeLimit(.minutes(20))) struct FleetTests {
    /// What happens to the internet in the last minutes.
    struct Failure: Sendable, CustomTestStringConvertible {
        let event: String
        let hop: IPAddress
        let standing: FleetCauses.Standing
        let failing: Int
        var testDescription: String { event }
    }

    private static let span = Duration.seconds(720)
    private static let end = UTCTime(microsecondsSince1970: 1_790_000_040 * 1_000_000)

    /// A backbone with two routers, behind each of which are hosts; each vantage has a way of its own to it.
    private static func topology(_ event: String) -> String {
        var text = "router core1 198.51.100.1 delay=2ms\nrouter core2 198.51.100.2 delay=2ms\n"
        text += "router edge1 198.51.100.11 delay=1ms\nrouter edge2 198.51.100.12 delay=1ms\n"
        for host in 1...3 { text += "host web\(host) 203.0.113.\(host) delay=1ms name=web\(host).example\n" }
        for vantage in 1...20 {
            text += "vantage v\(vantage) 192.0.2.\(vantage)\nrouter gw\(vantage) 198.18.\(vantage).1 delay=1ms\n"
            text += "router isp\(vantage) 198.18.\(vantage).2 delay=\(vantage)ms\n"
            for (host, edge) in [(1, "core1 edge1"), (2, "core1 edge1"), (3, "core2 edge2")] {
                text += "path web\(host) from v\(vantage): gw\(vantage) isp\(vantage) \(edge)\n"
            }
        }
        return text + event + "\n"
    }

    /// What all of them saw in the last 12 minutes.
    private func ways(_ event: String, targets: [Int] = [1, 2, 3], vantages: ClosedRange<Int> = 1...8) async throws
        -> [FleetWay]
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fleet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let hosts = targets.map { #"{"name": "web\#($0)", "host": "web\#($0).example"}"# }.joined(separator: ", ")
        let text = #"{"network": "fleet", "history": "12m", "defaults": {"interval": "10s"}, "targets": [\#(hosts)]}"#
        var ways: [FleetWay] = []
        for vantage in vantages {
            let settings = try WatchSettings(parsing: Array(text.utf8)).selected(for: "v\(vantage)")
            let store = try await PathStore(folder.appendingPathComponent("\(vantage).db").path)
            try await settings.inventPast(before: Self.end, on: Self.topology(event), into: store)
            let archive = KeptArchive(store, agent: "v\(vantage)")
            ways += try await archive.ways(from: Self.end - .seconds(720), to: Self.end)
            await store.close()
        }
        return ways
    }

    @Test(arguments: [
        Failure(event: "at 10m set core1 down", hop: IPAddress(198, 51, 100, 1), standing: .silent, failing: 16),
        Failure(event: "at 10m set edge1 down", hop: IPAddress(198, 51, 100, 11), standing: .silent, failing: 16),
        Failure(event: "at 10m set core2 down", hop: IPAddress(198, 51, 100, 2), standing: .silent, failing: 8),
        Failure(event: "at 10m set isp7 down", hop: IPAddress(198, 18, 7, 2), standing: .silent, failing: 3),
        Failure(event: "at 10m set web2 down", hop: IPAddress(203, 0, 113, 2), standing: .target, failing: 8),
        Failure(
            event: "at 10m set web1 down\nat 10m set web2 down", hop: IPAddress(198, 51, 100, 11),
            standing: .answersItself, failing: 16),
    ]) func `name the router behind which paths fail, and since when`(failure: Failure) async throws {
        let ways = try await ways(failure.event)
        let causes = FleetCauses(ways, over: Self.span)
        #expect(causes.paths == 24 && causes.failing == failure.failing && causes.unexplained.isEmpty)
        let cause = try #require(causes.causes.first)
        #expect(causes.causes.count == 1)
        #expect(cause.hop == failure.hop && cause.standing == failure.standing && cause.working == 0)
        #expect(cause.failing.count == failure.failing)
        // It is told to the minute; the minute in which it happened was half good.
        let began = Self.end - .seconds(120)
        #expect(cause.since >= began && cause.until <= began + .seconds(60))
    }

    @Test func `tell two failures apart, and blame nobody where there is none`() async throws {
        let two = FleetCauses(
            try await ways("at 10m set isp3 down\nat 10m set core2 down"), over: Self.span)
        #expect(Set(two.causes.map(\.hop)) == [IPAddress(198, 51, 100, 2), IPAddress(198, 18, 3, 2)])
        #expect(two.failing == 10 && two.unexplained.isEmpty)
        let none = FleetCauses(
            try await ways("at 10m set core1 loss=20%", vantages: 1...5), over: Self.span)
        #expect(none.paths == 15 && none.failing == 0 && none.causes.isEmpty)
    }

    /// Ways by hand: from a place to a target, before and now; nil is a hop that keeps silent.
    private func ways(_ place: String, _ target: String, _ before: [String?], now: [String?]?) -> [FleetWay] {
        let path = FleetPath(agent: place, place: place, target: target, host: target)
        func way(_ hops: [String?], _ minute: Int, lost: Int) -> FleetWay {
            FleetWay(
                path, hops: hops.map { $0.flatMap { IPAddress($0) } }, systems: hops.map { _ in 0 },
                since: Self.end - .seconds(60 * (10 - minute)), until: Self.end - .seconds(60 * (9 - minute)), sent: 60,
                lost: lost, roundTrips: .seconds(1))
        }
        return [way(before, 8, lost: 0)] + (now.map { [way($0, 9, lost: 60)] } ?? [way(before, 9, lost: 0)])
    }

    @Test func `know that many homes have the same private addresses`() throws {
        let (gateway, isp) = ("192.168.1.1", ["203.0.113.1", "203.0.113.2"])
        let home = ["x", "y"].flatMap { ways("a", $0, [gateway, isp[0], "9.9.9.9"], now: []) }
        let other = ["x", "y"].flatMap { ways("b", $0, [gateway, isp[1], "9.9.9.9"], now: nil) }
        let causes = FleetCauses(home + other, over: Self.span)
        #expect(causes.causes.map(\.hop) == [IPAddress(192, 168, 1, 1)] && causes.causes.first?.working == 0)
        #expect(causes.causes.first?.failing.map(\.place) == ["a", "a"])
        // Within a company they are the same ones.
        let company = ["a", "b"].flatMap { place in
            ways(
                place, "x", ["10.\(place == "a" ? 1 : 2).0.1", "10.9.0.1", "10.9.9.9"],
                now: ["10.\(place == "a" ? 1 : 2).0.1"])
        }
        #expect(FleetCauses(company, over: Self.span).causes.map(\.hop) == [IPAddress(10, 9, 0, 1)])
    }

    @Test func `tell private addresses of two providers apart, and share those of one`() {
        func path(_ place: String, _ isp: String) -> [FleetWay] {
            ways(
                place, "x-\(isp)", ["192.168.1.1", isp, "10.0.0.1", isp == "203.0.113.1" ? "9.9.9.9" : "9.9.9.8"],
                now: ["192.168.1.1", isp])
        }
        let (one, other) = ("203.0.113.1", "203.0.113.2")
        let two = FleetCauses(path("a", one) + path("b", one) + path("c", other), over: Self.span).causes
        #expect(two.map(\.hop) == [IPAddress(10, 0, 0, 1), IPAddress(10, 0, 0, 1)])
        #expect(two.map { $0.failing.map(\.place) } == [["a", "b"], ["c"]])
    }

    @Test func `blame no hop that forwards, and none through which others work`() {
        // The last hop that answers is 2, and hop 1 keeps silent for the moment; through it others work, as was seen a while ago.
        let (way, now) = (["203.0.113.1", "203.0.113.2", "203.0.113.3", "9.9.9.9"], [nil, "203.0.113.2"])
        let broken = ways("a", "x", way, now: now) + ways("a", "y", Array(way.prefix(3)) + ["9.9.9.8"], now: now)
        let fine = (1...18).flatMap { number -> [FleetWay] in
            var ways = ways("a", "z\(number)", [way[0], "203.0.113.9", "9.9.9.7"], now: nil)
            ways[1].hops[0] = nil
            return ways
        }
        let causes = FleetCauses(broken + fine, over: Self.span)
        #expect(causes.causes.map(\.hop) == [IPAddress(203, 0, 113, 3)] && causes.causes.first?.standing == .silent)
        #expect(causes.causes.first?.before == IPAddress(203, 0, 113, 2) && causes.paths == 20)
    }

    @Test func `take no single lost probe for a failure, and know an old outage by an older way`() {
        var slow = ways("a", "x", ["203.0.113.1", "9.9.9.9"], now: ["203.0.113.1"])
        for index in slow.indices { (slow[index].sent, slow[index].lost) = (1, index) }
        #expect(FleetCauses(slow, over: Self.span).failing == 0)
        let old = Array(ways("a", "x", ["203.0.113.1", "203.0.113.2", "9.9.9.9"], now: ["203.0.113.1"]).suffix(1))
        #expect(FleetCauses(old, over: Self.span).silent == 1)
        let good = (
            hops: old[0].hops + [IPAddress(203, 0, 113, 2), IPAddress(9, 9, 9, 9)], until: Self.end - .seconds(9_000)
        )
        let causes = FleetCauses(old, over: Self.span, earlier: [old[0].path: good])
        #expect(causes.failing == 1 && causes.silent == 0 && causes.causes.map(\.hop) == [IPAddress(203, 0, 113, 2)])
        #expect(causes.causes.first?.since == good.until)
    }

    @Test func `count what nobody has seen lately by itself, and what never worked not at all`() {
        var ways = ways("a", "x", ["203.0.113.1", "9.9.9.9"], now: [])
        for index in ways.indices {
            ways[index].since = ways[index].since - .seconds(1_200)
            ways[index].until = ways[index].until - .seconds(1_200)
        }
        let dead = self.ways("b", "y", [], now: []).suffix(1)
        let causes = FleetCauses(
            ways + dead + self.ways("b", "x", ["203.0.113.1", "9.9.9.9"], now: nil), over: .seconds(120))
        #expect(causes.paths == 1 && causes.failing == 0 && causes.unseen == 1 && causes.silent == 1)
        #expect(causes.causes.isEmpty && causes.unexplained.isEmpty)
    }

    @Test func `compare all targets from all places, and tell what moved between networks`() async throws {
        var ways = try await ways("at 6m path web1 from v2: gw2 isp2 core2 edge2", targets: [1, 3], vantages: 1...3)
        let matrix = FleetMatrix(ways)
        #expect(matrix.places == ["v1", "v2", "v3"] && matrix.targets == ["web1", "web3"])
        // There and back: 1 ms to the gateway, n ms to the provider, then 2 + 1 + 1.
        for (row, cells) in matrix.cells.enumerated() {
            for (index, cell) in cells.enumerated() {
                let mean = try #require(cell?.meanMs)
                #expect(abs(mean - Double(2 * (1 + index + 1 + 4))) < 0.1, "\(row) \(index)")
                #expect(cell?.lost == 0 && cell?.isFailing == false)
            }
        }
        for index in ways.indices {
            ways[index].systems = ways[index].hops.map { hop in
                switch hop {
                case IPAddress(198, 51, 100, 1), IPAddress(198, 51, 100, 11): 64_501
                case IPAddress(198, 51, 100, 2), IPAddress(198, 51, 100, 12): 64_502
                case nil: 0
                default: 64_500
                }
            }
        }
        let networks = FleetNetworks(ways)
        let move = try #require(networks.moves.first)
        #expect(networks.moves.count == 1 && move.place == "v2" && move.target == "web1")
        #expect(move.from == [64_500, 64_501, 64_500] && move.to == [64_500, 64_502, 64_500])
        #expect(move.at == Self.end - .seconds(360))
        #expect(networks.networks.map(\.system) == [64_500, 64_502, 64_501])
        #expect(networks.networks.map(\.now) == [6, 4, 2] && networks.networks.map(\.ever) == [6, 4, 3])
    }

    @Test func `count what nothing answered where the target was last reached, and not where the way breaks off`() {
        let path = FleetPath(agent: "a", place: "a", target: "x", host: "x")
        let from = Self.end - .seconds(3_600)
        func way(_ minutes: Range<Int>, _ systems: [UInt32], lost: Int) -> FleetWay {
            FleetWay(
                path, hops: [], systems: systems, since: from + .seconds(60 * minutes.lowerBound),
                until: from + .seconds(60 * minutes.upperBound), sent: 100, lost: lost, roundTrips: .zero)
        }
        // Silent before anything is known, then well, then broken off behind the first network, then by another one.
        let ways = [
            way(0..<10, [1], lost: 100), way(10..<20, [1, 2, 9], lost: 0), way(20..<30, [1], lost: 100),
            way(30..<40, [1, 3, 9], lost: 10),
        ]
        var loss: [UInt32: Double] = [:]
        for network in FleetNetworks(ways.reversed()).networks { loss[network.system] = network.lossPercent }
        #expect(loss[2] == 50 && loss[3] == 10)
        #expect(loss[1] == 100.0 * 110 / 300 && loss[9] == 100.0 * 110 / 300)
    }
}
