internal import TraceCore

/// Begins the rest of a log whose beginning is missing, with what the rest tells.
///
/// Of a probe that was sent before, nothing is handed on: more would be answered than was sent.
struct LostBeginning {
    /// The names that come before the first probe are few.
    private static let waitingLimit = 1000

    private let input: Input
    private let verb: Verb
    private let isSaid: Bool
    private var waiting: [ProbeEvent] = []
    private var first: Probe?
    /// The number of the first probe that was sent; those that were sent before have lower ones.
    private var firstSent: Int?

    /// - Parameter isSaid: Whether the person knows of it.
    init(of input: Input, as verb: Verb, isSaid: Bool) {
        self.input = input
        self.verb = verb
        self.isSaid = isSaid
    }

    /// Whether a probe has said whom the run asks.
    var hasTarget: Bool { first != nil }

    /// The events that stand for the next one of the log.
    ///
    /// - Throws: `badInput` for what cannot be the rest of such a run.
    mutating func take(_ event: ProbeEvent) throws(ProbeError) -> [ProbeEvent] {
        guard let probe = event.probe else {
            if first != nil { return [event] }
            if waiting.count < Self.waitingLimit { waiting.append(event) }
            return []
        }
        guard isOfRun(probe) else {
            throw ProbeError(
                .badInput, "\(UntrustedText(input.name)): the log has no beginning, and is not the rest of a \(verb)",
                remedy: input.lacksBeginning.remedy)
        }
        let beginning = first == nil ? begin(with: probe, at: event.at) : []
        return isKnown(probe, event.fact) ? beginning + [event] : beginning
    }

    private mutating func begin(with probe: Probe, at time: Duration) -> [ProbeEvent] {
        first = probe
        if !isSaid { say(probe.target) }
        let run = RunDescription(
            verb: verb, target: ProbeTarget(address: probe.target), method: nil, mode: nil, startedAt: nil)
        defer { waiting = [] }
        return [ProbeEvent(at: time, .started(run))] + waiting
    }

    /// Whether a probe can be of the same run as the first one: to one host, and of a ping with one TTL.
    private func isOfRun(_ probe: Probe) -> Bool {
        guard let first else { return true }
        return probe.target == first.target && (verb != .ping || probe.ttl == first.ttl)
    }

    private mutating func isKnown(_ probe: Probe, _ fact: ProbeEvent.Fact) -> Bool {
        switch fact {
        case .sent where firstSent == nil:
            firstSent = probe.id
            return true
        case .sendFailed: return true
        default: return firstSent.map { probe.id >= $0 } ?? false
        }
    }

    private func say(_ target: IPAddress) {
        Output.error.print(
            "\(programName): \(UntrustedText(input.name)): the log has no beginning: when and how \(target) was asked is "
                + "not known, nor what came before. The figures are those of the probes that were sent since")
    }
}
