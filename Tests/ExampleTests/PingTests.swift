import Foundation
import Testing

@Suite(.onItsOwnThread) struct `ping, as a person starts it` {
    private let ping = Program(name: "ping")

    private func run(_ arguments: String...) throws -> Program.Result {
        try ping.run(["--network", "demo"] + arguments)
    }

    @Test func `prints the lines that scripts read`() throws {
        let lines = try run("-c", "2", "london.example").output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "PING london.example (203.0.113.20) 56(84) bytes of data, by icmp (simulated)")
        #expect(lines[1].hasPrefix("64 bytes from london.example (203.0.113.20): icmp_seq=1 ttl="))
        #expect(lines[2].hasPrefix("64 bytes from london.example (203.0.113.20): icmp_seq=2 ttl="))
        #expect(lines[3...4] == ["", "--- london.example ping statistics ---"])
        #expect(lines[5].hasPrefix("2 packets transmitted, 2 received, 0% packet loss, time "))
        #expect(lines[6].hasPrefix("rtt min/avg/max/mdev = "))
    }

    @Test func `with a deadline asks until enough answers have come`() throws {
        let result = try run("-c", "2", "-w", "5", "dead.example")
        #expect(result.status == 1)
        #expect(result.output.contains("5 packets transmitted, 0 received"), "\(result.output)")
        #expect(result.output.contains("time 5000ms"))
        let alive = try run("-c", "2", "-w", "5", "london.example")
        #expect(alive.status == 0)
        #expect(alive.output.contains("2 packets transmitted, 2 received"))
        // One answer is not two.
        #expect(try run("-c", "9", "-w", "2", "london.example").status == 1)
    }

    @Test func `takes a deadline of 0 for none, and sends as much at once as iputils' ping`() throws {
        #expect(try run("-c", "2", "-w", "0", "london.example").output.contains("2 packets transmitted, 2 received"))
        let events = try run("--ndjson", "-l", "2000", "-c", "2000", "-n", "london.example").output
        let sent = events.split(separator: "\n").filter { $0.contains("\"event\":\"sent\"") }
        #expect(sent.count == 2000)
        #expect(sent.allSatisfy { $0.contains("\"atMs\":0,") })
    }

    @Test func `a flood is quiet where its dots cannot be taken back`() throws {
        let result = try run("-f", "-c", "20", "tokyo.example")
        #expect(result.output.split(separator: "\n").count == 4)
        #expect(result.output.contains("20 packets transmitted, 20 received"))
        #expect(!result.output.contains("." + "\u{8}"))
    }

    @Test func `rings at each answer, as iputils' ping does everywhere`() throws {
        let lines = try run("-a", "-c", "2", "tokyo.example").output.split(separator: "\n")
        #expect(lines.count { $0.hasSuffix(" ms\u{7}") } == 2)
        #expect(try !run("-a", "-q", "-c", "2", "tokyo.example").output.contains("\u{7}"))
    }

    @Test func `tells of missing answers with the time`() throws {
        let result = try run("-c", "2", "-i", "0.2", "-O", "-D", "tokyo.example")
        #expect(result.output.contains("[1767225600.200000] no answer yet for icmp_seq=1\n"), "\(result.output)")
    }

    @Test func `makes packets as it is told`() throws {
        let events = try run(
            "--ndjson", "-c", "1", "-s", "100", "-p", "ff00", "-Q", "ef", "-M", "do", "-t", "9", "-n", "tokyo.example"
        ).output
        #expect(events.contains("\"packetSize\":128"))
        #expect(events.contains("\"ttl\":9,"))
        #expect(try run("-6", "-F", "fffff", "-c", "1", "tokyo.example").output.contains("(2001:db8:"))
        // A flow label is IPv6's, and so is the ping.
        #expect(try run("-F", "5", "-c", "1", "tokyo.example").output.contains("(2001:db8:"))
    }

    @Test(arguments: [
        (["-F", "100000", "x"], "hexadecimal"), (["-p", "fff", "x"], "hexadecimal"),
        (["-M", "maybe", "x"], "do, want"),
        (["-Q", "256", "x"], "from 0 to 255"), (["-I", "eth0", "x"], "real network"),
        (["-I", "192.0.2.1", "x"], "real network"),
        (["--tcp", "-s", "9", "x"], "not for TCP"), (["-W", "0", "x"], "from 1ms to 1d"),
    ]) func `refuses what makes no sense`(_ arguments: [String], _ part: String) throws {
        let result = try ping.run(["--network", "demo"] + arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test(arguments: [
        (["-f"], "only root may flood"), (["-i", "0.001"], "only root"),
        (["-l", "4"], "only root may send more than 3"),
        (["-i", "0"], "only root may flood"),
    ]) func `lets nobody but root send faster than others may`(_ arguments: [String], _ part: String) throws {
        if geteuid() == 0 { try Test.cancel("root may do it") }
        // To an address that cannot be asked, so that nothing is sent whatever happens.
        let result = try ping.run(arguments + ["-c", "1", "0.0.0.0"])
        #expect(result.status == 2)
        #expect(result.errors.contains(part), "\(result.errors)")
    }
}
