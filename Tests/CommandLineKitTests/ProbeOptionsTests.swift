import TraceCoreCommandLine
import Testing
import TraceCore

@Suite struct `The options that all programs share` {
    private let network = NetworkOptions()
    private let ping = ProbeOptions(
        ProbeHabits(
            method: .icmp, spellings: [.interface: ["I"], .pathMTU: ["M"], .trafficClass: ["Q"], .flowLabel: ["F"]],
            omitted: [.dontFragment], flowLabelIsHexadecimal: true, interfaceIsSource: true))
    private let watch = ProbeOptions(
        ProbeHabits(
            method: .udp,
            spellings: [
                .port: ["P"], .source: ["a", "address"], .size: ["s", "psize"], .pattern: ["B", "bitpattern"],
                .sourcePort: ["L", "localport"],
            ],
            omitted: [.pathMTU, .mode], size: .packet, pattern: .byte))

    private func command(_ options: ProbeOptions) -> Command {
        Command(
            "probe", summary: "Probe.", version: "1", date: "2026-01-01",
            options: [
                options.methodGroup, options.packetGroup, OptionGroup("Output", [options.numeric]), network.group,
            ],
            oneOf: options.exclusive(with: network))
    }

    private func parse(_ options: ProbeOptions, _ line: String) throws -> ParsedArguments {
        let parsed = try command(options).parse(line.split(separator: " ").map(String.init))
        try options.check(parsed, over: network)
        return parsed
    }

    @Test func `make sound tables with whatever letters`() {
        #expect(command(ping).mistakes.isEmpty)
        #expect(command(watch).mistakes.isEmpty)
    }

    /// What a line asks for, be it by another method.
    private func request(
        _ options: ProbeOptions, _ line: String, by method: ProbeMethod? = nil
    ) throws -> RunRequest {
        options.request(["a.example"], .ping(PingSettings()), by: method, in: try parse(options, line))
    }

    @Test func `give the transport, with the port of the method that was asked for`() throws {
        #expect(try request(ping, "").transport == .icmp)
        #expect(try request(watch, "").transport == .udp)
        #expect(try request(watch, "--tcp -P 443").transport == .tcp(port: 443))
        // Another method than that of the command line has its own port.
        #expect(try request(watch, "--tcp -P 443", by: .udp).transport == .udp)
        #expect(try request(watch, "-L 99", by: .icmp).live.sourcePort == nil)
    }

    @Test func `give what packets are made of`() throws {
        let packets = ping.packets(in: try parse(ping, "-Q ef -M do --pattern ff00 -F fffff"))
        #expect(packets.trafficClass == 184)
        #expect(packets.dontFragment)
        #expect(packets.pattern == [0xFF, 0x00])
        #expect(packets.flowLabel == 0xFFFFF)
        #expect(!ping.packets(in: try parse(ping, "-M want")).dontFragment)
        #expect(watch.packets(in: try parse(watch, "-B 170 --dont-fragment --identity classic")).pattern == [170])
        #expect(watch.packets(in: try parse(watch, "--identity classic")).identity == .classic)
    }

    @Test func `give where packets come from`() throws {
        #expect(try request(ping, "-I eth0").live.interface == "eth0")
        #expect(try request(ping, "-I 192.0.2.1").live.source == IPAddress(192, 0, 2, 1))
        #expect(try request(ping, "-I eth0").live.source == nil)
        #expect(try request(watch, "-a 2001:db8::1 --localport 53").live.sourcePort == 53)
        #expect(try request(ping, "--mode raw").live.mode == .raw)
        #expect(try request(ping, "--mark 0x2A").live.mark == 42)
    }

    @Test func `give the family and whether names are looked up`() throws {
        #expect(try request(ping, "").options == RunOptions())
        #expect(try request(ping, "-6 --numeric").options == RunOptions(family: .v6, names: false))
        #expect(try request(ping, "-F 1").options.family == .v6)
        // Of a name with both families, only one can be asked from an address.
        #expect(try request(ping, "-I 192.0.2.1").options.family == .v4)
        #expect(try request(ping, "-I eth0").options.family == nil)
        #expect(try request(ping, "-F 1 -I 2001:db8::1").options.family == .v6)
        #expect(try request(watch, "-a 2001:db8::1").options.family == .v6)
        #expect(try request(watch, "-4 -a 192.0.2.1").options.family == .v4)
    }

