import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `trace with several hosts` {
    private let trace = Program(name: "trace")
    private let hosts = ["tokyo.example", "london.example", "sydney.example"]

    private func run(_ arguments: [String], input: String = "") throws -> Program.Result {
        try trace.run(["--network", "demo"] + arguments, input: input)
    }

    @Test func `prints each path whole, in the order of the hosts`() throws {
        let result = try run(hosts)
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let paths = result.output.components(separatedBy: "\n\n")
        #expect(paths.count == 3)
        for (path, host) in zip(paths, hosts) {
            let lines = path.split(separator: "\n")
            #expect(lines.first?.hasPrefix("trace to \(host) (203.0.113.") == true)
            #expect(lines.last?.contains("\(host) (203.0.113.") == true)
            #expect(lines.count > 5)
        }
    }

    @Test func `makes one array of JSON, with an error in the place of what could not be traced`() throws {
        let result = try run(["--json", "tokyo.example", "nowhere.example", "dead.example"])
        #expect(result.status == 2)
        #expect(result.errors.contains("nowhere.example"))
        let array = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        #expect(array.count == 3)
        #expect((array[0]["end"] as? [String: Any])?["reason"] as? String == "reached")
        #expect((array[1]["error"] as? [String: Any])?["code"] as? String == "unknownHost")
        #expect((array[2]["end"] as? [String: Any])?["reason"] as? String == "gap")
        #expect(array.allSatisfy { $0["schemaVersion"] as? Int == 2 })
    }

    @Test func `mixes the events of all, each with the number of its run`() throws {
        let result = try run(["--ndjson"] + hosts)
        let events = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let numbers = events.compactMap { $0["runID"] as? Int }
        #expect(numbers.count == events.count)
        #expect(Set(numbers) == [0, 1, 2])
        #expect(numbers != numbers.sorted())
        let alone = try run(["--ndjson", "tokyo.example"])
        #expect(!alone.output.contains("runID"))
    }

    @Test(arguments: [[], ["--json"], ["--ndjson"]])
    func `recorded and replayed, prints byte for byte what it printed`(_ format: [String]) throws {
        let hosts = self.hosts + ["nowhere.example", "dead.example"]
        let live = try run(format + hosts)
        let log = try run(["--ndjson"] + hosts)
        let replayed = try trace.run(["--replay", "-"] + format, input: log.output)
        #expect(replayed.status == live.status)
        if format == ["--ndjson"] {
            // The order of the events of different runs is not part of what is reported.
            #expect(replayed.output.split(separator: "\n").sorted() == live.output.split(separator: "\n").sorted())
        } else {
            #expect(replayed.output == live.output)
        }
    }

    @Test func `reads its hosts from a list, and names the line of a mistake`() throws {
        let list = "# three\ntokyo.example\n\nnowhere.example\nlondon.example\n"
        let file = try Program.file(list)
        defer { try? FileManager.default.removeItem(atPath: file) }
        for result in [try run(["--targets", file]), try run(["--targets", "-"], input: list)] {
            #expect(result.status == 2)
            #expect(
                result.output.contains("trace to tokyo.example") && result.output.contains("trace to london.example"))
            #expect(result.errors.contains(":4: "), "\(result.errors)")
        }
        let one = try run(["--json", "--targets", "-"], input: "tokyo.example\n")
        #expect(try JSONSerialization.jsonObject(with: Data(one.output.utf8)) is [Any])
        #expect(try run(["--targets", "-"], input: "# nobody\n").errors.contains("standard input lists no hosts"))
    }

    @Test func `keeps to a rate over all of them`() throws {
        let result = try run(["--ndjson", "--rate", "100", "-q", "1", "-m", "10"] + hosts)
        let sent = result.output.split(separator: "\n").filter { $0.contains("\"event\":\"sent\"") }
        let ends = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }.filter { $0["event"] as? String == "started" }.compactMap { ($0["run"] as? [String: Any])?["startedAt"] }
        #expect(sent.count >= 20)
        // The third begins when the ten probes of each of the first two have gone, one in ten milliseconds.
        let last = try #require((ends.last as? String).flatMap { UTCTime($0) })
        let first = try #require((ends.first as? String).flatMap { UTCTime($0) })
        #expect(last - first >= .milliseconds(150))
    }

    @Test func `takes a packet length behind the hosts`() throws {
        #expect(
            try run(["tokyo.example", "100"]).output.hasPrefix(
                "trace to tokyo.example (203.0.113.110) by udp (simulated), 30 hops max, 100 byte packets\n"))
        #expect(try run(["-6", "tokyo.example", "100"]).output.contains("100 byte packets"))
        #expect(try run(["tokyo.example", "20"]).errors.contains("no room for its headers"))
        #expect(try run(["tokyo.example", "london.example", "100"]).errors.contains("-4 or -6"))
        #expect(try run(["-4", "tokyo.example", "london.example", "100"]).status == 0)
        #expect(try run(["-T", "tokyo.example", "100"]).errors.contains("not for TCP"))
    }

    @Test(arguments: [
        (["--replay", "x", "--rate", "5"], "cannot be used together"), (["-s", "192.0.2.9", "x"], "real network"),
        (["--mode", "raw", "x"], "real network"), (["--identity", "dublin", "-I", "x"], "is for UDP"),
        (["-4", "-l", "5", "x"], "IPv4 has no flow labels"), (["--concurrency", "0", "x", "y"], "from 1 to 65536"),
        (["-t", "af99", "x"], "DSCP"),
    ]) func `refuses what does not go together`(_ arguments: [String], _ part: String) throws {
        let network = arguments.contains("--replay") ? [] : ["--network", "demo"]
        let result = try trace.run(network + arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test(arguments: [("11", "11ms"), ("0.5", "500ms"), ("2", "2s"), ("0", "0s"), ("40ms", "40ms")])
    func `waits between probes as traceroute's users mean it`(_ typed: String, _ meant: String) throws {
        let one = try run(["--ndjson", "-z", typed, "-m", "2", "-q", "1", "tokyo.example"])
        let other = try run(["--ndjson", "-z", meant, "-m", "2", "-q", "1", "tokyo.example"])
        #expect(one.output == other.output)
    }

    @Test func `shows of interfaces what is asked for`() throws {
        let topology = """
            vantage here 192.0.2.10
            router gw 192.0.2.1 delay=1ms interface=xe-0/0/1 ifindex=7 ifaddress=198.51.100.9 ifmtu=9000 mpls=16/0/1
            host there 203.0.113.7 delay=1ms
            path there: gw
            """
        let file = try Program.file(topology)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let usual = try trace.run(["--network", file, "203.0.113.7"]).output
        #expect(usual.contains(" [xe-0/0/1] <MPLS:L=16,E=0,S=1,T=1> "), "\(usual)")
        let all = try trace.run(["--network", file, "-e", "203.0.113.7"]).output
        #expect(all.contains(" [xe-0/0/1 #7 198.51.100.9 mtu 9000] <MPLS:L=16,E=0,S=1,T=1> "), "\(all)")
    }
}
