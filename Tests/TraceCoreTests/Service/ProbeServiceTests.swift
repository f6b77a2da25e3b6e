import Testing

@testable import TraceCore

/// Gives another answer each time that it is asked, and counts how often that was.
private final class ChangingResolver: NameResolver {
    func known(_ address: IPAddress) -> KnownName { .unknown }
    private let answers: [[IPAddress]]
    private let count = Lock(0)

    init(_ answers: [IPAddress]...) { self.answers = answers }

    var questions: Int { count.withLock { $0 } }

    func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        return answers[min(number, answers.count - 1)]
    }

    func name(of address: IPAddress) async -> UntrustedText? { nil }
}

private final class Notes: Sendable {
    private let events = Lock<[ServiceEvent]>([])
    func add(_ event: ServiceEvent) { events.withLock { $0.append(event) } }
    var all: [ServiceEvent] { events.withLock { $0 } }
    var lines: [String] { all.map(\.description) }
}

@Suite struct ProbeServiceTests {
    private static let tokyo = IPAddress(203, 0, 113, 110)
    /// The deadline counts by the clock of the machine, and a busy one may take minutes for what is simulated here.
    private static var patient: RunLimits {
        var limits = RunLimits()
        limits.longest = .seconds(86_400)
        return limits
    }
    private static func documentation() throws -> [IPNetwork] {
        try ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map { try IPNetwork(parsing: $0) }
    }

    private func pinging(_ target: String, count: Int? = 2) -> RunRequest {
        RunRequest(target, .ping(PingSettings(count: count)), names: false)
    }

