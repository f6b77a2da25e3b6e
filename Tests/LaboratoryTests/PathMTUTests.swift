import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `The MTU of a path that the kernel routes` {
    private func report(
        _ options: String, _ family: String, needing tool: String = "ip", before: String = ""
    ) throws -> PathMTUReport {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "setpriv", tool)
        let command = RoutedPath.trace("--mtu --json -n", options, family)
        let outcome = try laboratory.run(
            ["--ping-group-range", "open"], "sh", "-c", RoutedPath.script(command, before: before))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(options.hasSuffix("nobody") ? "\"unprivileged\"" : "\"raw\""))
        return try JSON.decode(PathMTUReport.self, from: Array(outcome.output.utf8))
    }

    @Test(arguments: ["-U", "-I", "-T", "-U nobody", "-I nobody"], ["-4", "-6"])
    func `is found to the byte at every hop`(options: String, family: String) throws {
        let report = try report(options, family)
        #expect(report.localMTU == 1500)
        #expect(report.hops.map(\.mtu) == [1500, 1480, 1400])
        #expect(report.hops.allSatisfy { $0.isExact })
        #expect(report.limits.map(\.mtu) == [1480, 1400])
        #expect(report.limits.map(\.refusedBy) == report.hops.dropLast().map { $0.hop.addresses.first })
        #expect(report.doubts.isEmpty)
    }

    @Test(arguments: ["-U", "-U nobody"])
    func `is searched for where a firewall keeps routers from saying it`(options: String) throws {
        let report = try report(
            options, "-4", needing: "nft",
            before: """
                ip netns exec $p-r2 nft 'add table ip f; add chain ip f o { type filter hook output priority 0; }'
                ip netns exec $p-r2 nft 'add rule ip f o icmp type destination-unreachable icmp code 4 drop'
                """)
        #expect(report.hops.map(\.mtu) == [1500, 1480, 1400])
        #expect(report.limits.map { $0.refusedBy != nil } == [true, false])
    }

    @Test(arguments: ["-4", "-6"]) func `is what traceroute finds`(family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "traceroute")
        let outcome = try laboratory.run(
            [], "sh", "-c", RoutedPath.script("traceroute -n -q 1 --mtu \(RoutedPath.target(family))"))
        let sizes = outcome.lines.dropFirst().compactMap { $0.firstMatch(of: /F=([0-9]+)/).flatMap { Int($0.1) } }
        #expect(sizes == [1500, 1480, 1400], "\(outcome.output)\(outcome.errors)")
    }

    @Test func `is what tracepath finds`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "tracepath")
        let outcome = try laboratory.run([], "sh", "-c", RoutedPath.script("tracepath -n \(RoutedPath.target("-4"))"))
        #expect(outcome.output.contains("Resume: pmtu 1400 hops 3"), "\(outcome.output)\(outcome.errors)")
    }
}

@Suite(.onItsOwnThread) struct `What a firewall of the kernel does to packets` {
    private static let rules = """
        ip netns exec $p-r1 nft 'add table ip f; add chain ip f o { type filter hook forward priority -150; }'
        ip netns exec $p-r1 nft 'add rule ip f o tcp flags syn tcp option maxseg size set 1300'
        ip netns exec $p-r1 nft 'add rule ip f o ip dscp set 0'
        """

    private func changes(_ options: String) throws -> [PacketChanges.Change] {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "setpriv", "nft")
        let command = RoutedPath.trace("--json -n -t 184", options, "-4")
        let outcome = try laboratory.run([], "sh", "-c", RoutedPath.script(command, before: Self.rules))
        #expect(outcome.status == 0, "\(outcome.errors)")
        return PacketChanges(of: try JSON.decode(TraceReport.self, from: Array(outcome.output.utf8))).changes
    }

    @Test func `is seen in the quotes that raw packets get`() throws {
        let dscp = PacketChanges.Change(field: .dscp, was: .number(46), became: .number(0), after: 1, before: 2)
        let size = PacketChanges.Change(
            field: .segmentSize, was: .number(1460), became: .number(1300), after: 1, before: 2)
        let found = try changes("-T")
        #expect(found == [dscp, size])
        let datagrams = try changes("-U")
        #expect(datagrams == [dscp])
    }

    @Test func `is seen by an ordinary user as far as TCP's segment size`() throws {
        let size = PacketChanges.Change(
            field: .segmentSize, was: .number(1460), became: .number(1300), after: 1, before: 2)
        let found = try changes("-T nobody")
        #expect(found == [size])
    }
}
