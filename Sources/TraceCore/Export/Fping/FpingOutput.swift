/// Tells of a sweep in the lines that users of fping, and their scripts, know.
///
/// Nothing is kept of a target whose line is out but its names, unless it is asked a number of times: then its sums are.
/// The names are those of the run's events, so that a recorded run reads as the live one did.
public struct FpingOutput: Sendable {
    /// What is shown.
    public let style: FpingOutput.Style
    var run: RunDescription?
    private(set) var totals = FpingTotals()
    private var tally = SweepTally()
    /// The targets that are asked a number of times, in the order of their first probes, and where each of them stands.
    private(set) var targets: [FpingTarget] = []
    private var positions: [IPAddress: Int] = [:]
    private var names: [IPAddress: [UntrustedText]] = [:]

    /// An output that has seen nothing.
    ///
    /// - Parameters:
    ///   - style: What is shown.
    ///   - unknown: How many targets had to be left out because no address was found for their names.
    public init(_ style: FpingOutput.Style, unknown: Int = 0) {
        self.style = style
        totals.unknown = unknown
    }

    /// The targets that have been asked, each as often as it has names.
    public var asked: Int { totals.targets }

    /// The targets that have answered, each as often as it has names.
    public var alive: Int { totals.alive }

    /// Takes in the next event, and adds the lines that can be shown now.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        totals.elapsed = max(totals.elapsed, event.at)
        switch event.fact {
        case .started(let run): self.run = run
        case .sent(let probe):
            totals.sent += 1
            ask(probe)
        case .sendFailed(let probe, let error):
            ask(probe)
            tell(failure: error, of: probe, to: &lines)
            lose(probe, at: event.at, to: &lines)
        case .reply(let probe, let response) where response.kind.isFromTarget:
            totals.received += 1
            totals.roundTrips.add(response.rtt)
            answer(probe, response, at: event.at, to: &lines)
        case .reply(let probe, let response):
            totals.others += 1
            tell(error: response, to: probe, to: &lines)
            // As fping has it, what a router says of a probe is no answer to it.
            totals.timeouts += 1
            lose(probe, at: event.at, to: &lines)
        case .timedOut(let probe):
            totals.timeouts += 1
            lose(probe, at: event.at, to: &lines)
        case .late(let probe, let response): tell(late: response, to: probe, to: &lines)
        case .duplicate(let probe, let response): tell(duplicate: response, to: probe, to: &lines)
        case .named(_, nil): break
        case .named(let address, let name?):
            if names[address]?.contains(name) != true { names[address, default: []].append(name) }
        case .ended: break
        }
        if style.content == .targets, let result = tally.apply(event) {
            if result.isAlive { totals.alive += weight(of: result.target) }
            tell(result, to: &lines)
        }
        if case .ended(let end) = event.fact { finish(end, to: &lines) }
    }

    /// Adds what the run comes to so far: the sums of each target that is asked a number of times, or of all together.
    public func summary(to lines: inout FpingOutput.Lines) {
        if style.content == .targets {
            tellStatistics(to: &lines)
        } else {
            for target in targets { tell(target, to: &lines) }
        }
    }

    private func finish(_ end: RunEnd, to lines: inout FpingOutput.Lines) {
        if style.content != .targets {
            if !style.isQuiet, !style.isJSON { lines.messages.endLine() }
            for target in targets { tell(target, to: &lines) }
        }
        if style.showsStatistics { tellStatistics(to: &lines) }
        if end.reason == .failed {
            lines.messages.add("not finished: \(end.error.map(\.harmlessText) ?? "the network failed")\n")
        }
    }
}

// MARK: - What becomes of each target

extension FpingOutput {
    /// How often a target counts: once for each name.
    private func weight(of target: IPAddress) -> Int {
        names.isEmpty || style.naming == .address ? 1 : max(1, names[target]?.count ?? 0)
    }

    private mutating func ask(_ probe: Probe) {
        if probe.sequence == 0 { totals.targets += weight(of: probe.target) }
        guard style.content != .targets else { return }
        var position = positions[probe.target]
        if position == nil {
            position = targets.count
            positions[probe.target] = position
            targets.append(FpingTarget(address: probe.target))
        }
        guard let position else { return }
        if style.content == .values { targets[position].values.append(nil) }
    }

    private mutating func answer(_ probe: Probe, _ response: ProbeReply, at time: Duration, to lines: inout FpingOutput.Lines)
    {
        guard let position = positions[probe.target] else { return }
        if targets[position].roundTrips.count == 0 { totals.alive += weight(of: probe.target) }
        targets[position].roundTrips.add(response.rtt)
        if targets[position].values.indices.contains(probe.sequence) {
            targets[position].values[probe.sequence] = response.rtt
        }
        tell(response, to: probe, of: targets[position], at: time, to: &lines)
    }

    private mutating func lose(_ probe: Probe, at time: Duration, to lines: inout FpingOutput.Lines) {
        guard let position = positions[probe.target] else { return }
        targets[position].lost += 1
        tell(loss: probe, of: targets[position], at: time, to: &lines)
    }

    /// Adds a line for each name of a target.
    func eachName(of target: IPAddress, in bytes: inout [UInt8], _ line: (FpingName, inout [UInt8]) -> Void) {
        guard !names.isEmpty, style.naming != .address, let known = names[target] else {
            return line(FpingName(address: target, name: nil, naming: .address), &bytes)
        }
        for name in known { line(FpingName(address: target, name: name, naming: style.naming), &bytes) }
    }
}

/// What a target is called in a line.
struct FpingName {
    let address: IPAddress
    let name: UntrustedText?
    let naming: FpingOutput.Style.Naming

    /// Adds the name as it may be printed.
    func add(to bytes: inout [UInt8]) {
        guard let name else { return bytes.add(address) }
        bytes.add(name.description)
        guard naming == .both else { return }
        bytes.add(" (")
        bytes.add(address)
        bytes.add(")")
    }

    /// Adds the name as a string of JSON, which has its own way to make it harmless.
    func addJSON(to bytes: inout [UInt8]) {
        var output = JSONOutput(style: .compact)
        let text = name.map { naming == .both ? "\($0.raw) (\(address))" : $0.raw }
        output.write(string: text ?? "\(address)")
        bytes.append(contentsOf: output.bytes)
    }
}

/// Tells of a ping in the lines of `fping -J -c`: each answer and each probe without one as they come, and at the end what
/// came of the host in sum.
public struct FpingPing: Sendable {
    private var output = FpingOutput(FpingOutput.Style(content: .answers, isJSON: true))

    /// An output that has seen nothing.
    public init() {}

    /// Takes in the next event, and adds the lines that can be shown now.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        // fping calls the host as it was given; the names that a ping hears of are those of addresses that answer.
        if case .named = event.fact { return }
        output.apply(event, to: &lines)
        if case .started(let run) = event.fact, let target = run.target, let name = target.name {
            output.apply(ProbeEvent(at: event.at, .named(target.address, UntrustedText(name))), to: &lines)
        }
    }
}
