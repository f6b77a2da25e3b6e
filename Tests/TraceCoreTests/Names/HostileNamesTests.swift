import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

/// Ten thousand names of strangers who mean harm, through real runs into everything that is printed.
@Suite struct `Hostile names` {
    private static let hopsInARun = 50
    private static let runs = 200

    /// A path of routers, each of which also names the interface that a probe came in by.
    private static let internet = Result {
        var lines = ["vantage here 192.0.2.100"]
        for hop in 1..<hopsInARun {
            lines.append("router r\(hop) 198.51.100.\(hop) delay=0.1ms interface=\"\\e[2Jx\\u{202e}y\\n\"")
        }
        lines.append("host server 203.0.113.7 delay=1ms")
        lines.append("path server: " + (1..<hopsInARun).map { "r\($0)" }.joined(separator: " "))
        return try SimulatedInternet(parsing: lines.joined(separator: "\n"), name: "hostile")
    }

    /// The simulated internet with other names.
    private struct Renamed: Prober {
        let base: SimulatedProber<ManualClock>
        let names: [IPAddress: UntrustedText]
        let isKnown: Bool

        func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
            try await base.open(settings)
        }

        var resolver: any NameResolver { Names(names: names, isKnown: isKnown) }
    }

    private struct Names: NameResolver {
        let names: [IPAddress: UntrustedText]
        let isKnown: Bool

        func addresses(of name: String) async throws(ProbeError) -> [IPAddress] { [IPAddress(203, 0, 113, 7)] }
        func name(of address: IPAddress) async -> UntrustedText? { names[address] }
        func known(_ address: IPAddress) -> KnownName {
            isKnown ? names[address].map { .name($0) } ?? .none : .unknown
        }
    }

    /// A run's prober, and what its target is asked by.
    private static func prober(_ run: Int) throws -> (prober: Renamed, host: String) {
        let bytes = Array(HostileNames(seed: 11).dropFirst(run * hopsInARun).prefix(hopsInARun))
        var names: [IPAddress: UntrustedText] = [:]
        for (hop, bytes) in bytes.enumerated() {
            let address = hop == 0 ? IPAddress(203, 0, 113, 7) : IPAddress(198, 51, 100, UInt8(hop))
            names[address] = UntrustedText(decoding: bytes)
        }
        let base = SimulatedProber(.icmp, try internet.get())
        let name = UntrustedText(decoding: bytes[0]).raw
        // A name that spells an address would be the target itself.
        let host = IPAddress(name) == nil ? name : "server"
        return (Renamed(base: base, names: names, isKnown: run % 2 == 0), host)
    }

    /// Everything that a run's events can be printed as.
    private func check<Text: EventText, Fold: EventFold>(
        _ events: [ProbeEvent], _ text: Text, _ fold: Fold.Type
    ) throws where Fold.Report: Encodable {
        let lines = text.lines(of: events)
        for line in lines { #expect(!line.utf8.contains(UInt8(ascii: "\n"))) }
        try checkTerminalText(Array(lines.joined(separator: "\n").utf8))
        for event in events { try checkTerminalText(JSON.encode(event)) }
        let report = try Fold.replay(events)
        try checkTerminalText(JSON.encode(report))
        try checkTerminalText(JSON.encode(report, style: .pretty))
    }

    @Test(arguments: 0..<8) func `never reach the terminal as they are`(share: Int) async throws {
        for run in stride(from: share, to: Self.runs, by: 8) {
            let (prober, host) = try Self.prober(run)
            var settings = TraceSettings(maxTTL: 60, queries: 1)
            settings.patience.max = .seconds(1)
            // On a machine that is busy with other tests, a second is soon over.
            let tracer = PathTracer(prober, settings: settings, options: RunOptions(nameGrace: .seconds(300)))
            var events: [ProbeEvent] = []
            for try await event in tracer.events(for: host) { events.append(event) }
            let named = events.count { if case .named = $0.fact { true } else { false } }
            // Each of them has come through, or the rest would show nothing.
            #expect(named == Self.hopsInARun)
            try check(events, TraceReport.Text(), TraceReport.Fold.self)
            // A head, and a line for each hop: no name has made two of one.
            #expect(TraceReport.Text().lines(of: events).count == 1 + Self.hopsInARun)

            guard run % 10 == share else { continue }
            let monitor = PathMonitor(prober, settings: MonitorSettings(maxTTL: 60))
            let report = try await monitor.watch(host, rounds: 2)
            #expect(report.hops.count == Self.hopsInARun)
            try checkTerminalText(JSON.encode(report, style: .pretty))
            var pings: [ProbeEvent] = []
            for try await event in Pinger(prober, settings: PingSettings(count: 1)).events(for: host) {
                pings.append(event)
            }
            try check(pings, PingReport.Text(), PingReport.Fold.self)
        }
    }

    @Test func `do no harm in any form, and lose no byte`() throws {
        for bytes in HostileNames.names(10_000, seed: 11) { try checkText(bytes) }
    }

    @Test func `are of every kind`() {
        let names = HostileNames.names(1000, seed: 11)
        #expect(names.contains([]) && names.contains { $0.count == 255 } && names.contains { $0.contains(0) })
        for needle in ["\u{1B}[", "\u{1B}]8;;", "\u{1B}]52;", "\u{9B}", "\u{202E}", "\n", "\r", "\u{2028}", "\u{200B}"]
        {
            #expect(
                names.contains { String(decoding: $0, as: UTF8.self).contains(needle) }, "\(needle.debugDescription)")
        }
        #expect(names.contains { String(validating: $0, as: UTF8.self) == nil })
        #expect(Set(names).count > 500)
    }

    @Test(arguments: [
        "a\u{1B}[31mb", "a\rb", "a\u{9B}b", "a\u{7F}b", "a\u{202E}b", "a\u{200B}b", "a\u{2028}b", "a\u{85}b",
        "a\u{E000}b",
        "a\u{FE0F}b", "a\u{2800}b", "a\u{301}\u{301}\u{301}\u{301}\u{301}b", "\t", "\0",
    ]) func `would be seen by the check if they got out`(leak: String) {
        #expect(throws: Violation.self) { try checkTerminalText(Array("fine\n\(leak)\n".utf8)) }
    }

    @Test func `a screen's own control sequences are told from those of others`() throws {
        try checkTerminalText(Array("\u{1B}[2J\u{1B}[1;1Hhops\n".utf8), sequences: ["J", "H"])
        #expect(throws: Violation.self) { try checkTerminalText(Array("\u{1B}[2J".utf8), sequences: ["H"]) }
        #expect(throws: Violation.self) { try checkTerminalText(Array("\u{1B}]0;x\u{7}".utf8), sequences: ["J"]) }
        #expect(throws: Violation.self) {
            try checkTerminalText(Array("\u{1B}[2;\(HostileNames.mark)J".utf8), sequences: ["J"])
        }
        #expect(throws: Violation.self) { try checkTerminalText([0x61, 0x9B, 0x62]) }
    }
}
