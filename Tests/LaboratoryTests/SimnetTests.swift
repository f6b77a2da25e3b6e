import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `simnet with a command` {
    @Test(arguments: [("exit 0", Int32(0)), ("exit 7", 7), ("kill -TERM $$", 143)])
    func `ends as the command ended`(_ line: String, _ status: Int32) throws {
        let outcome = try Laboratory(Topologies.labelled).run([], "sh", "-c", line)
        #expect(outcome.status == status)
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }

    @Test func `says so when there is no such command`() throws {
        let outcome = try Laboratory(Topologies.labelled).run([], "/no/such/command")
        #expect(outcome.status == 127)
        #expect(outcome.errors == "simnet: cannot run /no/such/command: No such file or directory\n")
    }

    @Test func `hands Ctrl-C on, and the command still says its last words`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let outcome = try laboratory.run([], "ping", "-n", "203.0.113.7", until: "icmp_seq=1 ") { $0.interrupt() }
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("packets transmitted"))
    }

    @Test func `leaves no process of the command behind`() throws {
        let outcome = try Laboratory(Topologies.labelled, needing: "setsid").run(
            [], "sh", "-c", "setsid sleep 1000 > /dev/null & echo $!")
        let process = try #require(outcome.lines.first.flatMap { pid_t($0) })
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }

    @Test func `has a network of its own, with nothing in it but the internet`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip")
        let outcome = try laboratory.run(["--device", "outside0"], "ip", "-o", "link")
        let names = outcome.lines.compactMap { $0.split(separator: " ").dropFirst().first }
        #expect(names.contains("lo:"))
        #expect(names.contains("outside0:"))
        #expect(!FileManager.default.fileExists(atPath: "/sys/class/net/outside0"))
        let addresses = try laboratory.run([], "ip", "-o", "address", "show", "dev", "sim0").output
        #expect(addresses.contains("192.0.2.10/32"))
        #expect(addresses.contains("2001:db8::10/128"))
        // Its own addresses; the kernel adds one of the link, a moment later.
        let own = addresses.split(separator: "\n").filter { !$0.contains("scope link") }
        #expect(own.count == 2 && !own.contains { $0.contains("tentative") })
    }

    @Test func `lets a command run without any privilege`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping", "setpriv")
        let outcome = try laboratory.run(["--user", "65534"], "cat", "/proc/self/status")
        #expect(outcome.output.contains("Uid:\t65534\t65534\t65534\t65534"))
        #expect(outcome.output.contains("Gid:\t65534\t65534\t65534\t65534"))
        for set in ["Prm", "Eff", "Amb"] { #expect(outcome.output.contains("Cap\(set):\t0000000000000000"), "\(set)") }
        // With a capability in its file, as Debian installs it, ping would still get it.
        #expect(outcome.output.contains("NoNewPrivs:\t1"))
    }

    @Test(arguments: [("open", Int32(0)), ("closed", 2)])
    func `says who may ping without privileges`(_ range: String, _ status: Int32) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let outcome = try laboratory.run(
            ["--user", "65534", "--ping-group-range", range], "ping", "-n", "-c", "1", "203.0.113.7")
        #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
    }

    @Test func `lets every tool know the topology's names, both ways`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping", "getent")
        let forward = try laboratory.run(["--hosts"], "getent", "ahosts", "target.example")
        #expect(forward.output.contains("203.0.113.7"))
        #expect(forward.output.contains("2001:db8:7::7"))
        let reverse = try laboratory.run(["--hosts"], "getent", "hosts", "198.51.100.5")
        #expect(reverse.output.contains("b.lab.example"))
        let ping = try laboratory.run(["--hosts"], "ping", "-4", "-c", "1", "target.example")
        #expect(ping.output.contains("from target.example (203.0.113.7)"), "\(ping.output)")
        let unknown = try laboratory.run(["--hosts"], "getent", "hosts", "example.org")
        #expect(unknown.status == 2)
        let hosts = try String(contentsOfFile: "/etc/hosts", encoding: .utf8)
        #expect(!hosts.contains("target.example"))
    }

    @Test func `answers nobody's question with nobody's answer`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        // The default way ends at gw, which says that it knows no such network.
        let unknown = try laboratory.run([], "ping", "-n", "-c", "1", "-W", "1", "10.9.8.7")
        #expect(unknown.output.contains("From 192.0.2.1 icmp_seq=1 Destination Net Unreachable"), "\(unknown.output)")
        // What a system with IPv6 says to its neighbours unasked, and to groups.
        let multicast = try laboratory.run([], "ping", "-6", "-n", "-c", "1", "-W", "0.2", "ff02::2%sim0")
        #expect(multicast.packets.isEmpty)
    }

    @Test func `goes on when the command takes the interface down and up`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping", "ip")
        let outcome = try laboratory.run(
            [], "sh", "-c",
            "ip link set sim0 down; ping -c 1 203.0.113.7; ip link set sim0 up; ip route add default dev sim0; "
                + "ping -n -c 1 203.0.113.7")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("1 received"))
    }

    @Test func `says that the interface is gone when the command deletes it`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip")
        let outcome = try laboratory.run([], "ip", "link", "delete", "sim0")
        #expect(outcome.status == 125)
        #expect(outcome.errors.contains("The interface sim0 can no longer be read"), "\(outcome.errors)")
    }
}
