/// Writes a sweep as the lines that users of fping and their scripts know.
///
/// Of a finished target only the names are kept, and its sums if it is probed a fixed number of times. Names come from
/// the run's events, so a recorded run gives the lines of the live one.
public struct FpingOutput: Sendable {
    /// The style.
    public let style: FpingOutput.Style
    var run: RunDescription?
    private(set) var totals = FpingTotals()
    private var tally = SweepTally()
    /// The targets that are probed a fixed number of times, in the order of their first probes, and their positions.
    var targets: [FpingTarget] = []
    /// When sums are shown on the way the next time.
    var nextInterim: Duration?
    /// Writes the time of day above sums on the way; in UTC, unless set.
    public var timeOfDay: @Sendable (UTCTime) -> String = { String($0.secondText.suffix(8)) }
    private var positions: [IPAddress: Int] = [:]
    private var names: [IPAddress: [UntrustedText]] = [:]

    /// An output that has seen nothing.
    ///
    /// - Parameters:
    ///   - style: What is shown.
    ///   - unknown: The number of targets that were left out because their names have no address.
    public init(_ style: FpingOutput.Style, unknown: Int = 0) {
        self.style = style
        totals.unknown = unknown
    }

    /// The number of targets that were probed; a target with several names counts once for each.
    public var asked: Int { totals.targets }

    /// The number of targets that answered; a target with several names counts once for each.
    public var alive: Int { totals.alive }

    /// Takes in the next event, and adds the lines that can be shown now.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        tellInterim(before: event.at, to: &lines)
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
        case .reply(let probe, let reply) where reply.kind.isFromTarget:
            totals.received += 1
            totals.roundTrips.add(reply.rtt)
            answer(probe, reply, at: event.at, to: &lines)
        case .reply(let probe, let reply):
            totals.others += 1
            tell(error: reply, to: probe, to: &lines)
            // As in fping, a router's answer is no answer to the probe.
            totals.timeouts += 1
            lose(probe, at: event.at, to: &lines)
        case .timedOut(let probe):
            totals.timeouts += 1
            lose(probe, at: event.at, to: &lines)
        case .late(let probe, let reply): tell(late: reply, to: probe, to: &lines)
        case .duplicate(let probe, let reply): tell(duplicate: reply, to: probe, to: &lines)
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

    /// Adds the sums so far: those of each target that is probed a fixed number of times, or those of the whole run.
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

// MARK: - The result of each target

extension FpingOutput {
    /// A target counts once for each of its names.
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

    private mutating func answer(
        _ probe: Probe, _ reply: ProbeReply, at time: Duration, to lines: inout FpingOutput.Lines
    ) {
        guard let position = positions[probe.target] else { return }
        if targets[position].sums.roundTrips.count == 0 { totals.alive += weight(of: probe.target) }
        targets[position].sums.roundTrips.add(reply.rtt)
        targets[position].recent.roundTrips.add(reply.rtt)
        if targets[position].values.indices.contains(probe.sequence) {
            targets[position].values[probe.sequence] = reply.rtt
        }
        tell(reply, to: probe, of: targets[position].sums, at: time, to: &lines)
    }

    private mutating func lose(_ probe: Probe, at time: Duration, to lines: inout FpingOutput.Lines) {
        guard let position = positions[probe.target] else { return }
        targets[position].sums.lost += 1
        targets[position].recent.lost += 1
        tell(loss: probe, of: targets[position].sums, at: time, to: &lines)
    }

    /// Adds a line for each name of a target.
    func eachName(of target: IPAddress, in bytes: inout [UInt8], _ line: (FpingName, inout [UInt8]) -> Void) {
        guard !names.isEmpty, style.naming != .address, let known = names[target] else {
            return line(FpingName(address: target, name: nil, naming: .address), &bytes)
        }
        for name in known { line(FpingName(address: target, name: name, naming: style.naming), &bytes) }
    }
}

/// The name of a target in a line.
struct FpingName {
    let address: IPAddress
    let name: UntrustedText?
    let naming: FpingOutput.Style.Naming

    /// Adds the name with everything escaped that could write to a terminal.
    func add(to bytes: inout [UInt8]) {
        guard let name else { return bytes.add(address) }
        bytes.add(name.description)
        guard naming == .both else { return }
        bytes.add(" (")
        bytes.add(address)
        bytes.add(")")
    }

    /// Adds the name as a JSON string, which is escaped by JSON's own rules.
    func addJSON(to bytes: inout [UInt8]) {
        var output = JSONOutput(style: .compact)
        let text = name.map { naming == .both ? "\($0.raw) (\(address))" : $0.raw }
        output.write(string: text ?? "\(address)")
        bytes.append(contentsOf: output.bytes)
    }
}

extension FpingOutput {
    /// Writes a ping as the lines of `fping -J -c`: a line for each answer and for each lost probe, and the sums at the
    /// end.
    public struct Ping: Sendable {
        private var output = FpingOutput(FpingOutput.Style(content: .answers, isJSON: true))

        /// An output that has seen nothing.
        public init() {}

        /// Takes in the next event, and adds the lines that can be shown now.
        public mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
            // fping names the host as it was given; in a ping, `named` events are about addresses that answer.
            if case .named = event.fact { return }
            output.apply(event, to: &lines)
            if case .started(let run) = event.fact, let target = run.target, let name = target.name {
                output.apply(ProbeEvent(at: event.at, .named(target.address, UntrustedText(name))), to: &lines)
            }
        }
    }
}
