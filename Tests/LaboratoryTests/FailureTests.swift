import Foundation
import Testing
import TraceCore

/// What goes wrong in the middle of a run: each is an event or a clear error, and the run goes on or says why not.
///
/// A script reads the events of a ping as they come. After five answers it breaks something, after five probes that
/// could not be sent it mends it, and after five more answers it asks for the end. Nothing waits for time.
@Suite struct `A ping whose network breaks and is mended` {
    struct Break: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let breaking: String
        let mending: String
        /// What each failed probe says: its code and a part of its sentence.
        let code: ProbeError.Code
        let words: String

        /// Whether the system does not tell: that the request of a connection was not let out is not an error of
        /// `connect`, and it is sent again a second later.
        func isSilent(_ way: String) -> Bool { code == .notPermitted && way == "tcp unprivileged" }
    }

    static let route = "ip route replace default dev sim0 src 192.0.2.10"

    static let breaks = [
        Break(
            testDescription: "the interface goes down", breaking: "ip link set sim0 down",
            mending: "ip link set sim0 up; \(route)", code: .noRoute, words: "no way to 203.0.113.7"),
        Break(
            testDescription: "the route is withdrawn", breaking: "ip route flush table main",
            mending: route, code: .noRoute, words: "no way to 203.0.113.7"),
        Break(
            testDescription: "the address is removed", breaking: "ip address flush dev sim0; ip route flush table main",
            mending: "ip address add 192.0.2.10/32 dev sim0; \(route)", code: .noRoute,
            words: "no way to 203.0.113.7"),
        Break(
            testDescription: "a firewall forbids it",
            breaking: "nft add table ip t; nft add chain ip t o '{ type filter hook output priority 0; policy drop; }'",
            mending: "nft delete table ip t", code: .notPermitted, words: "firewall"),
    ]

    static let ways = ["icmp unprivileged", "icmp raw", "udp unprivileged", "udp raw", "tcp unprivileged", "tcp raw"]

    @Test(arguments: breaks, ways) func `tells each failed probe why, and goes on`(
        failure: Break, way: String
    ) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "nft", "bash")
        let words = way.split(separator: " ")
        let transport = words[0] == "icmp" ? "" : "--\(words[0]) \(words[0] == "tcp" ? "--port 80" : "")"
        let ping = Laboratory.products.appendingPathComponent("ping").path
        let script = """
            answers=0 failures=0 state=whole
            exec 3< <(exec \(ping) --ndjson -n -i 0.02 -W 0.5 -w 20 \(transport) --mode \(words[1]) 203.0.113.7)
            pid=$!
            while read -r line <&3; do
              echo "$line"
              case "$line" in
                *'"event":"reply"'*) answers=$((answers + 1));;
                *'"event":"\(failure.isSilent(way) ? "timedOut" : "sendFailed")"'*) failures=$((failures + 1));;
              esac
              if [ $state = whole ] && [ $answers -ge 5 ]; then state=broken; \(failure.breaking); fi
              if [ $state = broken ] && [ $failures -ge 5 ]; then state=mended; answers=0; \(failure.mending); fi
              if [ $state = mended ] && [ $answers -ge 5 ]; then state=over; kill -INT $pid; fi
            done
            wait $pid
            exit $?
            """
        let outcome = try laboratory.run(["--ping-group-range", "open"], "bash", "-c", script)
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        let errors = events.compactMap { event in
            if case .sendFailed(_, let error) = event.fact { error } else { nil }
        }
        if failure.isSilent(way) { #expect(errors.isEmpty) } else { #expect(errors.count >= 5) }
        for error in errors {
            #expect(error.code == failure.code, "\(error)")
            #expect(error.message.contains(failure.words), "\(error)")
            #expect(error.systemError != nil)
        }
        guard case .ended(let end)? = events.last?.fact else {
            Issue.record("the run has no end")
            return
        }
        #expect(end.reason == .cancelled)
        // Mended: probes that were sent after the last one that failed have answers. By their numbers, for a lost one is
        // given up late, when later ones have been answered already.
        let lastFailure = events.compactMap { event in
            switch event.fact {
            case .sendFailed, .timedOut: event.probe?.id
            default: nil
            }
        }.max()
        let answers = events.count { event in
            if case .reply(let probe, _) = event.fact { probe.id > lastFailure ?? -1 } else { false }
        }
        #expect(answers >= 5)
    }
}

