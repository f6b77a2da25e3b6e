import Testing

@testable import TraceCore

@Suite struct RunRequestTests {
    private func failure(_ pairs: KeyValuePairs<String, String>, limits: RunLimits = .none) -> RequestError? {
        do throws(RequestError) {
            _ = try RunRequest(parsing: pairs.map { (key: $0.key, value: $0.value) }, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a query string says what is run`() throws {
        let request = try RunRequest(parsing: [
            (key: "verb", value: "ping"), (key: "target", value: "example.com"), (key: "count", value: "3"),
            (key: "interval", value: "200ms"), (key: "timeout", value: "1.5"), (key: "port", value: "443"),
            (key: "method", value: "tcp"), (key: "family", value: "ipv6"), (key: "names", value: "no"),
        ])
        #expect(
            request
                == RunRequest(
                    "example.com",
                    .ping(PingSettings(count: 3, interval: .milliseconds(200), timeout: .milliseconds(1_500))),
                    by: .tcp(port: 443), family: .v6, names: false))
        #expect(request.options == RunOptions(family: .v6, names: false))
    }

    @Test func `what is not said is as the verb has it, or as the server has it`() throws {
        let bare = try RunRequest(parsing: ["target": "example.com"], as: .trace)
        #expect(bare == RunRequest("example.com", .trace(TraceSettings()), by: .udp))
        let served = try RunRequest(parsing: ["target": "example.com"], as: .ping, limits: RunLimits())
        #expect(served.work == .ping(PingSettings(count: 4)))
    }

    @Test(arguments: RunRequest.Verb.allCases)
    func `every setting of every verb has a field, and survives JSON`(verb: RunRequest.Verb) throws {
        let request = RunRequest(
            ["a.example", "b.example"], verb.unusual, by: .udp(port: 53),
            live: LiveProber.Options(
                mode: .raw, source: IPAddress(192, 0, 2, 1), interface: "eth0", mark: 0xFFFF_FFFF, sourcePort: 5_000,
                allowsBroadcast: true,
                packets: PacketOptions(
                    pattern: [0xFF, 0x0A], trafficClass: 184, dontFragment: true, flowLabel: 7, identity: .paris)),
            family: .v4, names: false, deadline: .seconds(9))
        let text = try JSON.text(request)
        #expect(try JSON.decode(RunRequest.self, from: Array(text.utf8)) == request, "\(text)")
        #expect(try RunRequest(json: Array(text.utf8)) == request)
        // A new setting without a field fails here: it has to be in the table, and in `unusual`.
        let usual = try JSON.text(RunRequest("a.example", verb.usual))
        #expect(usual == #"{"verb":"\#(verb.rawValue)","target":"a.example"}"#)
        let fields = RunRequest.fields(of: verb).filter { field in
            !RunRequest.commonFields.contains { $0.key == field.key }
        }
        #expect(fields.count == verb.unusual.settingsCount)
    }

    @Test(arguments: [
        ("1", Duration.seconds(1)), ("0.2", .milliseconds(200)), ("200ms", .milliseconds(200)),
        ("25us", .microseconds(25)),
        ("1.5s", .milliseconds(1_500)), ("2m", .seconds(120)), ("1h", .seconds(3_600)), ("0", .zero),
        ("0.000000001", .nanoseconds(1)),
    ])
    func `a time is seconds, or has a unit`(text: String, time: Duration) {
        #expect(Duration(requestValue: .text(text)) == time)
        #expect(Duration(requestValue: .text(time.requestText)) == time)
    }

    @Test(arguments: [
        "", "-1", "+1", "1e3", ".5", "5.", "1 s", "1d", "nan", "inf", "0x10", "1..2", "١", "99999999999", "1s ",
    ])
    func `what is no time is none`(text: String) { #expect(Duration(requestValue: .text(text)) == nil) }

    @Test(
        arguments: [
            (["verb": "ping", "target": "a.example", "count": "many"], "count", "a whole number from 1 to"),
            (["verb": "ping", "target": "a.example", "count": "+5"], "count", "a whole number from 1 to"),
            (["verb": "ping", "target": "a.example", "count": "0"], "count", "a whole number from 1 to"),
            (["verb": "ping", "target": "a.example", "interval": "soon"], "interval", "a time from 0s to"),
            (["verb": "ping", "target": "a.example", "method": "sctp"], "method", "one of icmp, udp, tcp"),
            (["verb": "ping", "target": "a.example", "method": "icmp", "port": "80"], "port", "ICMP has no ports"),
            (["verb": "ping", "target": "a.example", "family": "5"], "family", "one of ipv4, ipv6"),
            (["verb": "ping", "target": "a.example", "names": "maybe"], "names", "true or false"),
            (["verb": "ping", "target": "a.example", "maxTTL": "3"], "maxTTL", "ping has no such field; trace"),
            (["verb": "ping", "target": "a.example", "cuont": "3"], "cuont", "did you mean count?"),
            (["verb": "ping", "target": "a.example", "maxttl": "3"], "maxttl", "did you mean maxTTL?"),
            (["verb": "ping", "target": "a.example", "zzz": "3"], "zzz", "there is no such field"),
            (["verb": "pnig", "target": "a.example"], "verb", "did you mean ping?"),
            (["target": "a.example"], "verb", "one of ping, trace"),
            (["verb": "ping"], "target", "a host is wanted"),
            (["verb": "trace", "target": "a.example", "flow": "70000"], "flow", "a number from 0 to 65535"),
            (["verb": "ping", "target": "a.example", "pattern": "xyz"], "pattern", "hexadecimal"),
            (["verb": "ping", "target": "a.example", "source": "eth0"], "source", "an address is wanted"),
            (["verb": "sweep", "target": "a.example", "retries": "1", "count": "2"], "count", "retries is given too"),
            (["verb": "ping", "target": "a.example", "targets": "b.example"], "targets", "target is given too"),
        ] as [(KeyValuePairs<String, String>, String, String)])
    func `an error says the field, what it was and what is allowed`(
        pairs: KeyValuePairs<String, String>, field: String, words: String
    ) throws {
        let error = try #require(failure(pairs))
        #expect(error.kind == .malformed && error.kind.httpStatus == 400)
        #expect(error.field == UntrustedText(field))
        #expect(error.message.contains(words), "\(error)")
        if let value = pairs.first(where: { $0.key == field })?.value { #expect(error.value == UntrustedText(value)) }
    }

    @Test(arguments: [
        ("maxTTL", "999", "from 1 to 64"), ("maxTTL", "65", "from 1 to 64"), ("maxTTL", "x", "from 1 to 64"),
        ("timeout", "1h", "from 50ms to 10s"), ("timeout", "x", "from 50ms to 10s"),
        ("deadline", "3m", "from 0s to 2m"),
        ("method", "sctp", "one of icmp, udp is wanted"),
    ])
    func `an error says what is allowed here, and not what is somewhere else`(
        key: String, value: String, words: String
    ) {
        var limits = RunLimits()
        limits.methods = [.icmp, .udp]
        let error = #expect(throws: RequestError.self) {
            try RunRequest(
                parsing: ["verb": "trace", "target": "a.example", key: value] as [String: String], limits: limits)
        }
        #expect(error?.kind == .malformed && error?.field == UntrustedText(key))
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test func `a field that is there twice is an error, also in JSON`() throws {
        let twice = try #require(failure(["verb": "ping", "target": "a.example", "count": "1", "count": "2"]))
        #expect(twice.message.contains("twice"))
        let json = #"{"verb":"ping","target":"a.example","count":1,"count":2}"#
        #expect(throws: RequestError.self) { try RunRequest(json: Array(json.utf8)) }
    }

    @Test(arguments: [
        "[]", "1", "{", #"{"verb":"ping","target":7.5}"#, #"{"verb":"ping","target":{"a":1}}"#, #"{"verb":["ping"]}"#,
        #"{"verb":"ping","target":"a.example","count":1.5}"#, #"{"verb":"ping","target":"a.example","count":1e300}"#,
        #"{"verb":"ping","target":"a.example","names":"perhaps"}"#,
    ])
    func `JSON that is no request is an error with a sentence`(json: String) {
        let error = #expect(throws: RequestError.self) { try RunRequest(json: Array(json.utf8)) }
        #expect(error?.kind == .malformed)
    }

    @Test func `an error shows no text of strangers raw, and not all of a long one`() throws {
        let error = try #require(
            failure(["verb": "ping", "target": "a.example", "\u{1b}[2J": String(repeating: "x", count: 100_000)]))
        #expect(error.description.utf8.count < 1_000)
        #expect(!error.description.contains("\u{1b}"))
        let json = try JSON.text(error)
        #expect(json.utf8.count < 2_000 && !json.contains("\u{1b}"))
    }
}

@Suite struct TargetTextTests {
    @Test(arguments: [
        "", " ", "a b", "-n", "-w 60", "--help", "a.-b", "a-.b", "a\nb", "a\0b", "a\tb", "a\u{7F}", "a\u{202E}b",
        "a\u{200B}b",
        "0x7f.1", "2130706433", "010.0.0.1", "127.1", "0x7f000001", "1", "1.2.3.4.5", "256.1.1.1", "0177.0.0.1",
        "\u{FF11}\u{FF12}\u{FF17}.0.0.1", "127\u{3002}0\u{3002}0\u{3002}1", "\u{1D7CF}.0.0.1", "①.example",
        "http://a.example", "a.example/", "a.example:80", "a..b", ".a", ".", "<img>", "a;b", "$(reboot)", "a'b", "a\\b",
        "a@b",
        "[10.0.0.1]", "[::1", "::1]", "fe80::1%", "fe80::1%a b", "fe80::1%<b>", "10.0.0.1%eth0", "192.0.2.0/24",
        String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "aa",
        String(repeating: "a", count: 300),
        String(repeating: "ä", count: 300),
    ])
    func `what is no host is refused before anything is looked up`(text: String) {
        let error = #expect(throws: RequestError.self) { try TargetText(text) }
        #expect(error?.kind == .malformed && error?.field == "target")
    }

    @Test(arguments: [
        "example.com", "example.com.", "a", "A-1.example", "_dmarc.example.com", "xn--bcher-kva.example",
        "bücher.example",
        "пример.испытание", "例え.テスト", "localhost", "1.example", "0x7f.example",
        String(repeating: "a.", count: 126) + "a",
    ])
    func `names in any alphabet are names`(text: String) throws {
        #expect(try TargetText(text) == .name(text))
    }

    @Test func `addresses are known as such, and interfaces are not looked for`() throws {
        let address = try IPAddress(parsing: "2001:db8::1")
        #expect(try TargetText("192.0.2.1") == .address(IPAddress(192, 0, 2, 1)))
        #expect(try TargetText("2001:db8::1") == .address(address))
        #expect(try TargetText("[2001:db8::1]") == .address(address))
        #expect(try TargetText("fe80::1%3") == .address(IPAddress(parsing: "fe80::1%3")))
        #expect(try TargetText("fe80::1%nowhere0") == .scoped("fe80::1%nowhere0", IPAddress(parsing: "fe80::1%1")))
        let network = try IPNetwork(parsing: "192.0.2.0/28")
        #expect(try TargetText("192.0.2.0/28", isSweep: true) == .network(network))
    }
}

@Suite struct RunLimitsTests {
    private func failure(_ request: RunRequest, _ limits: RunLimits = RunLimits()) -> RequestError? {
        do throws(RequestError) {
            try limits.check(request)
            return nil
        } catch {
            return error
        }
    }

    private func pinging(_ settings: PingSettings) -> RunRequest { RunRequest("a.example", .ping(settings)) }

    @Test(arguments: RunRequest.Verb.allCases.filter { $0 != .sweep })
    func `what a server does unasked is within its own limits`(verb: RunRequest.Verb) throws {
        #expect(failure(try RunRequest(parsing: ["target": "a.example"], as: verb, limits: RunLimits())) == nil)
    }

    @Test func `an interval of zero is for programs of one's own`() throws {
        let request = pinging(PingSettings(count: 4, interval: .zero))
        let refusal = try #require(failure(request))
        #expect(refusal.field == "interval" && refusal.value == "0s")
        #expect(refusal.message == "a time from 100ms to 1m is wanted, as seconds or with a unit such as 200ms")
        #expect(failure(request, .none) == nil)
    }

    @Test func `each limit has its sentence and its status`() throws {
        #expect(failure(pinging(PingSettings(count: 101)))?.message == "a whole number from 1 to 100 is wanted")
        #expect(failure(RunRequest("a.example", .sweep(SweepSettings())))?.kind == .refused)
        var tcp = RunLimits()
        tcp.methods = [.icmp]
        #expect(failure(RunRequest("a.example", .ping(PingSettings(count: 1)), by: .tcp), tcp)?.field == "method")
        var request = pinging(PingSettings(count: 1))
        request.live.interface = "eth0"
        #expect(failure(request)?.kind == .refused)
        #expect(failure(request)?.field == "interface")
        request = pinging(PingSettings(count: 1))
        request.deadline = .seconds(3_600)
        #expect(failure(request)?.message.hasPrefix("a time from 0s to 2m is wanted") == true)
        request = RunRequest(["a.example", "b.example"], .ping(PingSettings(count: 1)))
        #expect(failure(request)?.field == "targets")
        // What the library says of settings that a program made.
        #expect(failure(pinging(PingSettings(count: 0)), .none)?.kind == .malformed)
    }

    @Test func `a run without an end lasts as long as it may`() throws {
        let endless = pinging(PingSettings())
        #expect(failure(endless) == nil)
        #expect(RunLimits().deadline(of: endless) == .seconds(120))
        #expect(RunLimits.none.deadline(of: endless) == nil)
        var limits = RunLimits()
        limits.mostProbes = 100
        #expect(
            failure(endless, limits)?.message == "The request comes to more than 100 probes, which are the most here")
    }

    @Test func `a sweep may be as fast as many hosts at a time need`() throws {
        var limits = RunLimits()
        limits.verbs.insert(.sweep)
        limits.mostTargets = 300
        let hosts = (1...250).map { "192.0.2.\($0)" }
        let settings = SweepSettings(
            mode: .count(10, period: .seconds(1)), interval: .milliseconds(4), timeout: .seconds(2), window: 1_024)
        let request = RunRequest(hosts, .sweep(settings), by: .tcp(port: 443))
        #expect(failure(request, limits) == nil)
        let json = try JSON.encode(request)
        #expect(try RunRequest(json: json, limits: limits) == request)
        #expect(String(decoding: json, as: UTF8.self).contains(#""sendInterval":"#))
    }

    @Test func `networks are counted by their addresses`() throws {
        var limits = RunLimits()
        limits.verbs.insert(.sweep)
        limits.mostTargets = 254
        #expect(failure(RunRequest("192.0.2.0/24", .sweep(SweepSettings())), limits) == nil)
        #expect(failure(RunRequest("192.0.0.0/22", .sweep(SweepSettings())), limits)?.field == "targets")
        #expect(failure(RunRequest("::/0", .sweep(SweepSettings())), limits)?.field == "targets")
        #expect(failure(RunRequest(["::/0", "::/0"], .sweep(SweepSettings())), .none)?.field == "targets")
    }
}

extension RunRequest.Verb {
    /// The verb with every setting another than usual.
    fileprivate var unusual: RunRequest.Work {
        let patience = TraceSettings.Patience(
            max: .seconds(3), here: 5, near: 6, beyond: 7, floor: .milliseconds(8), beyondFloor: .milliseconds(9))
        let trace = TraceSettings(
            firstTTL: 2, maxTTL: 20, queries: 4, window: 33, sendInterval: .microseconds(77), patience: patience,
            gapLimit: 6, flow: .perQuery, size: 100)
        switch self {
        case .ping:
            return .ping(
                PingSettings(
                    count: 7, countsAnswers: true, interval: .milliseconds(300), timeout: .milliseconds(1_234), ttl: 9,
                    size: 11, preload: 3, adaptive: true, shortestInterval: .microseconds(5), window: 12))
        case .trace: return .trace(trace)
        case .monitor:
            return .monitor(
                MonitorSettings(
                    interval: .milliseconds(700), rounds: 8, firstTTL: 2, maxTTL: 22, timeout: .seconds(3), gapLimit: 7,
                    sendInterval: .milliseconds(4), flow: 12, flows: 13, size: 99))
        case .paths:
            return .paths(
                MultipathSettings(
                    confidence: 0.99, firstTTL: 2, maxTTL: 21, maxFlows: 99, window: 98, sendInterval: .milliseconds(2),
                    patience: patience, attempts: 2, gapLimit: 4, size: 60))
        case .mtu:
            var path = trace
            path.size = nil
            return .mtu(
                PathMTUSettings(
                    trace: path, largest: 9_000, tries: 5, floor: .milliseconds(444), sendInterval: .milliseconds(5)))
        case .sweep:
            return .sweep(
                SweepSettings(
                    mode: .count(3, period: .milliseconds(900)), interval: .milliseconds(12),
                    timeout: .milliseconds(600),
                    backoff: 2, window: 88, ttl: 44, size: 32))
        }
    }
}

extension RunRequest.Work {
    /// How many fields the settings need: one for each property, those within counted, and what is said elsewhere not.
    fileprivate var settingsCount: Int {
        func count(_ settings: Any, without names: Set<String> = []) -> Int {
            Mirror(reflecting: settings).children.filter { !names.contains($0.label ?? "") }.count
        }
        switch self {
        case .ping(let settings): return count(settings, without: ["deadline"])
        case .trace(let settings): return count(settings, without: ["deadline", "patience"]) + count(settings.patience)
        // A dial is in the program's hands, and cannot be asked for.
        case .monitor(let settings): return count(settings, without: ["dial"])
        case .paths(let settings): return count(settings, without: ["deadline", "patience"]) + count(settings.patience)
        case .mtu(let settings):
            return count(settings, without: ["trace"])
                + RunRequest.Work.trace(settings.trace).settingsCount - 1  // The size.
        // The mode has three fields.
        case .sweep(let settings): return count(settings) + 2
        }
    }
}

@Suite struct `A request without a service` {
    private let prober = SimulatedProber(.icmp, .demo)

