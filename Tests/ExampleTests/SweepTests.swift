import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `sweep, as a person starts it` {
    private let sweep = Program(name: "sweep")

    /// Four hosts: one near, one that nobody answers for, one that a router refuses, and one with a second name.
    private static let topology = """
        vantage here 192.0.2.10 2001:db8::10
        router gw 192.0.2.1 2001:db8::1 delay=1ms
        host near 203.0.113.1 2001:db8:1::1 delay=4ms name=near.example
        host dead 203.0.113.2 delay=4ms dead name=dead.example
        host walled 203.0.113.3 unreachable=host name=walled.example
        host far 203.0.113.4 delay=140ms name=far.example
        path near: gw
        path dead: gw
        path walled: gw
        path far: gw
        path default: gw
        """

    private func run(_ arguments: String..., input: String = "") throws -> Program.Result {
        let file = try Program.file(Self.topology)
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try sweep.run(arguments + ["--network", file], input: input)
    }

    @Test(arguments: ["", "-J", "-x 1", "--json", "--ndjson"]) func `a full disk is a failure`(_ option: String) throws
    {
        let line = "\(Program(name: "sweep").path) --network demo \(option) tokyo.example > /dev/full"
        let result = try Program(shell: line).run([])
        #expect(result.status == 4)
        #expect(result.errors.contains("cannot write to standard output"), "\(result.errors)")
    }

    @Test func `what a router said comes before what follows from it, as in fping`() throws {
        let line = "\(Program(name: "sweep").path) --network demo -r 0 -g 192.0.2.0/30 2>&1"
        let lines = try Program(shell: line).run([]).output.split(separator: "\n")
        #expect(
            lines == [
                "192.0.2.1 is alive", "ICMP Network Unreachable from 192.0.2.137 for ICMP Echo sent to 192.0.2.2",
                "192.0.2.2 is unreachable",
            ])
    }

    @Test func `by TCP it says whether the port is open`() throws {
        let internet = try Program.file(
            """
            vantage here 192.0.2.10
            router gw 192.0.2.1
            host server 203.0.113.1 tcp=80
            path server: gw
            """)
        func last(_ program: String, _ arguments: String...) throws -> String {
            try Program(name: program).run(["--network", internet] + arguments).output
        }
        #expect(try last("sweep", "--tcp", "--port", "80", "server") == "server is alive (open)\n")
        #expect(try last("sweep", "--tcp", "--port", "81", "server") == "server is alive (closed)\n")
        #expect(try last("ping", "--tcp", "--port", "81", "-c", "1", "server").contains(" ms (closed)\n"))
        #expect(try last("trace", "-n", "-T", "-p", "80", "server").contains(" 2  203.0.113.1 <open>  "))
        #expect(try last("trace", "-n", "-T", "-p", "81", "server").contains(" 2  203.0.113.1 <closed>  "))
    }

    @Test func `hosts are said to be alive or not, as soon as that is known`() throws {
        let result = try run("near.example", "dead.example", "203.0.113.4")
        #expect(result.output == "near.example is alive\n203.0.113.4 is alive\ndead.example is unreachable\n")
        #expect(result.errors.isEmpty)
        #expect(result.status == 1)
        #expect(try run("near.example", "far.example").status == 0)
    }

    @Test func `a network lists its hosts, and what routers say goes to standard error`() throws {
        let result = try run("-a", "-e", "-g", "203.0.113.0/29")
        #expect(result.output == "203.0.113.1 (10.0 ms)\n203.0.113.4 (282 ms)\n")
        #expect(
            result.errors.contains("ICMP Host Unreachable from 192.0.2.1 for ICMP Echo sent to 203.0.113.3\n"),
            "\(result.errors)")
        let range = try run("-q", "-s", "-g", "203.0.113.1", "203.0.113.4")
        #expect(range.output.isEmpty)
        #expect(range.errors.contains("       4 targets\n       2 alive\n       2 unreachable\n"), "\(range.errors)")
        #expect(try run("-u", "-q", "-g", "203.0.113.1/30", "203.0.113.0/31").output.hasPrefix("203.0.113.0\n"))
    }

    @Test func `networks that overlap ask each address once`() throws {
        let result = try run("-q", "-s", "-g", "203.0.113.0/30", "203.0.113.0/29", "203.0.113.4/30")
        #expect(result.errors.contains("       6 targets\n"), "\(result.errors)")
    }

    @Test func `a count gives values on standard error and answers on standard output`() throws {
        let result = try run("-C", "2", "-p", "100", "near.example", "dead.example")
        #expect(result.errors == "\nnear.example : 10.0 10.0\ndead.example : - -\n")
        #expect(result.output.contains("near.example : [1], 64 bytes, 10.0 ms (10.0 avg, 0% loss)\n"))
        #expect(result.output.contains("dead.example : [0], timed out (NaN avg, 100% loss)\n"))
        #expect(result.status == 1)
        // What smokeping asks for: options of retries go with a count, and do nothing.
        let smokeping = try run("-C", "2", "-q", "-B1", "-r1", "-i10", "-p", "100", "near.example")
        #expect(smokeping.errors == "near.example : 10.0 10.0\n")
        #expect(smokeping.output.isEmpty)
    }

    @Test func `a list is read from a file and from standard input, and nothing in it is lost`() throws {
        let list = "# hosts\n\n  near.example  the near one\n203.0.113.1\nnowhere.example\nbad/name\n203.0.113.4\n"
        let file = try Program.file(list)
        defer { try? FileManager.default.removeItem(atPath: file) }
        for result in [try run("-f", file), try run("-f", "-", input: list), try run(input: list)] {
            #expect(result.output == "near.example is alive\n203.0.113.1 is alive\n203.0.113.4 is alive\n")
            #expect(result.status == 2)
            let errors = result.errors.split(separator: "\n")
            #expect(errors.count == 2, "\(errors)")
            #expect(errors.first?.contains(":5: ") == true && errors.first?.contains("nowhere.example") == true)
            #expect(errors.last?.contains(":6: \"bad/name\" is neither a name nor an address") == true)
        }
    }

    @Test func `names and addresses are shown as asked for`() throws {
        #expect(try run("-n", "203.0.113.1").output == "near.example is alive\n")
        #expect(try run("-A", "near.example").output == "203.0.113.1 is alive\n")
        #expect(try run("-A", "-d", "near.example").output == "near.example (203.0.113.1) is alive\n")
        #expect(try run("-6", "near.example", "-A").output == "2001:db8:1::1 is alive\n")
        #expect(try run("-m", "-A", "near.example").output == "203.0.113.1 is alive\n2001:db8:1::1 is alive\n")
    }

    @Test func `fping's JSON is an object a line`() throws {
        let result = try run("-J", "-c", "1", "-s", "near.example", "dead.example")
        let objects = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: [String: Any]])
        }
        #expect(objects.map { $0.keys.first } == ["resp", "timeout", "summary", "summary", "stats"])
        #expect(objects[0]["resp"]?["host"] as? String == "near.example")
        #expect(objects[4]["stats"]?["alive"] as? Int == 1)
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [[], ["--json"], ["-s"], ["-J"]])
    func `a recorded sweep replayed prints what the live one printed, names and all`(_ format: [String]) throws {
        for targets in [["near.example", "dead.example"], ["-c", "2", "near.example", "203.0.113.4"]] {
            let live = try sweep.run(format + targets + ["--network", "demo-missing"])
            #expect(live.status == 4)
            let file = try Program.file(Self.topology)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let shown = try sweep.run(format + targets + ["--network", file])
            let log = try sweep.run(["--ndjson"] + targets + ["--network", file])
            let replayed = try sweep.run(["--replay", "-"] + format, input: log.output)
            #expect(replayed.output == shown.output)
            #expect(replayed.errors == shown.errors)
            #expect(replayed.status == shown.status)
        }
    }

    @Test(arguments: [
        (["-Z"], 3, "unknown option -Z"), (["-c", "2", "-C", "2", "near.example"], 3, "cannot be used together"),
        (["-g", "203.0.113.0/33"], 3, "/33"), (["-g", "203.0.113.9", "203.0.113.1"], 3, "lower address first"),
        (["-g", "2001:db8::/32"], 3, "more addresses than can be counted"), (["-g"], 3, "needs networks"),
        (["-f", "/no/such/list"], 4, "/no/such/list"), (["nowhere.example"], 2, "nowhere.example"),
        (["-S", "192.0.2.7", "near.example"], 3, "real network"),
        (["--port", "80", "near.example"], 3, "ICMP has no ports"),
        (["--tcp", "-b", "10", "near.example"], 3, "not for TCP"), (["-f", "x", "near.example"], 3, "-f and hosts"),
    ]) func `each mistake has fping's exit code, and a sentence`(_ arguments: [String], _ status: Int32, _ part: String)
        throws
    {
        let file = try Program.file(Self.topology)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = try sweep.run(arguments + ["--network", file])
        #expect(result.status == status)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func `a list with nobody in it is said to be empty`() throws {
        let result = try run(input: "# nobody\n")
        #expect(result.status == 1)
        #expect(result.errors.contains("the list is empty"))
    }

    @Test(arguments: [(["-x", "2"], 0, "Enough"), (["-x", "3"], 1, "Not enough")])
    func `so many hosts are enough`(_ arguments: [String], _ status: Int32, _ word: String) throws {
        let result = try sweep.run(
            arguments + ["--network", "demo", "tokyo.example", "london.example", "dead.example"])
        #expect(result.status == status)
        #expect(result.output.hasPrefix("\(word) hosts reachable"))
    }
}
