import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreGeoOptions
import TraceCoreHTTP
import TraceCorePathStore
import TraceCoreReceivers
import TraceCoreServer
import TraceCoreWatch

/// What `pathwatch once` does.
@MainActor struct OnceRun {
    private let options: OnceCommand
    private let parsed: ParsedArguments
    private let hosts: [TargetName]
    private let source: TraceSource
    private let geolocator: GeolocatorChain
    private let home: Place?
    private let receiver: Receiver?

    /// - Throws: What does not go together, or cannot be read.
    init(_ options: OnceCommand, in parsed: ParsedArguments) throws {
        (self.options, self.parsed) = (options, parsed)
        hosts = ([parsed[options.address]].compactMap { $0 } + parsed[options.hosts]).map { TargetName($0) }
        guard !hosts.isEmpty else { throw UsageError("a host is wanted") }
        if options.probes.method(in: parsed) == .icmp, parsed.isGiven(options.probes.port) {
            throw UsageError("--port is for UDP and TCP: ICMP has no ports")
        }
        guard parsed[options.network.network] == nil || parsed[options.country] == TraceSource.thisMachine else {
            throw UsageError("--network is for what this machine traces, and --country has it done elsewhere")
        }
        if parsed[options.network.realTime], parsed[options.network.network] == nil {
            throw UsageError("--real-time is for a simulated network: give --network as well")
        }
        source = try TraceSource(parsed[options.country], in: parsed[options.sources])
        if case .page = source, let spelling = options.asking(in: parsed) {
            throw UsageError("\(spelling) is for a trace of ours: a web page asks as it likes")
        }
        if parsed[options.noGeo] {
            (geolocator, home) = (GeolocatorChain([]), nil)
        } else {
            let locators = try options.databases.geolocators(in: parsed, over: options.network)
            geolocator = GeolocatorChain(locators + [RouterNameGeolocator()])
            home =
                switch source {
                case .here: options.databases.source(in: parsed, over: options.network)
                case .glass(let point): point.place
                case .page: nil
                }
        }
        receiver = try parsed[options.webhook].map { try Self.receiver(at: $0) }
    }

    /// A webhook at an address. The person at this program has named it, so it may be near.
    private static func receiver(at url: String) throws -> Receiver {
        // Another address is another receiver: what is kept for the one is not for the other.
        let settings: JSON.Value = [
            "name": .string("webhook-\(SHA256.name(of: url, bytes: 8))"), "type": "webhook", "url": .string(url),
            "body": "report",
            "allow-private": true,
        ]
        do {
            return try JSON.decode(Receiver.self, from: try JSON.encode(settings))
        } catch let error as DecodingError {
            throw UsageError("--webhook: \(error.explanation)")
        }
    }

    /// Traces the hosts, one after the other; gives the exit code.
    func show() async throws -> Int32 {
        let store = try await openStore()
        let isHere = if case .here = source { true } else { false }
        let machine = isHere ? MachineFacts.now() : nil
        let address = isHere ? await publicAddress() : nil
        var reports: [JSON.Value] = []
        var code: Int32 = 0
        if let receiver, let store { await OnceOutbox(store, receiver).deliverDue() }
        for host in hosts {
            func say(_ error: any Error) {
                Output.error.print("pathwatch once: \(UntrustedText(host.text).word): \(error)")
                code = 2
            }
            let run: Run
            do {
                run = try await trace(host)
            } catch {
                say(error)
                // A report does not name its host: the place in the list does.
                if hosts.count > 1 { reports.append(.null) }
                continue
            }
            var report = ScriptReport(run.located, from: run.start, to: run.end)
            (report.machine, report.publicAddress) = (machine, address)
            reports.append(report.json)
            do {
                if !(try await conclude(run, report, of: host, in: store)) { code = 2 }
            } catch {
                say(error)
            }
        }
        await store?.close()
        if receiver == nil, !reports.isEmpty {
            Output.standard.print(try JSON.text(hosts.count == 1 ? reports[0] : .array(reports), style: .pretty))
        }
        Output.standard.flush()
        return code
    }

    private func openStore() async throws -> PathStore? {
        guard let file = parsed[options.store] else { return nil }
        return try await PathStore(file)
    }

    // MARK: Tracing

    private struct Run {
        let located: LocatedTrace
        let method: String
        let start: UTCTime
        let end: UTCTime
        /// Its events, where there were some.
        let events: [UInt8]?
    }