    @Test(arguments: RunRequest.Verb.allCases)
    func `gives the events of its verb`(verb: RunRequest.Verb) async throws {
        var work = verb.usual
        if case .ping = work { work = .ping(PingSettings(count: 2)) }
        if case .monitor = work { work = .monitor(MonitorSettings(rounds: 2)) }
        let request = RunRequest("tokyo.example", work, by: .icmp)
        #expect(!request.isEndless)
        var facts: [ProbeEvent.Fact] = []
        for try await event in request.events(over: prober) { facts.append(event.fact) }
        guard case .started(let run) = facts.first, case .ended(let end) = facts.last else {
            Issue.record("\(facts)")
            return
        }
        #expect(run.verb.rawValue == verb.rawValue)
        #expect(end.reason == ([.trace, .paths, .mtu].contains(verb) ? .reached : .completed))
    }

    @Test func `is endless where nothing ends it`() {
        #expect(RunRequest("a.example", .ping(PingSettings())).isEndless)
        #expect(RunRequest("a.example", .monitor(MonitorSettings())).isEndless)
        #expect(RunRequest("a.example", .sweep(SweepSettings(mode: .repeating(period: .seconds(1))))).isEndless)
        #expect(!RunRequest("a.example", .ping(PingSettings()), deadline: .seconds(9)).isEndless)
    }

    @Test func `ends at its own deadline`() async throws {
        let request = RunRequest("tokyo.example", .ping(PingSettings()), deadline: .seconds(3))
        var last: ProbeEvent?
        for try await event in request.events(over: prober) { last = event }
        guard case .ended(let end) = last?.fact else {
            Issue.record("\(String(describing: last))")
            return
        }
        #expect(end.reason == .deadline)
    }

    @Test func `sweeps names and networks`() async throws {
        let request = RunRequest(["tokyo.example", "192.0.2.0/30"], .sweep(SweepSettings()))
        var fold = SweepReport.Fold()
        for try await event in request.events(over: prober) { fold.apply(event) }
        #expect(fold.report()?.run.parameters.count == 3)
        let large = RunRequest(["2001:db8::/64"], .sweep(SweepSettings()))
        await #expect(throws: ProbeError.self) { for try await _ in large.events(over: prober) {} }
    }

    @Test func `has one host, unless it is a sweep`() async {
        let request = RunRequest(["tokyo.example", "paris.example"], .trace(TraceSettings()))
        await #expect(throws: ProbeError.self) { for try await _ in request.events(over: prober) {} }
    }
}
