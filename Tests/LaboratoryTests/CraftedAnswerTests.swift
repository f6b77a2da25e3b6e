import Foundation
import Testing
import TraceCore

/// Raw sockets and ordinary ones hand up the same packets in different ways; what is made of them is the same.
@Suite struct `The same packets by raw and by ordinary sockets` {
    static let ways = ["--mode raw", "--mode unprivileged"]
    static let ping = `A probe that never leaves`.ping
    static let mtr = Laboratory.products.appendingPathComponent("mtr").path

    private static func report(
        _ mode: CraftedAnswers.Mode, _ method: String, _ way: String, _ family: String
    ) throws -> PingReport {
        let outcome = try CraftedAnswers.outcome(
            mode, "\(ping) --json -n -c 3 -i 0.05 -W 0.3 \(method) \(way) \(CraftedAnswers.target(family))")
        #expect(outcome.errors == "")
        return try JSON.decode(PingReport.self, from: Array(outcome.output.utf8))
    }

    @Test(arguments: ways, ["-4", "-6"]) func `give the target's answers where there is nothing else`(
        way: String, family: String
    ) throws {
        for method in ["--icmp", "--udp"] {
            let report = try Self.report(.plain, method, way, family)
            #expect(report.received == 3 && report.duplicates == 0, "\(method)")
        }
    }

    @Test(arguments: ways, ["--icmp", "--udp"]) func `give nothing for an error of a type that nobody has defined`(
        way: String, method: String
    ) throws {
        let report = try Self.report(.unassigned, method, way, "-6")
        #expect(report.lost == 3 && report.replies.isEmpty)
        #expect(report.failed == 0)
    }

    @Test(arguments: ways, ["-4", "-6"]) func `give nothing for an echo reply whose code is not 0`(
        way: String, family: String
    ) throws {
        let report = try Self.report(.code, "--icmp", way, family)
        #expect(report.lost == 3 && report.replies.isEmpty)
    }

    @Test(arguments: ways, ["-4", "-6"]) func `give the true answer behind a router's error`(
        way: String, family: String
    ) throws {
        for mode in [CraftedAnswers.Mode.early, .refused] {
            for method in ["--icmp", "--udp"] {
                let report = try Self.report(mode, method, way, family)
                #expect(report.received == 3 && report.lost == 0 && report.lossPercent == 0, "\(mode) \(method)")
                #expect(report.unreachable == 0 && report.duplicates == 0, "\(mode) \(method)")
            }
        }
    }

    @Test(arguments: ways, ["-4", "-6"]) func `give a watched path its target behind a router's error`(
        way: String, family: String
    ) throws {
        let outcome = try CraftedAnswers.outcome(
            .early, "\(Self.mtr) --ndjson -n -c 3 -i 0.1 -Z 2 \(way) \(CraftedAnswers.target(family))")
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        let report = try MonitorReport.Fold.replay(events)
        #expect(report.isReached)
        #expect(report.hops.count == 1)
        #expect(report.hops.first?.addresses.first?.address.description == CraftedAnswers.target(family))
        #expect(report.hops.first?.lossPercent == 0)
        #expect(report.hops.first?.duplicates == 0)
    }
}
