import GeoKit
import Testing
import TraceCore

// Every Swift snippet of the documentation is here, so that it compiles; a test compares.

struct WebProber: AskingProber {
    let method = ProbeMethod(rawValue: "http")
    /// Sends a HEAD request, and says whether it was answered.
    let head: @Sendable (IPAddress) async -> Bool

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? {
        await head(probe.target) ? Answer() : nil
    }
}

/// Sends several probes in one instant: how many of them come back?
struct BurstSettings: RunSettings {
    static var verb: Verb { "burst" }
    /// Its report is that of a ping.
    typealias Fold = PingReport.Fold

    var count = 10
    var timeout: Duration = .seconds(1)

    func validate() throws(ProbeError) {
        guard (1...1_000).contains(count) else { throw ProbeError(.badSetting, "A burst has 1 to 1,000 probes") }
    }

    var needs: ChannelSettings { ChannelSettings(capacity: count, timeout: timeout) }

    func plan(for target: IPAddress, over facts: ChannelFacts) -> BurstPlan {
        BurstPlan(target: target, settings: self)
    }

    func parameters(over facts: ChannelFacts) -> RunDescription.Parameters { .init(count: count).with(facts) }
}

struct BurstPlan: ProbePlan {
    let target: IPAddress
    let settings: BurstSettings
    var ledger = ProbeLedger()
    var timeouts = ProbeLedger.Timeouts()

    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        let expired = timeouts.expire(at: now, in: &ledger)
        if !expired.isEmpty { return .timedOut(expired) }
        let left = settings.count - ledger.nextID
        if left > 0, most > 0 { return .send((0..<min(left, most)).map { _ in issue(at: now) }) }
        if left == 0, ledger.outCount == 0 { return .end(RunEnd(.completed)) }
        return .wait(until: timeouts.nextDue(in: ledger) ?? now + .seconds(1), nextSend: left > 0 ? .zero : nil)
    }

    private mutating func issue(at now: Duration) -> Probe {
        let probe = ledger.issue(to: target, at: now)
        timeouts.add(probe.id, due: now + settings.timeout)
        return probe
    }

    mutating func receive(_ arrival: Arrival) -> ArrivalFate { ledger.settle(arrival.probe) }

    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? { ledger.fail(id) }
}

struct Burst: ProbeRunner {
    let prober: any Prober
    var settings = BurstSettings()
    var options = RunOptions()
}

struct Watcher {
    let prober: any Prober

    func isUp(_ host: String) async throws -> Bool {
        try await Pinger(prober).ping(host, count: 3).received > 0
    }
}