    private func refusal(
        _ service: ProbeService, _ request: RunRequest, client: String = "a"
    ) async -> RequestError? {
        do throws(RequestError) {
            _ = try await service.events(for: request, client: client)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a run through a service has the events of the run, and its tally`() async throws {
        let notes = Notes()
        let service = ProbeService(
            policy: .all, limits: Self.patient, observer: { notes.add($0) }, prober: { SimulatedProber($0.transport) })
        var events: [ProbeEvent] = []
        for try await event in try await service.events(for: pinging("tokyo.example"), client: "198.51.100.7") {
            events.append(event)
        }
        var expected: [ProbeEvent] = []
        for try await event in Pinger(
            SimulatedProber(.icmp), settings: PingSettings(count: 2), options: RunOptions(names: false)
        ).events(for: "tokyo.example") { expected.append(event) }
        #expect(events == expected)
        #expect(service.runs == 0)
        guard case .ended(let run, let tally)? = notes.all.last else { throw ProbeError(.badInput, "no end") }
        #expect(run.id == 1 && run.client == "198.51.100.7" && run.targets.first?.name == "tokyo.example")
        #expect(tally.sent == 2 && tally.answered == 2 && tally.lost == 0 && tally.end?.reason == .completed)
        #expect(notes.lines.first?.hasPrefix("run 1: ping tokyo.example (") == true)
        #expect(notes.lines.last?.contains("completed after ") == true)
    }

    @Test(arguments: ["127.0.0.1", "::1", "[::1]", "::ffff:10.0.0.1", "fe80::1%lo", "fe80::1%no-such-one", "0.0.0.0"])
    func `a literal address comes before the same judge, without a look-up`(target: String) async throws {
        let resolver = ChangingResolver([IPAddress(8, 8, 8, 8)])
        let service = ProbeService(
            limits: Self.patient, prober: { _ in NamedProber(base: SimulatedProber(.icmp), resolver: resolver) })
        let error = try #require(await refusal(service, pinging(target)))
        #expect(error.kind == .refused && error.kind.httpStatus == 403)
        #expect(error.message.hasPrefix("it is not probed from here: it is in "))
        #expect(resolver.questions == 0)
        #expect(service.runs == 0)
    }

    @Test func `a name that leads inside is refused, and its address is for the log alone`() async throws {
        let notes = Notes()
        let inside = IPAddress(10, 1, 2, 3)
        let resolver = ChangingResolver([inside])
        let service = ProbeService(
            limits: Self.patient, observer: { notes.add($0) },
            prober: { _ in NamedProber(base: SimulatedProber(.icmp), resolver: resolver) })
        let error = try #require(await refusal(service, pinging("db.internal")))
        #expect(
            error.description
                == "target \"db.internal\": it is not probed from here: it leads to a private network (RFC 1918)")
        #expect(error.address == inside)
        #expect(!(try JSON.text(error)).contains("10.1.2.3"))
        #expect(notes.lines.count == 1 && notes.lines[0].contains("(10.1.2.3)"))
    }

    @Test func `the address that was judged is the one that is probed, whatever the name leads to later`() async throws
    {
        let resolver = ChangingResolver([Self.tokyo], [IPAddress(127, 0, 0, 1)])
        let service = ProbeService(
            policy: .publicOnly.allowing(try Self.documentation()), limits: Self.patient,
            prober: { _ in NamedProber(base: SimulatedProber(.icmp), resolver: resolver) })
        var targets: Set<IPAddress> = []
        for try await event in try await service.events(for: pinging("rebinding.example"), client: "a") {
            if let probe = event.probe { targets.insert(probe.target) }
            if case .started(let run) = event.fact { #expect(run.target?.name == "rebinding.example") }
        }
        #expect(targets == [Self.tokyo])
        #expect(resolver.questions == 1)
        // And the next request is judged by what the name leads to then.
        #expect(await refusal(service, pinging("rebinding.example"))?.kind == .refused)
    }

    @Test func `of several addresses the first that is allowed is probed`() async throws {
        let resolver = ChangingResolver([IPAddress(10, 0, 0, 1), Self.tokyo])
        let service = ProbeService(
            policy: .publicOnly.allowing(try Self.documentation()), limits: Self.patient,
            prober: { _ in NamedProber(base: SimulatedProber(.icmp), resolver: resolver) })
        for try await event in try await service.events(for: pinging("two.example"), client: "a") {
            if let probe = event.probe { #expect(probe.target == Self.tokyo) }
        }
    }

    @Test func `what makes no sense is refused before anything is looked up`() async throws {
        let resolver = ChangingResolver([Self.tokyo])
        let service = ProbeService(
            limits: Self.patient, prober: { _ in NamedProber(base: SimulatedProber(.icmp), resolver: resolver) })
        for target in ["-n", "a b", "a\nb", "a\0b", String(repeating: "a", count: 300), "0x7f.1", ""] {
            #expect(await refusal(service, pinging(target))?.kind == .malformed)
        }
        #expect(await refusal(service, pinging("a.example", count: 1_000_000))?.field == "count")
        #expect(resolver.questions == 0)
    }

    @Test func `a place is given back when the run is over, or nobody reads it`() async throws {
        let service = ProbeService(
            policy: .all, limits: Self.patient, quotas: .init(runsPerClient: 1),
            prober: { SimulatedProber($0.transport) })
        var unread: RunStream<ProbeEvent>? = try await service.events(for: pinging("tokyo.example"), client: "a")
        #expect(service.runs == 1)
        #expect(await refusal(service, pinging("tokyo.example"))?.kind == .limited)
        // Another client has a place of its own.
        _ = try await service.events(for: pinging("tokyo.example"), client: "b")
        if unread != nil { unread = nil }
        #expect(service.runs == 0)
        let events = try await service.events(for: pinging("tokyo.example"), client: "a")
        for try await _ in events {}
        #expect(service.runs == 0)
        // What was admitted once begins once: there is nothing left to read.
        var again = events.makeAsyncIterator()
        #expect(try await again.next() == nil)
    }

    @Test func `a resolver that does not answer takes no longer than the request may`() async throws {
        let resolver = DeafResolver()
        let service = ProbeService(
            limits: Self.patient, prober: { _ in NamedProber(base: SimulatedProber(.icmp), resolver: resolver) })
        var request = pinging("slow.example")
        request.deadline = .milliseconds(20)
        let error = try #require(await refusal(service, request))
        #expect(error.kind == .unavailable && error.kind.httpStatus == 503)
        #expect(service.runs == 0)
        resolver.wake()
    }

    @Test func `a service that shuts down ends its runs with their last word, and takes no more`() async throws {
        let notes = Notes()
        let service = ProbeService(
            policy: .all, limits: Self.patient, observer: { notes.add($0) },
            prober: { SimulatedProber($0.transport, clock: ContinuousClock()) })
        async let over: Void = service.run()
        let events = try await service.events(for: pinging("tokyo.example", count: 100), client: "a")
        var last: ProbeEvent?
        for try await event in events {
            if case .reply = event.fact { service.shutdown() }
            last = event
        }
        await over
        guard case .ended(let end)? = last?.fact else { throw ProbeError(.badInput, "no end") }
        #expect(end.reason == .cancelled)
        #expect(await refusal(service, pinging("tokyo.example"))?.kind == .unavailable)
        guard case .ended(_, let tally)? = notes.all.dropLast().last else { throw ProbeError(.badInput, "no end") }
        #expect(tally.end?.reason == .cancelled)
    }

    @Test func `lines of a log hold no text of strangers raw`() async throws {
        let notes = Notes()
        let service = ProbeService(
            limits: Self.patient, observer: { notes.add($0) }, prober: { SimulatedProber($0.transport) })
        _ = await refusal(service, pinging("<img onerror=x>\u{1b}[2J\u{202E}\n"), client: "\u{1b}]0;x\u{7}")
        #expect(notes.lines.count == 1)
        #expect(notes.lines[0].unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\u{202E}" })
    }
}
