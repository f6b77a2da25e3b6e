import Foundation
import Testing
import TraceCore

/// Marks by which this machine's firewall and routes know packets: without the right one, nothing leaves.
@Suite(.onItsOwnThread) struct `A mark on probes` {
    private static let sweep = Laboratory.products.appendingPathComponent("sweep").path
    static let ways = ["icmp", "udp", "tcp"].flatMap { way in ["\(way) --mode raw", "\(way) --mode unprivileged"] }

    /// To a closed port: the connection of an open one is ended by a packet of the system's own.
    private static func ping(_ way: String, _ mark: String, _ family: String) -> String {
        let port = way.hasPrefix("tcp") ? "--port 81" : ""
        return "\(`A probe that never leaves`.ping) -n -c 2 -i 0.05 -W 0.5 --\(way) \(port) \(mark) "
            + Topologies.target(family)
    }

    @Test(arguments: ways, ["-4", "-6"]) func `is on every packet`(way: String, family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "nft")
        for (mark, isLetOut) in [("-m 42", true), ("-m 0x2b", false), ("", false)] {
            let outcome = try laboratory.run(
                ["--ping-group-range", "open"], "sh", "-c",
                """
                nft 'add table inet t; add chain inet t o { type filter hook output priority 0; }' || exit 99
                nft 'add rule inet t o meta l4proto { icmp, icmpv6, udp, tcp } meta mark != 42 drop' || exit 99
                exec \(Self.ping(way, mark, family))
                """)
            if outcome.status == 99 { try Test.cancel("this kernel has no nftables") }
            #expect(outcome.status == (isLetOut ? 0 : 1), "\(mark): \(outcome.output)\(outcome.errors)")
            #expect(outcome.packets.count == (isLetOut ? 2 : 0), "\(mark)")
        }
    }

    /// The table of the mark has the only way there is, and so the address to send from.
    @Test(arguments: ways, ["-4", "-6"]) func `chooses the route`(way: String, family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip")
        let script = { mark in
            """
            for f in -4 -6; do
              ip $f route flush table main
              ip $f rule add fwmark 42 table 77 || exit 99
              ip $f route add default dev sim0 table 77
            done
            exec \(Self.ping(way, mark, family))
            """
        }
        let marked = try laboratory.run(["--ping-group-range", "open"], "sh", "-c", script("--mark 42"))
        if marked.status == 99 { try Test.cancel("this kernel has no routing rules") }
        #expect(marked.status == 0, "\(marked.output)\(marked.errors)")
        let plain = try laboratory.run(["--ping-group-range", "open"], "sh", "-c", script(""))
        #expect(plain.status == 2)
        #expect(plain.errors.contains("no way to"), "\(plain.errors)")
    }

    @Test func `has the letters of each program's users`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "nft")
        let target = Topologies.target("-4")
        for program in [
            "\(`A probe that never leaves`.trace) --fwmark=42 -n -q 1 -w 0.5", "\(Self.sweep) -k 42 -t 500 -r 0",
            "\(Self.sweep) --fwmark 0x2a -t 500 -r 0",
        ] {
            let outcome = try laboratory.run(
                [], "sh", "-c",
                """
                nft 'add table inet t; add chain inet t o { type filter hook output priority 0; }' || exit 99
                nft 'add rule inet t o ip daddr \(target) meta mark != 42 drop' || exit 99
                exec \(program) \(target)
                """)
            if outcome.status == 99 { try Test.cancel("this kernel has no nftables") }
            #expect(outcome.status == 0, "\(program): \(outcome.output)\(outcome.errors)")
        }
    }

    @Test(arguments: ["icmp", "udp", "tcp"]) func `is refused to who may set none, with what to do`(way: String) throws
    {
        let laboratory = try Laboratory(Topologies.labelled)
        let outcome = try laboratory.run(
            ["--user", "65534", "--ping-group-range", "open"], "sh", "-c", Self.ping(way, "-m 42", "-4"))
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("may not set the mark 42"), "\(outcome.errors)")
        #expect(outcome.errors.contains("cap_net_admin"), "\(outcome.errors)")
        #expect(outcome.packets.isEmpty)
    }
}
