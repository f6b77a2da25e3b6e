import Foundation
import Testing
import TraceCore

/// What packets look like when they have left, and whether they get there at all.
@Suite(.onItsOwnThread) struct `A packet that was asked for` {
    private static let ping = Laboratory.products.appendingPathComponent("ping").path
    private static let sweep = Laboratory.products.appendingPathComponent("sweep").path
    private static let trace = `A probe that never leaves`.trace

    /// Sizes that the first link refuses and that it takes, but not the way as the system knows it.
    @Test(arguments: ["-I", "-U"], ["-4", "-6"]) func `is fragmented where raw packets do not fit`(
        option: String, family: String
    ) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip")
        for size in [3000, 1450] {
            // Routers do not fragment IPv6; so the system is told what fits.
            let script = RoutedPath.script(
                "\(Self.trace) --json -n -q 1 \(option) \(RoutedPath.target(family)) \(size)",
                before: "ip -6 route replace fd77::/16 via fd77:1::2 mtu 1400")
            let outcome = try laboratory.run([], "sh", "-c", script)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let trace = try JSON.decode(TraceReport.self, from: Array(outcome.output.utf8))
            #expect(trace.run.mode == "raw")
            #expect(trace.isReached)
            #expect(trace.hops.map(\.replies.count) == [1, 1, 1], "\(outcome.output)")
        }
    }

    @Test(arguments: ["raw", "unprivileged"], ["-4", "-6"])
    func `is not fragmented where that is forbidden, and what fits is said as by iputils' ping`(
        mode: String, family: String
    ) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let options = ["-n", "-c", "1", "-s", "3000", "-M", "do"]
        let outcome = try laboratory.run(
            ["--ping-group-range", "open"], "sh", "-c",
            "\(Self.ping) --mode \(mode) \(options.joined(separator: " ")) \(Topologies.target(family))")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("allow fragments"))
        #expect(outcome.packets.isEmpty)
        let theirs = try laboratory.run(
            [], "sh", "-c", "ping \(options.joined(separator: " ")) \(Topologies.target(family)) 2>&1")
        // It has "mtu: 1500" for IPv6.
        let words = theirs.output.firstMatch(of: /message too long, mtu[=:] ?[0-9]+/).map { String($0.0) }
        let ours = words?.replacing("mtu: ", with: "mtu=")
        #expect(ours == "message too long, mtu=1500", "\(theirs.output)")
        #expect(outcome.output.contains("message too long, mtu=1500"), "\(outcome.output)")
    }

    /// 0x80001 is one of those that nobody can lease; 0 is none, where the system would draw one. To a closed port: an
    /// open one is sent more than probes.
    @Test(arguments: ["-I", "-U", "-T -p 81"], [0x12345, 0x80001, 0])
    func `has the flow label that was asked for`(option: String, label: UInt32) throws {
        let laboratory = try Laboratory(Topologies.labelled)
        for user in ["65534", "0"] {
            let outcome = try laboratory.run(
                ["--user", user, "--ping-group-range", "open"], "sh", "-c",
                "\(Self.trace) -6 -n -q 1 \(option) -l \(label) \(Topologies.target("-6"))")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.packets.count >= 5)
            #expect(outcome.packets.allSatisfy { $0.identification == label })
        }
    }

    /// A firewall lets only those pass that forbid fragments, or only the others.
    @Test(arguments: ["65534", "0"], [true, false])
    func `forbids fragments over TCP if that was asked for`(user: String, isForbidden: Bool) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "nft", "setpriv")
        let outcome = try laboratory.run(
            [], "sh", "-c",
            """
            nft 'add table ip t; add chain ip t o { type filter hook output priority 0; }' || exit 99
            nft 'add rule ip t o tcp dport 80 ip frag-off & 0x4000 \(isForbidden ? "==" : "!=") 0 drop' || exit 99
            setpriv --reuid \(user) --regid \(user) --clear-groups \
            \(Self.trace) --json -n -q 1 -T \(isForbidden ? "-F" : "") 203.0.113.7
            """)
        if outcome.status == 99 { try Test.cancel("this kernel has no nftables") }
        #expect(outcome.status == 0, "\(outcome.errors)")
        let trace = try JSON.decode(TraceReport.self, from: Array(outcome.output.utf8))
        #expect(trace.hops.map(\.replies.count) == [1, 1, 1, 1, 1], "\(outcome.output)")
    }

    @Test func `is called unsent, and nobody silent, where TCP probes have all descriptors`() throws {
        let laboratory = try Laboratory(Topologies.crowded)
        let outcome = try laboratory.run(
            ["--user", "65534"], "sh", "-c",
            "ulimit -n 40; exec \(Self.sweep) --tcp --port 80 -i 0 --ndjson -g 10.0.0.0/24")
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        var answered: Set<IPAddress> = []
        var unsent: [IPAddress: Int] = [:]
        for event in events {
            switch event.fact {
            case .reply(let probe, _): answered.insert(probe.target)
            case .sendFailed(let probe, let error):
                #expect(error.code == .outOfResources)
                unsent[probe.target, default: 0] += 1
            case .timedOut(let probe): Issue.record("\(probe.target) is called silent")
            default: break
            }
        }
        // Some were tried again while others had given their descriptors back; who was never asked had all his tries.
        #expect(answered.count > 20 && answered.count + unsent.keys.filter { !answered.contains($0) }.count == 254)
        #expect(unsent.allSatisfy { answered.contains($0.key) || $0.value == 4 })
    }

    @Test(arguments: ["-I", "-U", "-T"]) func `is answered by an address of the link with its zone`(
        option: String
    ) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "setpriv")
        for user in ["0", "65534"] {
            let script = RoutedPath.script(
                "setpriv --reuid \(user) --regid \(user) --clear-groups "
                    + "\(Self.trace) --json -n -q 1 \(option) fe80::77%v1",
                before: "ip -n $p-r1 addr add fe80::77/64 dev v2 nodad")
            let outcome = try laboratory.run(["--ping-group-range", "open"], "sh", "-c", script)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let trace = try JSON.decode(TraceReport.self, from: Array(outcome.output.utf8))
            let addresses = trace.hops.flatMap(\.addresses)
            #expect(addresses.map(\.withoutZone) == [IPAddress("fe80::77")])
            #expect(addresses.allSatisfy { $0.zone != 0 })
        }
    }
}

