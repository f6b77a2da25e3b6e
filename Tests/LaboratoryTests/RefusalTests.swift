import Foundation
import Testing
import TraceCore

/// A router of the kernel whose firewall says "port unreachable" in its own name, as `reject` does unless told otherwise.
@Suite struct `A firewall that refuses as if it were the target` {
    static let ways = ["--mode raw", "--mode unprivileged"]

    private static func firewall(_ family: String) -> String { family == "-4" ? "10.77.2.2" : "fd77:2::2" }

    /// Runs a program on a path whose second router refuses what is to go on.
    private static func outcome(_ program: String, _ family: String) throws -> Laboratory.Outcome {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "nft")
        let command = "\(Laboratory.products.path)/\(program) \(RoutedPath.target(family))"
        let rules = """
            ip netns exec $p-r2 nft 'add table inet f; add chain inet f o { type filter hook forward priority 0; }'
            ip netns exec $p-r2 nft 'add rule inet f o ip daddr 10.77.3.2 reject'
            ip netns exec $p-r2 nft 'add rule inet f o ip6 daddr fd77:3::2 reject'
            """
        return try laboratory.run(
            ["--ping-group-range", "open"], "sh", "-c", RoutedPath.script(command, before: rules))
    }

    @Test(arguments: ways, ["-4", "-6"]) func `is no answer to a ping, whatever it asks by`(
        way: String, family: String
    ) throws {
        for method in ["--icmp", "--udp"] {
            let outcome = try Self.outcome("ping -n -c 2 -i 0.01 \(method) \(way)", family)
            let label = method == "--icmp" ? "icmp_seq" : "seq"
            #expect(outcome.status == 1, "\(outcome.errors)")
            #expect(
                outcome.lines.contains("From \(Self.firewall(family)) \(label)=1 Destination Port Unreachable"),
                "\(outcome.output)")
            #expect(
                outcome.output.contains("2 packets transmitted, 0 received, +2 errors, 100% packet loss"),
                "\(outcome.output)")
        }
    }

    @Test(arguments: ways, ["-4", "-6"]) func `leaves a host of a sweep unreachable, and is named`(
        way: String, family: String
    ) throws {
        let outcome = try Self.outcome("sweep -r 1 -t 100 --udp \(way)", family)
        #expect(outcome.status == 1)
        #expect(outcome.output == "\(RoutedPath.target(family)) is unreachable\n")
        #expect(
            outcome.errors.contains("ICMP Port Unreachable from \(Self.firewall(family)) for probe sent to"),
            "\(outcome.errors)")
    }

    @Test(arguments: ways, ["-4", "-6"]) func `ends a trace that has not reached its target`(
        way: String, family: String
    ) throws {
        let firewall = Self.firewall(family)
        let text = try Self.outcome("trace -n -U \(way)", family)
        #expect(text.status == 1)
        #expect(text.lines.count == 5, "\(text.output)")
        #expect(text.lines.last == "unreachable: \(firewall), which is not the target, says port unreachable")
        let mark = family == "-4" ? "!<3>" : "!<4>"
        #expect(
            text.lines.count == 5 && text.lines[3].split(separator: " ").count { $0 == mark } == 3, "\(text.output)")

        let json = try Self.outcome("trace -n -U --json \(way)", family)
        let trace = try JSON.decode(TraceReport.self, from: Array(json.output.utf8))
        #expect(!trace.isReached)
        #expect(trace.end?.reason == .unreachable)
        #expect(trace.end?.from?.description == firewall)
        #expect(trace.hops.last?.replies.allSatisfy { $0.kind == .unreachable } == true)
    }

    @Test(arguments: ways) func `is not where a watched path ends well`(way: String) throws {
        let outcome = try Self.outcome("mtr --udp -n --ndjson -c 2 -i 0.1 \(way)", "-4")
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        let report = try MonitorReport.Fold.replay(events)
        #expect(!report.isReached)
        #expect(report.hops.count == 3)
        #expect(report.hops.last?.addresses.map(\.kind) == [.unreachable])
    }

    @Test(arguments: ways, ["-4", "-6"]) func `is told from a host that a NAT hides`(way: String, family: String) throws
    {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "nft")
        let outer = family == "-4" ? "10.77.9.9" : "fd77:9::9"
        let rules = """
            ip -n $p-r1 route add 10.77.9.0/24 via 10.77.2.2; ip -n $p-r1 -6 route add fd77:9::/64 via fd77:2::2
            ip netns exec $p-r2 nft 'add table inet n; add chain inet n d { type nat hook prerouting priority -100; }'
            ip netns exec $p-r2 nft 'add rule inet n d ip daddr 10.77.9.9 dnat ip to 10.77.3.2' || exit 99
            ip netns exec $p-r2 nft 'add rule inet n d ip6 daddr fd77:9::9 dnat ip6 to fd77:3::2' || exit 99
            """
        let command = "\(Laboratory.products.path)/trace -n -U \(way) --json \(outer)"
        let outcome = try laboratory.run(
            ["--ping-group-range", "open"], "sh", "-c", RoutedPath.script(command, before: rules))
        if outcome.status == 99 { try Test.cancel("this kernel has no NAT") }
        let trace = try JSON.decode(TraceReport.self, from: Array(outcome.output.utf8))
        #expect(trace.isReached, "\(outcome.output)")
    }
}