    @Test func `count a size as the program's users do`() throws {
        #expect(try ping.payload(for: .v6, in: try parse(ping, "--size 100")) == 100)
        #expect(try watch.payload(for: .v4, in: try parse(watch, "--psize 100")) == 72)
        #expect(try watch.payload(for: .v6, in: try parse(watch, "-s 100")) == 52)
        #expect(try watch.payload(for: .v6, in: try parse(watch, "")) == nil)
        #expect(throws: UsageError.self) { try watch.payload(for: .v6, in: try parse(watch, "-s 40")) }
        #expect(throws: UsageError.self) { try watch.payload(for: .v4, in: try parse(watch, "-s 29")) }
        #expect(try watch.payload(for: .v4, in: try parse(watch, "-s 30")) == 2)
        #expect(try watch.payload(for: .v4, in: try parse(watch, "-s 28 --identity classic")) == 0)
        #expect(throws: UsageError.self) { try watch.payload(ofPacket: 65536, .v4, in: try parse(watch, "")) }
    }

    @Test func `make packets as usual where nothing else is said`() throws {
        let options = ProbeOptions(
            ProbeHabits(
                method: .icmp, spellings: [.size: ["s"], .pattern: ["B"]], size: .packet, usualSize: 64, pattern: .byte,
                usualPattern: [0]))
        #expect(try options.payload(for: .v4, in: try parse(options, "")) == 36)
        #expect(try options.payload(for: .v6, in: try parse(options, "")) == 16)
        #expect(try options.payload(for: .v6, in: try parse(options, "-s 100")) == 52)
        #expect(options.packets(in: try parse(options, "")).pattern == [0])
        #expect(options.packets(in: try parse(options, "-B 7")).pattern == [7])
        #expect(command(options).text(of: .help).contains("the default is 64"))
    }

    @Test(arguments: [
        ("--port 80", "--port is for UDP and TCP"), ("--source-port 80", "ICMP has no ports"),
        ("--tcp --size 4", "--size is not for TCP"), ("--identity classic", "is for UDP"),
        ("-4 -F 1", "-F is for IPv6"), ("-F 1 -I 192.0.2.1", "-F is for IPv6"),
        ("-4 -I 2001:db8::1", "2001:db8::1 is an IPv6 address"), ("-6 --source 192.0.2.1", "nothing of IPv6"),
        ("-I 192.0.2.1 --source 192.0.2.2", "two addresses"),
        ("--network demo --mode raw", "real network"), ("--replay x --udp", "cannot be used together"),
        ("--udp --tcp", "cannot be used together"), ("-4 -6", "cannot be used together"),
    ]) func `refuse what does not go together`(_ line: String, _ part: String) throws {
        let error = #expect(throws: UsageError.self) { try parse(ping, line) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        ("0", 0), ("0x10", 16), ("255", 255), ("ef", 184), ("EF", 184), ("cs0", 0), ("cs7", 224), ("af11", 40),
        ("af43", 152), ("va", 176), ("le", 4),
    ]) func `know classes of traffic by number and by name`(_ text: String, _ value: UInt8) throws {
        #expect(ping.packets(in: try parse(ping, "-Q \(text)")).trafficClass == value)
    }

    @Test(arguments: ["256", "-1", "af", "af14", "af50", "cs8", "ef1", "cs", "xx"])
    func `know no other classes of traffic`(_ text: String) {
        #expect(throws: UsageError.self) { try parse(ping, "-Q \(text)") }
    }

    @Test func `ask the real network unless another is named`() throws {
        func prober(_ line: String, count: Int? = 1) throws -> any Prober {
            let parsed = try parse(ping, line)
            let request = ping.request(["a.example"], .ping(PingSettings(count: count)), in: parsed)
            return try network.prober(for: request, in: parsed)
        }
        #expect(try prober("--mode raw") is LiveProber)
        #expect((try prober("--network demo -Q 8") as? SimulatedProber<ManualClock>)?.options.packets.trafficClass == 8)
        #expect(try prober("--network demo", count: nil) is SimulatedProber<ContinuousClock>)
    }

    @Test func `make a request that says all of it`() throws {
        let line = "--udp --port 53 -I 192.0.2.1 --source-port 9 -Q 8 --numeric"
        let parsed = try parse(ping, line)
        let request = ping.request(["a.example"], .ping(PingSettings(count: 3)), in: parsed)
        let expected = try RunRequest(parsing: [
            "verb": "ping", "target": "a.example", "count": "3", "method": "udp", "port": "53", "source": "192.0.2.1",
            "sourcePort": "9", "trafficClass": "8", "family": "ipv4", "names": "false",
        ])
        #expect(request == expected)
        // By another method the ports are not meant.
        let other = ping.request([], .monitor(MonitorSettings()), by: .icmp, in: parsed)
        #expect(other.transport == .icmp && other.live.sourcePort == nil && other.live.source == request.live.source)
    }
}
