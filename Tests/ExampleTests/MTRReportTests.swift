import Foundation
import Testing

@Suite(.onItsOwnThread) struct `mtr without a terminal` {
    private let mtr = Program(name: "mtr")

    @Test func `a report has a line for each hop`() throws {
        let result = try mtr("-r", "-c", "5", "--network", "demo", "lisbon.example")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let lines = result.output.split(separator: "\n")
        #expect(lines[0] == "Start: 2026-01-01T00:00:00+0000")
        #expect(
            lines[1].hasPrefix("HOST: 192.0.2.10 ")
                && lines[1].hasSuffix("  Loss%   Snt   Last   Avg  Best  Wrst StDev"))
        #expect(lines[2].contains(/^  1\.\|-- gw\.home\.example +0\.0%     5( +\d+\.\d){5}$/))
        #expect(lines[4].contains(/^  3\.\|-- \?\?\? +100\.0%     5/))
        #expect(lines.last?.hasPrefix("  5.|-- lisbon.example ") == true)
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: [
        (["-n"], "192.0.2.1 "), (["-b"], "gw.home.example (192.0.2.1)"), (["-w"], "ae12.cr1.nrt1.pacific.example  "),
        (["-e"], "[MPLS: Lbl 24015 TC 0 S 1 TTL 1]"), (["-o", "WL"], "  Wrst  Loss%\n"),
        (["-o", "sl"], "   Snt  Loss%\n"),
        (["-u"], "gw.home.example"), (["-T", "-P", "443"], "gw.home.example"), (["-6"], "HOST: 2001:db8::10"),
        (["-f", "3", "-m", "4"], "  4.|-- "),
        (["-s", "100", "-Q", "184", "-B", "255", "-i", "0.1"], "gw.home.example"),
    ]) func `options have a report show what they say`(_ options: [String], _ part: String) throws {
        let result = try mtr.run(["-r", "-c", "2"] + options + ["--network", "demo", "tokyo.example"])
        #expect(result.errors.isEmpty)
        #expect(result.output.contains(part), "\(result.output)")
    }

    @Test(arguments: [([], " hop 2: 198.51.100.1 → 198.51.100.2\n"), (["--ndjson"], "\"change\":\"routers\"")])
    func `changes are told one a line, and limited answers below a report`(_ form: [String], _ part: String) throws {
        let topology = """
            vantage here 192.0.2.100
            router gw 192.0.2.1 delay=1ms
            router one 198.51.100.1 delay=2ms
            router two 198.51.100.2 delay=2ms
            router slow 198.51.100.3 delay=1ms rate=30/m burst=1
            host server 203.0.113.7 delay=4ms
            path server: gw one slow
            at 59.5s path server: gw two slow
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).topology")
        try topology.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let changes = try mtr.run(["--changes", "-c", "120"] + form + ["--network", file.path, "server"])
        #expect(changes.status == 0 && changes.errors.isEmpty)
        #expect(changes.output.split(separator: "\n").count == 1)
        #expect(changes.output.contains(part), "\(changes.output)")
        let report = try mtr("-r", "-c", "120", "--network", file.path, "server")
        #expect(report.output.contains("Hop 3 leaves "), "\(report.output)")
    }

    @Test func `the JSON of mtr and the project's own are two`() throws {
        let theirs = try document("-j", "-s", "100", "-Q", "184", "-B", "255")
        let report = try #require(theirs["report"] as? [String: Any])
        let head = try #require(report["mtr"] as? [String: Any])
        #expect(Set(head.keys) == ["src", "dst", "tos", "tests", "psize", "bitpattern"])
        #expect(head["tos"] as? Int == 184)
        #expect(head["psize"] as? String == "100")
        #expect(head["bitpattern"] as? String == "0xFF")
        #expect((report["hubs"] as? [[String: Any]])?.last?["host"] as? String == "tokyo.example")
        let usual = try #require((try document("-j")["report"] as? [String: Any])?["mtr"] as? [String: Any])
        #expect(usual["psize"] as? String == "64" && usual["bitpattern"] as? String == "0x00")
        let ours = try document("--json")
        for key in ["schemaVersion", "target", "source", "method", "mode", "rounds", "hops", "changes", "end"] {
            #expect(ours[key] != nil, "\(key)")
        }
        #expect(ours["rounds"] as? Int == 2)
        let hop = try #require((ours["hops"] as? [[String: Any]])?.first)
        for key in ["ttl", "sent", "answered", "lost", "lossPercent", "rtt", "lastMs", "differences", "addresses"] {
            #expect(hop[key] != nil, "\(key)")
        }
    }

    private func document(_ options: String...) throws -> [String: Any] {
        let result = try mtr.run(options + ["-c", "2", "--network", "demo", "tokyo.example"])
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test func `the CSV is as mtr's`() throws {
        let lines = try mtr("-C", "-c", "2", "--network", "demo", "lisbon.example").output.split(separator: "\n")
        #expect(lines[0] == "Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,")
        #expect(
            lines[1].contains(/^MTR\.[^,]+,1767225600,OK,lisbon\.example,1,gw\.home\.example,0\.00,2,0(,\d+\.\d\d){5}$/)
        )
        #expect(lines.count == 6)
    }

    @Test func `the networks of hosts stand where mtr has them, live and replayed`() throws {
        let run = ["-c", "2", "--network", "demo", "tokyo.example"]
        let log = try Program.file(try mtr.run(["--ndjson"] + run).output)
        for (form, part) in [
            ("-r", "  6.|-- AS64497  ae5.cr1.jfk1.transit.exa~   0.0%"), ("-r", "  3.|-- AS???    ???  "),
            ("-w", " 10.|-- AS64499  edge3.hnd2.pacific.example "), ("-j", "\"ASN\":\"AS64500\","),
            ("-C", ",Hop,Ip,Asn,Loss%,"), ("-C", ",10,edge3.hnd2.pacific.example,AS64499,0.00,2,"),
        ] {
            let live = try mtr.run([form, "-z"] + run)
            let packed = form == "-j" ? live.output.filter { !$0.isWhitespace } : live.output
            #expect(packed.contains(part), "\(live.output)\(live.errors)")
            let replayed = try mtr.run([form, "-z", "--geo", "demo", "--replay", log])
            if form != "-j" { #expect(replayed.output == live.output, "\(replayed.errors)") }
            #expect(try !mtr.run([form] + run).output.contains("AS6"))
        }
        let numeric = try mtr.run(["-r", "-z", "-n", "-6", "-o", "LDRSNBAWVGJMXI"] + run)
        #expect(numeric.output.contains("-- AS64499  2001:db8:100::c5 "), "\(numeric.output)")
    }

    @Test func `a recorded run gives what the live run gave, in every form`() throws {
        let log = try Program.file(try mtr("--ndjson", "-c", "4", "--network", "demo", "saopaulo.example").output)
        for form in [["-r"], ["-w", "-e"], ["-C"], ["--json"], ["--ndjson"], []] {
            let live = try mtr.run(form + ["-c", "4", "--network", "demo", "saopaulo.example"])
            let replayed = try mtr.run(form + ["--replay", log])
            #expect(replayed.output == live.output, "\(form)")
            #expect(replayed.status == live.status)
        }
    }

    @Test func `changes of a recording without its beginning or its end are not all, and that is said`() throws {
        let lines = try mtr("--ndjson", "-c", "4", "--network", "demo", "saopaulo.example").output.split(
            separator: "\n")
        let headless = try Program.file(lines.dropFirst().joined(separator: "\n") + "\n")
        for form in [[], ["--json"], ["--ndjson"]] {
            let changes = try mtr.run(["--changes", "--replay", headless] + form)
            #expect(changes.status == 2 && changes.output.isEmpty)
            #expect(changes.errors.contains("the log has no beginning"))
        }
        let cut = try mtr("--changes", "--replay", Program.file(lines.dropLast().joined(separator: "\n") + "\n"))
        #expect(cut.status == 0 && cut.errors.contains("stops before the run ended"), "\(cut.errors)")
        let failed =
            lines.dropLast().joined(separator: "\n") + "\n"
            + #"{"schemaVersion":1,"event":"ended","atMs":9000,"end":{"reason":"failed","error":{"code":"network","#
            + #""message":"Network is down"}}}"# + "\n"
        let result = try mtr("--changes", "--replay", Program.file(failed))
        #expect(result.errors.hasPrefix("mtr: not finished: Network is down"), "\(result.errors)")
    }

    @Test(arguments: [[], ["-6"]])
    func `addresses are whole, however many columns are asked for`(_ family: [String]) throws {
        let columns = ["-r", "-c", "2", "-o", "LDRSNBAWVGJMXI"]
        let result = try mtr.run(columns + ["-n"] + family + ["--network", "demo", "tokyo.example"])
        #expect(result.output.contains(family.isEmpty ? "-- 198.51.100.197 " : "-- 2001:db8:100::c5 "))
        let named = try mtr.run(columns + family + ["--network", "demo", "tokyo.example"])
        for output in [result.output, named.output] { #expect(output.utf8.allSatisfy { $0 < 0x80 }, "\(output)") }
        #expect(named.output.contains("-- ae1.br1.lis1.access.exam~ "), "\(named.output)")
    }

    @Test func `where there is no terminal to draw on, it says so and prints a report`() throws {
        let result = try mtr("--network", "demo", "lisbon.example")
        #expect(result.status == 0)
        #expect(result.errors == "mtr: standard output is not a terminal: here is a report, as with -r\n")
        #expect(result.output.contains("  5.|-- lisbon.example"))
        #expect(result.output.contains("    10 "))
    }

    @Test func `a host that does not answer is a result, with exit code 1`() throws {
        let result = try mtr("-r", "-c", "2", "--network", "demo", "dead.example")
        #expect(result.status == 1)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("???"))
    }

    @Test(arguments: [
        (["-r", "--network", "demo"], "which host"), (["-P", "80", "--network", "demo", "x"], "-P is for UDP and TCP"),
        (["-T", "-s", "100", "--network", "demo", "x"], "-s is not for TCP"),
        (["-r", "-6", "-s", "40", "--network", "demo", "tokyo.example"], "IPv6 needs 48"),
        (["-a", "192.0.2.1", "--network", "demo", "x"], "real network"), (["-o", "LQ", "x"], "list of columns"),
        (["-j", "-C", "x"], "-C"), (["-u", "-T", "x"], "-T"), (["-n", "-b", "x"], "-b"),
        (["-z", "x"], "--geo FILE"), (["-z", "--json", "x"], "-z is for the screen"),
        (["-r", "-z", "x"], "--geo FILE"), (["-r", "--geo", "demo", "x"], "--geo is for -z"),
        (["-z", "--changes", "--network", "demo", "x"], "-z is for the screen"),
        (["-r", "-z", "--geo", "/no/such/file", "x"], "/no/such/file"),
        (["--state", "x", "y"], "--state goes with --changes"), (["--changes", "--state", "-", "y"], "name a file"),
        (["--replay", "x", "y"], "takes no host"), (["-r", "--network", "demo", "nowhere.example"], "nowhere.example"),
        (["-r", "-f", "9", "-m", "3", "--network", "demo", "tokyo.example"], "-f 9 is behind -m 3"),
    ]) func `a mistake is one error for people, and exit code 2`(_ arguments: [String], _ part: String) throws {
        let result = try mtr.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("mtr: ") && result.errors.contains(part), "\(result.errors)")
    }

    @Test func `it has help, a manual page and completions`() throws {
        for page in [["--help"], ["--version"], ["--man"], ["--completion", "bash"], ["--completion", "zsh"]] {
            let result = try mtr.run(page)
            #expect(result.status == 0)
            #expect(result.output.contains("mtr"))
        }
        #expect(try mtr("--help").output.contains("-r, --report"))
    }

    @Test func `several hosts have a report each, in their order, from arguments and from a file`() throws {
        let list = try Program.file("# far\n\nsydney.example\n")
        let result = try mtr("-r", "-c", "1", "--network", "demo", "-F", list, "lisbon.example", "london.example")
        #expect(result.status == 0 && result.errors.isEmpty)
        let ends = result.output.matches(of: #/\|-- ((?:lisbon|london|sydney)\.example) /#).map { String($0.1) }
        #expect(ends == ["lisbon.example", "london.example", "sydney.example"])
        #expect(result.output.matches(of: #/Start: /#).count == 3)
    }

    @Test func `of several hosts, one that nobody knows is told, and the others are asked`() throws {
        let result = try mtr("-C", "-c", "1", "--network", "demo", "nowhere.example", "lisbon.example", "dead.example")
        #expect(result.status == 2)
        #expect(result.errors.contains("has no host \"nowhere.example\""))
        #expect(result.output.contains(",lisbon.example,5,lisbon.example,0.00,1,0,"))
        #expect(result.output.contains(",dead.example,"))
        #expect(try mtr("-r", "-c", "1", "--network", "demo", "lisbon.example", "dead.example").status == 1)
    }

    @Test func `MTR_OPTIONS stand before the arguments, and are named where something is wrong`() throws {
        let own = ProcessInfo.processInfo.environment.merging(["MTR_OPTIONS": "-r  -c 3\t-n"]) { $1 }
        let result = try mtr.run(["-c", "2", "--network", "demo", "lisbon.example"], environment: own)
        #expect(result.status == 0 && result.output.contains("|-- 192.0.2.1 "), "\(result.output)")
        #expect(result.output.contains(#/0\.0% +2 /#))
        // What is typed takes the place of what cannot be beside it.
        for (words, typed, part) in [
            ("-n", ["-r", "-b"], "(192.0.2.1)"), ("-j", ["-C"], "Mtr_Version"), ("-u", ["-r", "--icmp"], "HOST: "),
        ] {
            let environment = ProcessInfo.processInfo.environment.merging(["MTR_OPTIONS": words]) { $1 }
            let call = typed + ["-c", "1", "--network", "demo", "lisbon.example"]
            let result = try mtr.run(call, environment: environment)
            #expect(result.status == 0 && result.output.contains(part), "\(words): \(result.errors)\(result.output)")
        }
        let wrong = ProcessInfo.processInfo.environment.merging(["MTR_OPTIONS": "--bogus"]) { $1 }
        let refusal = try mtr.run(["-r", "lisbon.example"], environment: wrong)
        #expect(refusal.status == 2)
        #expect(refusal.errors.contains("MTR_OPTIONS is set to \"--bogus\""))
        #expect(refusal.errors.contains("unknown option --bogus"))
    }

    @Test(arguments: [
        (["-y", "place"], "Tokyo, JP"), (["-y", "1"], "198.51.100."), (["-y", "2"], " JP "),
        (["-y", "network"], "Transit Example"),
        (["-z"], "AS64500"), (["-T"], "the port of tokyo.example is open"),
        (["-T", "-P", "81"], "tokyo.example is closed"),
        (["-x"], "<HUB COUNT=\"1\" HOST=\"gw.home.example\">"), (["-l"], "\np 0 "),
        (["-p", "-b"], "gw.home.example 192.0.2.1 0 2 2"),
        (["--format", "mtr-xml"], "</MTR>"), (["-l", "-e"], "\nm "),
    ]) func `reports say whose the hops are and where, and have the forms of mtr`(_ options: [String], _ part: String)
        throws
    {
        let result = try mtr.run(["-r", "-c", "2"] + options + ["--network", "demo", "tokyo.example"])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output.contains(part), "\(result.output)")
    }

    @Test(arguments: ["-v", "-V", "--version"]) func `the version is told by mtr's letter, too`(_ option: String) throws
    {
        let result = try mtr(option)
        #expect(result.status == 0 && result.output.hasPrefix("mtr "))
    }
}
