import TraceCoreCommandLine
import TraceCore
import TraceCoreServer

/// What a command line asks for: which hosts, how they are traced, and what is printed.
@MainActor struct TraceRequest {
    let options: TraceOptions
    let parsed: ParsedArguments
    let format: TraceFormat
    let geography: Geography?
    let targets: [TargetName]
    /// Who makes the run, where it is not this machine.
    let vantage: VantagePoint?
    /// The size of the packets, IP header and all.
    private let length: Int?

    /// - Throws: What does not go together, in a sentence for people; or why a file cannot be read.
    init(_ options: TraceOptions, hosts: [String], in parsed: ParsedArguments) throws {
        self.options = options
        self.parsed = parsed
        format = try options.format(in: parsed)
        try options.check(parsed, hosts: hosts)
        vantage = try options.vantage.point(in: parsed)
        geography = try options.geography.geography(in: parsed, over: options.network, from: vantage?.place)
        var names = hosts
        // As with traceroute; no host is called by a number alone.
        if names.count > 1 || parsed[options.targets] != nil, let number = names.last.flatMap({ Int($0) }) {
            length = number
            names.removeLast()
        } else {
            length = nil
        }
        let listed = try parsed[options.targets].map { try TargetName.list(in: Input($0)) } ?? []
        targets = names.map { TargetName($0) } + listed
        if length != nil, options.probes.method(in: parsed) == .tcp {
            throw UsageError("a packet length is not for TCP: connection requests are empty")
        }
        try checkTargets()
        if parsed[options.chart.file] != nil, targets.count > 1 {
            throw UsageError("--chart draws the path to one host: --map draws many")
        }
        try options.chart.check(parsed)
    }

    private func checkTargets() throws(UsageError) {
        guard parsed[options.network.replay] == nil, parsed[options.paths.join].isEmpty else { return }
        if parsed[options.mtu], targets.count != 1 || length != nil {
            throw UsageError("--mtu is for one host, and finds the length of packets itself")
        }
        if vantage != nil, targets.count > 1 { throw UsageError("--from takes one host") }
        if parsed[options.paths.paths], targets.count != 1 { throw UsageError("--paths takes one host") }
        guard targets.isEmpty else { return }
        guard let list = parsed[options.targets] else { throw UsageError.noHost }
        throw UsageError("\(Input(list).name) lists no hosts")
    }

    /// Whether there is one host; a list of one is a list.
    private var isForOne: Bool { targets.count == 1 && parsed[options.targets] == nil }

    /// Does what is asked for; gives the exit code.
    func show() async throws -> Int32 {
        if !parsed[options.paths.join].isEmpty {
            try JoinedPaths(request: self).show()
            return 0
        }
        if parsed[options.mtu] { try await PathMTURun(self).show() }
        if parsed[options.paths.paths] { try await PathsRun(self).show() }
        if let runs = try options.network.recordedRuns(of: TraceRun.verb, in: parsed)?.map(shown) {
            if runs.count > 1 {
                if parsed[options.chart.file] != nil {
                    throw UsageError("--chart draws one path, and this record has many")
                }
                return try ManyTracesRun(request: self).show(runs)
            }
            try await TraceRun(request: self).show(.recorded(runs.first ?? []))
        }
        if isForOne { try await TraceRun(request: self).show() }
        return try await ManyTracesRun(request: self).show()
    }
}

// MARK: - How it is asked

extension TraceRequest {
    /// The request for hosts, as far as it is known before they are looked up.
    func runRequest(for hosts: [TargetName]) -> RunRequest {
        options.probes.request(hosts.map(\.text), .trace(TraceSettings()), in: parsed)
    }

    /// What packets go through.
    func prober(for request: RunRequest) throws -> any Prober { try options.network.prober(for: request, in: parsed) }

    /// How a host is traced.
    ///
    /// - Parameter family: The family of its address, which decides what a packet holds; nil if it is not known.
    func settings(for family: IPAddress.Family?) throws(UsageError) -> TraceSettings {
        var settings = TraceSettings(
            firstTTL: parsed[options.firstTTL], maxTTL: parsed[options.maxTTL], queries: parsed[options.queries],
            window: parsed[options.window], sendInterval: parsed[options.pause], gapLimit: parsed[options.gaps])
        // Of several hosts the rate is that of all together.
        if isForOne, let rate = parsed[options.rate], rate > 0 {
            settings.sendInterval = max(settings.sendInterval, .seconds(1) / rate)
        }
        if let length {
            guard let family else {
                throw UsageError(
                    "with \(vantage == nil ? "several hosts" : "--from"), a packet length needs -4 or -6: what a packet holds depends on it"
                )
            }
            settings.size = try options.probes.payload(ofPacket: length, family, in: parsed)
        } else if options.probes.method(in: parsed) != .tcp {
            // The same in both families: traceroute's packets have 60 bytes with IPv4 and 80 with IPv6.
            settings.size = options.probes.habits.usualSize.map { UInt16(clamping: $0) }
        }
        guard let values = parsed[options.wait] else { return settings }
        if values.dropFirst().contains(where: { $0 != $0.rounded() }) {
            throw UsageError("--wait: HERE and NEAR must be whole numbers")
        }
        settings.patience.max = .seconds(values[0])
        if values.count > 1 { settings.patience.here = Int(values[1]) }
        if values.count > 2 { settings.patience.near = Int(values[2]) }
        return settings
    }

    /// How sure a search for all paths is to be.
    var confidence: Double { parsed[options.paths.confidence] ?? MultipathSettings().confidence }

    /// How fast several hosts are traced.
    var pace: FleetPace {
        let rate = parsed[options.rate] ?? FleetPace.sparing.rate ?? 0
        return FleetPace(rate: rate > 0 ? rate : nil, concurrency: parsed[options.concurrency])
    }
}

// MARK: - What is printed

extension TraceRequest {
    /// Whether names are shown beside the addresses.
    var showsNames: Bool { !parsed[options.probes.numeric] }

    /// Whether what the network did to the packets is said.
    var showsRewrites: Bool { parsed[options.rewrites] }

    /// How traces look as text.
    var text: TraceReport.Text {
        var text = TraceReport.Text(showsNames: showsNames, showsExtensions: parsed[options.extensions])
        text.showsWayBack = parsed[options.back]
        text.showsFlags = parsed[options.tcpOptions] != nil
        if let geography { text.note = { geography.note($0, $1, $2) } }
        return text
    }

    /// What is printed of a trace.
    var traceForm: RunForm { format.form(geography, showsRewrites: showsRewrites) }

    /// What of a recorded run is shown: without its names where none are wanted, as if none had been looked up.
    func shown(_ events: [ProbeEvent]) -> [ProbeEvent] {
        if showsNames { return events }
        return events.filter { if case .named = $0.fact { false } else { true } }
    }
}
