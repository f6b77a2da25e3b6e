/// Asks a host again and again whether it is there, and how far.
///
/// ```swift
/// let report = try await Pinger(prober).ping("example.com", count: 4)
/// print(report.received, report.rtt?.average ?? .zero)
/// ```
public struct Pinger: ProbeRunner {
    /// How the pinger asks.
    public let prober: any Prober
    /// How often it asks, and how long it waits.
    public var settings: PingSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A pinger over a prober.
    public init(_ prober: some Prober, settings: PingSettings = PingSettings(), options: RunOptions = RunOptions()) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// The same pinger with another count or interval, where these are given.
    private func with(_ count: Int?, _ interval: Duration?) -> Pinger {
        var pinger = self
        pinger.settings.count = count ?? settings.count
        pinger.settings.interval = interval ?? settings.interval
        return pinger
    }

    /// Pings a host a number of times, and gives the report.
    ///
    /// A host that does not answer is a result. When the task is cancelled, the report is of what was known then.
    ///
    /// - Parameters:
    ///   - target: The host to ask.
    ///   - count: How many probes are sent.
    ///   - interval: The time between two probes, or nil for that of the settings.
    /// - Throws: What kept the run from beginning: no such host, no permission, settings that make no sense.
    public func ping(
        _ target: some ProbeTargetConvertible, count: Int, interval: Duration? = nil
    ) async throws(ProbeError) -> PingReport {
        try await with(count, interval).report(for: target)
    }

    /// Pings a host, and gives each answer as it comes, duplicates and late ones too.
    ///
    /// - Parameters:
    ///   - target: The host to ask.
    ///   - count: How many probes are sent, or nil for the count of the settings.
    ///   - interval: The time between two probes, or nil for that of the settings.
    public func replies(
        from target: some ProbeTargetConvertible, count: Int? = nil, interval: Duration? = nil
    ) -> RunStream<PingReport.Reply> {
        with(count, interval).values(for: target) {
            var refused = RefusedProbes()
            return { PingReport.Reply($0, after: &refused) }
        }
    }
}

extension PingSettings: RunSettings {
    /// Makes a ``PingReport``.
    public typealias Fold = PingReport.Fold

    /// A ping.
    public static var verb: Verb { .ping }

    /// Room for the window, and as long as an answer is waited for.
    public var needs: ChannelSettings {
        ChannelSettings(capacity: window, timeout: timeout, payloadSize: size)
    }

    /// A plan that pings one host.
    public func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> some ProbePlan {
        try PingPlan(target: target, settings: self)
    }

    /// The count and the interval.
    public func parameters(over facts: ChannelFacts) -> RunDescription.Parameters {
        RunDescription.Parameters(count: count, interval: interval).with(facts)
    }
}

extension PingReport.Reply {
    /// The answer that an event brings, or nil if it brings none.
    ///
    /// - Parameter refused: What routers have answered before in the run.
    init?(_ event: ProbeEvent, after refused: inout RefusedProbes) {
        switch event.fact {
        case .reply(let probe, let response):
            if !response.kind.isFromTarget { refused.note(probe) }
            self.init(sequence: probe.sequence, answer: response)
        case .late(let probe, let response):
            self.init(sequence: probe.sequence, answer: response, isLate: true)
        case .duplicate(let probe, let response):
            let isOverruling = refused.areOverruled(by: response, to: probe)
            self.init(sequence: probe.sequence, answer: response, isDuplicate: !isOverruling)
        default: return nil
        }
    }
}
