import Foundation
import Testing
import TraceCore

/// Three links of 1500, 1480 and 1400 bytes, routed by the real kernel between namespaces.
@Suite struct `The MTU of a path that the kernel routes` {
    private static let trace = `A probe that never leaves`.trace

    /// Builds the network around a command, and takes it down whatever happens.
    private static func script(_ command: String, before: String = "") -> String {
        """
        set -e
        p=packets-$$
        trap 'for n in r1 r2 t; do ip netns del $p-$n 2>/dev/null || true; done' EXIT
        # An address that is still looked for elsewhere answers nobody.
        echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
        for n in r1 r2 t; do
          ip netns add $p-$n
          ip -n $p-$n link set lo up
          ip netns exec $p-$n sh -c '
            cd /proc/sys/net
            echo 0 >ipv6/conf/default/accept_dad
            echo 1 >ipv4/ip_forward; echo 1 >ipv6/conf/all/forwarding
            echo 0 >ipv4/icmp_ratelimit; echo 0 >ipv6/icmp/ratelimit'
        done
        ip link set lo up
        end() { $1 addr add 10.77.$3.$4/24 dev $2; $1 addr add fd77:$3::$4/64 dev $2 nodad; $1 link set $2 mtu $5 up; }
        ip link add v1 type veth peer name v2 netns $p-r1
        end ip v1 1 1 1500; end "ip -n $p-r1" v2 1 2 1500
        ip -n $p-r1 link add v3 type veth peer name v4 netns $p-r2
        end "ip -n $p-r1" v3 2 1 1480; end "ip -n $p-r2" v4 2 2 1480
        ip -n $p-r2 link add v5 type veth peer name v6 netns $p-t
        end "ip -n $p-r2" v5 3 1 1400; end "ip -n $p-t" v6 3 2 1400
        ip route add 10.77.0.0/16 via 10.77.1.2; ip -6 route add fd77::/16 via fd77:1::2
        ip -n $p-r1 route add 10.77.3.0/24 via 10.77.2.2; ip -n $p-r1 -6 route add fd77:3::/64 via fd77:2::2
        ip -n $p-r2 route add 10.77.1.0/24 via 10.77.2.1; ip -n $p-r2 -6 route add fd77:1::/64 via fd77:2::1
        ip -n $p-t route add default via 10.77.3.1; ip -n $p-t -6 route add default via fd77:3::1
        \(before)
        \(command)
        """
    }

    private static func target(_ family: String) -> String { family == "-4" ? "10.77.3.2" : "fd77:3::2" }

    private func report(
        _ options: String, _ family: String, needing tool: String = "ip", before: String = ""
    ) throws -> PathMTU {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", tool)
        let command = "\(Self.trace) --mtu --json -n \(options) \(Self.target(family))"
        let outcome = try laboratory.run(
            ["--ping-group-range", "open"], "sh", "-c", Self.script(command, before: before))
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try JSON.decode(PathMTU.self, from: Array(outcome.output.utf8))
    }

    @Test(arguments: ["-U", "-I", "-T", "-U --mode unprivileged", "-I --mode unprivileged"], ["-4", "-6"])
    func `is found to the byte at every hop`(options: String, family: String) throws {
        let report = try report(options, family)
        #expect(report.localMTU == 1500)
        #expect(report.hops.map(\.mtu) == [1500, 1480, 1400])
        #expect(report.hops.allSatisfy { $0.isExact })
        #expect(report.limits.map(\.mtu) == [1480, 1400])
        #expect(report.limits.map(\.refusedBy) == report.hops.dropLast().map { $0.hop.addresses.first })
        #expect(report.doubts.isEmpty)
    }

    @Test(arguments: ["-U", "-U --mode unprivileged"])
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
            [], "sh", "-c", Self.script("traceroute -n -q 1 --mtu \(Self.target(family))"))
        let sizes = outcome.lines.dropFirst().compactMap { $0.firstMatch(of: /F=([0-9]+)/).flatMap { Int($0.1) } }
        #expect(sizes == [1500, 1480, 1400], "\(outcome.output)\(outcome.errors)")
    }

    @Test func `is what tracepath finds`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "tracepath")
        let outcome = try laboratory.run([], "sh", "-c", Self.script("tracepath -n \(Self.target("-4"))"))
        #expect(outcome.output.contains("Resume: pmtu 1400 hops 3"), "\(outcome.output)\(outcome.errors)")
    }
}