@Suite struct `A probe that never leaves` {
    static let ping = Laboratory.products.appendingPathComponent("ping").path
    static let trace = Laboratory.products.appendingPathComponent("trace").path

    @Test(arguments: ["icmp", "udp", "tcp"]) func `says so before anything is sent where there is no route`(
        transport: String
    ) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip")
        let option = transport == "icmp" ? "-I" : transport == "udp" ? "-U" : "-T"
        let outcome = try laboratory.run(
            [], "sh", "-c", "ip route flush table main; \(Self.trace) \(option) -n 203.0.113.7")
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("no way to 203.0.113.7"))
        #expect(outcome.packets.isEmpty)
    }

    @Test func `says what to do where the group may not ping, and that UDP and TCP still work`() throws {
        let laboratory = try Laboratory(Topologies.labelled)
        let closed = ["--user", "65534", "--ping-group-range", "closed"]
        let refused = try laboratory.run(closed, Self.trace, "-I", "-n", "203.0.113.7")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("net.ipv4.ping_group_range"))
        #expect(refused.errors.contains("setcap cap_net_raw"))
        #expect(refused.errors.contains("UDP and TCP"))
        for option in ["-U", "-T"] {
            let outcome = try laboratory.run(closed, Self.trace, option, "-n", "203.0.113.7")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func `names the queue that is full`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "tc")
        // A queue that lets nothing through for a while: 8 bit/s, and room for two packets.
        let outcome = try laboratory.run(
            [], "sh", "-c",
            """
            tc qdisc replace dev sim0 root tbf rate 8bit burst 1600 limit 200 || exit 99
            \(Self.ping) --ndjson -n -c 30 -i 0.01 -l 30 -w 3 203.0.113.7
            """)
        if outcome.status == 99 { try Test.cancel("this kernel has no token bucket filter") }
        let events = try EventLog.events(from: Array(outcome.output.utf8), name: "events")
        let errors = events.compactMap { event in
            if case .sendFailed(_, let error) = event.fact { error } else { nil }
        }
        #expect(!errors.isEmpty)
        #expect(errors.allSatisfy { $0.code == .outOfResources && $0.message.contains("buffers") })
    }
}

@Suite struct `A trace as an ordinary user` {
    @Test(arguments: ["-I", "-U", "-T"], ["-4", "-6"])
    func `finds every hop with its labels and interface`(option: String, family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled)
        for user in ["65534", "0"] {
            let outcome = try laboratory.run(
                ["--user", user, "--ping-group-range", "open"], `A probe that never leaves`.trace, "--json", "-n",
                option, Topologies.target(family))
            #expect(outcome.status == 0, "\(outcome.errors)")
            let trace = try JSON.decode(TraceReport.self, from: Array(outcome.output.utf8))
            #expect(trace.run.mode == (user == "0" ? "raw" : "unprivileged"))
            #expect(
                trace.hops.map { $0.addresses.map(\.description) } == Topologies.hops(family).map { [$0] },
                "what the network saw: \(outcome.packets)")
            let replies = trace.hops.flatMap(\.replies)
            #expect(replies.count == 15)
            let labelled = trace.hops[1].replies.map(\.answer)
            #expect(labelled.allSatisfy { $0.labels.map(\.label) == [24001] })
            #expect(labelled.allSatisfy { $0.interface?.name == UntrustedText("xe-0/0/1") && $0.interface?.index == 7 })
            #expect(trace.hops[2].replies.allSatisfy { $0.answer.labels.map(\.label) == [24002, 16] })
        }
    }
}