@Suite struct `What the documentation tests` {
    @Test func `a silent router does not hide the target`() async throws {
        let internet = try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10
                router gw 192.0.2.1 delay=1ms
                router far 198.51.100.1 delay=10ms silent
                host there 203.0.113.7 delay=20ms name=there.example
                path there: gw far
                """)
        let trace = try await PathTracer(SimulatedProber(.udp, internet)).trace("there.example")
        #expect(trace.isReached)
        #expect(trace.hops.map(\.addresses.count) == [1, 0, 1])
    }
}

enum Snippets {
    static func ownProber() async throws {
        let prober = WebProber(head: { address in address == IPAddress(127, 0, 0, 1) })
        let report = try await Pinger(prober).ping(IPAddress(127, 0, 0, 1), count: 2)
        print(report.received, report.rtt?.average ?? .zero)
    }

    static func overview() async throws {
        let prober = SimulatedProber(.udp, .demo)
        let trace = try await PathTracer(prober).trace("tokyo.example")
        for hop in trace.hops { print(hop.ttl, hop.addresses) }
    }

    static func simulated() async throws {
        let prober = SimulatedProber(.icmp, .demo)
        let trace = try await PathTracer(prober).trace("tokyo.example")
        for hop in trace.hops { print(hop.ttl, hop.addresses) }
        let report = try await Pinger(prober).ping("tokyo.example", count: 4)
        print(report.received, report.rtt?.average ?? .zero)

        for try await view in PathMonitor(prober).views(of: "tokyo.example", every: .seconds(1)) {
            print(view.hops.map(\.lossPercent))
            if view.rounds == 60 { break }
        }

        for try await result in PathTracer(prober).reports(for: ["tokyo.example", "london.example"]) {
            print(result.target, try result.result.get().hops.count)
        }
        let sweeper = Sweeper(prober, settings: SweepSettings(rate: 10_000))
        for try await result in sweeper.results(for: IPNetwork("203.0.113.0/24")!) {
            if result.isAlive { print(result.target) }
        }

        let graph = try await PathTracer(prober).paths(to: "tokyo.example", confidence: 0.99)  // every path, not one
        let largest = try await PathTracer(prober).pathMTU(to: "tokyo.example").mtu  // and where it shrinks
        let changes = PacketChanges(of: trace).changes  // what was rewritten on the way

        let limited = PathTracer(prober, options: RunOptions(family: .v4, deadline: .seconds(5)))
        let quick = try await limited.trace("tokyo.example")
        _ = (graph, largest, changes, quick)
    }

    static func live() async throws {
        let path = try await PathTracer(.udp).trace("example.com")
        for hop in path.hops { print(hop.ttl, hop.addresses) }
        for try await reply in Pinger(.icmp).replies(from: "example.com", count: 4) { print(reply) }
        for try await event in PathTracer(.tcp(port: 443)).events(for: "example.com") { print(event.at, event.fact) }
        let watched = try await PathMonitor(.icmp).watch("example.com", rounds: 10)

        var options = LiveProber.Options(mode: .unprivileged, source: IPAddress(192, 0, 2, 10))
        options.packets.trafficClass = 0xB8
        let marked = try await PathTracer(LiveProber(.udp, options: options)).trace("example.com")
        _ = (watched, marked)
    }

    static func server(_ query: [(key: String, value: String)], from address: String) async throws {
        let service = ProbeService(policy: .publicOnly)
        let request = try RunRequest(parsing: query, as: .trace, limits: service.limits)
        let events = try await service.events(for: request, client: address).opened()

        async let running: Void = service.run()
        // The server answers requests here. When it is asked to stop:
        service.shutdown()
        await running
        _ = events
    }

    static func serverLimits() {
        let office = IPNetwork("198.51.100.0/24")!
        let policy = TargetPolicy.publicOnly.allowing(office).denying(IPNetwork("203.0.113.0/24")!)
        if let refusal = policy.refusal(of: IPAddress(10, 0, 0, 1)) { print(refusal) }

        var limits = RunLimits()
        limits.numbers[.count] = 1...20
        limits.longest = .seconds(30)
        let quotas = ProbeService.Quotas(probesPerSecond: 500, runs: 50, runsPerClient: 2, runsPerTarget: 2)
        let small = ProbeService(limits: limits, quotas: quotas, observer: { event in print(event) })
        _ = small
    }

    static func testing() async throws {
        let hour = try await PathMonitor(SimulatedProber(.icmp, .demo)).watch("tokyo.example", rounds: 3600)

        let options = SimulatedInternet.Options(seed: 7)
        let prober = SimulatedProber(.icmp, .demo, options: options)
        let unlucky = try await Pinger(prober).ping("sydney.example", count: 100)

        let service = ProbeService(policy: .all, prober: { SimulatedProber($0.transport, .demo) })
        _ = (hour, unlucky, service)
    }

    static func formats() async throws {
        let prober = SimulatedProber(.udp, .demo)

        let lines = JSON.Lines()
        for try await batch in PathTracer(prober).events(for: "tokyo.example").batches {
            for event in batch { try lines.write(event) }
        }

        let events = try EventLog.events(from: lines.bytes)
        let trace = try TraceReport.Fold.replay(events)
        print(try JSON.text(trace, style: .pretty))

        for line in TraceReport.Text().lines(of: events) { print(line) }

        let record = try TraceRecord.Fold.replay(events)
        print(try JSON.text(Atlas.Traceroute(record)))
        print(try JSON.text(ScamperTrace(record)))
        print(try JSON.text(MTRReport(try MonitorReport.Fold.replay(events))))
        print(try JSON.text(TracerouteDictionary(trace)))
        print(trace.markdownLines.joined(separator: "\n"))
    }

    static func places() async throws {
        let trace = try await PathTracer(SimulatedProber(.udp, .demo)).trace("tokyo.example")
        let located = LocatedTrace(trace: trace, source: DemoPlaces.home, geolocator: try DemoPlaces.geolocator())
        print(located.hops.flatMap(\.responders).map(\.summary))
        let picture = GeoMap(routes: [MapRoute(located)]).svg()
        _ = picture
    }

    static func places(of trace: TraceReport, home: Place) {
        let located = LocatedTrace(trace: trace, source: home, geolocator: RouterNameGeolocator())
        for responder in located.hops.flatMap(\.responders) { print(responder.address, responder.summary) }
    }

    static func placesOfAPath() async throws {
        let trace = try await PathTracer(SimulatedProber(.udp, .demo)).trace("tokyo.example")
        let located = LocatedTrace(trace: trace, source: DemoPlaces.home, geolocator: try DemoPlaces.geolocator())
        for hop in located.hops {
            for responder in hop.responders { print(hop.ttl, responder.address, responder.summary) }
        }
        for responder in located.hops.flatMap(\.responders) {
            for opinion in responder.opinions { print(responder.address, opinion.place.source, opinion.verdict) }
        }
        let map = GeoMap(routes: [MapRoute(located)], title: "Lisbon to Tokyo")
        let (picture, data) = (map.svg(), map.geoJSON())
        _ = (picture, data)
    }

    static func sourcesOfPlaces() throws {
        let cities = MMDBGeolocator(try MMDBDatabase(contentsOf: "city.mmdb"))
        let chain = GeolocatorChain([cities, RouterNameGeolocator()])
        let router = GeoSubject(address: IPAddress(198, 51, 100, 65), name: "ae5.cr1.jfk1.transit.example")
        for place in chain.locate(router).places { print(place.source, place.shortName) }

        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Example-City"))
        try writer.insert(["city": ["names": ["en": "Berlin"]]], for: IPNetwork(parsing: "192.0.2.0/24"))
        try writer.write(to: "offices.mmdb")
    }

    static func speedOfLight() {
        let sydney = Place(source: "a database", coordinate: Coordinate(latitude: -33.87, longitude: 151.21))
        let verdict = Plausibility().verdict(on: sydney, answeringIn: .milliseconds(40), from: DemoPlaces.home)
        if let reason = verdict.reason { print(verdict.isImpossible, reason) }
    }

    static func picture() async throws -> (ping: PingReport, watched: MonitorReport?, picture: String) {
        let prober = SimulatedProber(.icmp, .demo)
        let ping = try await Pinger(prober).ping("nairobi.example", count: 10)
        print("\(ping.received) of \(ping.sent), median \(ping.rtt?.p50 ?? .zero)")
        let trace = try await PathTracer(prober, settings: TraceSettings(queries: 10)).trace("nairobi.example")
        for hop in trace.hops { print(hop.ttl, hop.addresses.first.map { "\($0)" } ?? "silent") }
        var fold = MonitorReport.Fold()
        let monitor = PathMonitor(prober, settings: MonitorSettings(rounds: 100))
        for try await event in monitor.events(for: "nairobi.example") {
            fold.apply(event)
            if case .timedOut(let probe) = event.fact { print("hop \(probe.ttl) is silent at \(event.at)") }
        }
        let picture = TraceReport.Chart(trace).svg(width: 800)
        print(picture)
        return (ping, fold.report(), picture)
    }

    static func verb() async throws -> PingReport {
        let burst = Burst(prober: SimulatedProber(.icmp, .demo))
        let report = try await burst.report(for: "tokyo.example")
        print("\(report.received) of \(report.sent) came back")
        for try await next in burst.reports(for: ["tokyo.example", "london.example"]) {
            print(next.target, try next.result.get().received)
        }
        return report
    }
}

struct OfficePlaces: Geolocator {
    let offices: [IPNetwork: Place]

    func locate(_ subject: GeoSubject) -> GeoFindings {
        GeoFindings(places: offices.filter { $0.key.contains(subject.address) }.map(\.value))
    }
}