/// A machine whose address changes while it pings: what leaves has the new one.
@Suite(.onItsOwnThread) struct `A ping whose address changes` {
    static let ways = ["icmp", "udp", "tcp"].flatMap { way in ["\(way) raw", "\(way) unprivileged"] }

    @Test(arguments: ways, ["-4", "-6"]) func `goes on from the new one`(way: String, family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "bash")
        let words = way.split(separator: " ")
        let ping = Laboratory.products.appendingPathComponent("ping").path
        let (prefix, length) = family == "-4" ? ("10.77.1.", "24") : ("fd77:1::", "64 nodad")
        // Nothing waits for time: answers are counted as they come.
        let script = RoutedPath.script(
            """
            answers=0 state=old
            exec 3< <(exec \(ping) --ndjson -n -i 0.02 -W 0.5 -w 20 --\(words[0]) --mode \(words[1]) \(prefix)2)
            pid=$!
            while read -r line <&3; do
              echo "$line"
              case "$line" in *'"event":"reply"'*) answers=$((answers + 1));; esac
              if [ $state = old ] && [ $answers -ge 5 ]; then
                state=new answers=0
                ip \(family) address flush dev v1 scope global
                ip \(family) address add \(prefix)9/\(length) dev v1
              fi
              if [ $state = new ] && [ $answers -ge 10 ]; then state=over; kill -INT $pid; fi
            done
            wait $pid
            """)
        let outcome = try laboratory.run(["--ping-group-range", "open"], "bash", "-c", script)
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        guard case .ended(let end)? = events.last?.fact else {
            Issue.record("the run has no end: \(outcome.errors)")
            return
        }
        #expect(end.reason == .cancelled, "it waited for answers until its time was over")
    }
}

@Suite(.onItsOwnThread) struct `A firewall that rejects` {
    @Test func `is named for every probe that it forbids`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "nft")
        let outcome = try laboratory.run(
            ["--user", "0"], "sh", "-c",
            """
            nft 'add table ip t; add chain ip t o { type filter hook output priority 0; }' || exit 99
            nft 'add rule ip t o ip protocol udp reject' || exit 99
            \(Laboratory.products.appendingPathComponent("ping").path) --ndjson -n -c 6 -i 0.01 -W 0.1 --udp \
            --mode unprivileged 203.0.113.7
            """)
        if outcome.status == 99 { try Test.cancel("this kernel has no nftables") }
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        let errors = events.compactMap { event in
            if case .sendFailed(_, let error) = event.fact { error } else { nil }
        }
        #expect(errors.count == 6)
        #expect(errors.allSatisfy { $0.code == .notPermitted && $0.message.contains("firewall") }, "\(errors)")
    }
}