    private func trace(_ host: TargetName) async throws -> Run {
        var request = options.probes.request([host.text], .trace(TraceSettings()), in: parsed)
        try RunLimits.none.check(request)
        request.deadline = parsed[options.timeout]
        let start = UTCTime.now
        var method = request.transport.method.rawValue
        if case .here = source {} else { method += " from \(parsed[options.country])" }
        let events = EventCollector()
        let report: TraceReport?
        switch source {
        case .here:
            let prober = try options.network.prober(for: request, in: parsed)
            let target = try await host.probeTarget(using: prober.resolver, family: request.family)
            for try await batch in request.events(over: prober, for: target).batches { try events.add(batch) }
            report = events.report
        case .glass(let point):
            do {
                let feed = try await point.feed(request, within: request.deadline)
                try await feed.forEachBatch { try events.add($0) }
            } catch let failure as VantagePoint.Failure {
                throw ProbeError(.network, failure.explanation)
            }
            report = events.report
        case .page(let page):
            let http: HTTPClient
            do { http = try HTTPClient() } catch { throw ProbeError(.unsupported, error.message, remedy: error.remedy) }
            let text = try await page.traceroute(to: host.text, within: parsed[options.timeout], by: http)
            method = "page from \(parsed[options.country])"
            report = text.report(of: host.text, at: start)
        }
        guard let report else { throw ProbeError(.network, "Nothing came of the trace") }
        return Run(
            located: LocatedTrace(trace: report, source: home, geolocator: geolocator), method: method, start: start,
            end: .now, events: events.lines)
    }

    // MARK: What comes of it

    /// Keeps the run, and tells of it where there is something to tell; whether all of that was done.
    private func conclude(_ run: Run, _ report: ScriptReport, of host: TargetName, in store: PathStore?) async throws
        -> Bool
    {
        let stored = try StoredRun(run.located, report, of: host.text, method: run.method, events: run.events)
        let earlier = try await store?.lastReport(of: host.text, method: run.method)
        let rules = ScriptRules(longest: parsed[options.longest], difference: parsed[options.difference])
        let findings = rules.findings(in: report, after: earlier)
        let isAsked = receiver != nil || parsed.isGiven(options.longest) || parsed.isGiven(options.difference)
        let name = UntrustedText(host.text).word
        for sentence in findings?.sentences ?? [] where isAsked {
            Output.error.print("pathwatch once: \(name): \(sentence)")
        }
        guard let receiver, let findings else {
            try await store?.write(.promised) { (writer) throws(StoreError) in try writer.insert(stored) }
            if receiver != nil { Output.error.print("pathwatch once: \(name): nothing to tell") }
            return true
        }
        var alert = Alert(
            id: stored.id, rule: "once", kind: "path", severity: "warning", startsAt: run.start, notedAt: run.end,
            labels: ["target": host.text], summary: findings.sentences.joined(separator: "; "))
        alert.targets = [host.text]
        let delivery = try receiver.delivery(for: alert, at: .now, report: report.json(with: findings))
        return try await OnceOutbox(store, receiver).send(delivery, with: stored)
    }

    // MARK: The address that others see

    private func publicAddress() async -> IPAddress? {
        guard let url = parsed[options.publicAddress] else { return nil }
        do {
            var request = HTTPClient.Request(url)
            request.time = min(parsed[options.timeout], .seconds(15))
            request.fields.add("User-Agent", "tracecore/\(Release.version)")
            let response = try await HTTPClient().send(request)
            guard response.status.code == 200 else {
                throw ProbeError(.network, "\(request.place) answers with status \(response.status.code)")
            }
            let bytes = try await response.body.bytes(atMost: 4_096)
            guard let address = PublicAddress.read(bytes) else {
                throw ProbeError(.network, "\(request.place) answers with no address")
            }
            return address
        } catch {
            Output.error.print("pathwatch once: the public address is not known: \(error)")
            return nil
        }
    }
}

/// Gathers the events of a run: its report, and its lines.
private final class EventCollector: Sendable {
    private struct State {
        var fold = TraceReport.Fold()
        var lines: [UInt8] = []
    }

    private let state = Lock(State())

    func add(_ batch: [ProbeEvent]) throws {
        let lines = JSON.Lines()
        for event in batch { try lines.write(event) }
        state.withLock { state in
            for event in batch { state.fold.apply(event) }
            state.lines += lines.bytes
        }
    }

    var report: TraceReport? { state.withLock { $0.fold.report() } }
    var lines: [UInt8]? { state.withLock { $0.lines.isEmpty ? nil : $0.lines } }
}
