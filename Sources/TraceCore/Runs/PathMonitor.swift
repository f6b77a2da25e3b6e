/// Watches the path to a host, round after round.
///
/// ```swift
/// for try await view in PathMonitor(prober).views(of: "example.com", every: .seconds(1)) { print(view.hops.count) }
/// ```
public struct PathMonitor: ProbeRunner {
    /// How the monitor asks.
    public let prober: any Prober
    /// How often it asks, and how far.
    public var settings: MonitorSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A monitor over a prober.
    public init(
        _ prober: some Prober, settings: MonitorSettings = MonitorSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// Watches the path for a number of rounds, and gives the report.
    ///
    /// - Throws: What kept the run from beginning: no such host, no permission, settings that make no sense.
    public func watch(
        _ target: some ProbeTargetConvertible, rounds: Int
    ) async throws(ProbeError) -> MonitorReport {
        var monitor = self
        monitor.settings.rounds = rounds
        return try await monitor.report(for: target)
    }

    /// Watches the path, and gives a view of it after each round and at the end.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the path.
    ///   - interval: The time between the starts of two rounds, or nil for that of the settings.
    public func views(
        of target: some ProbeTargetConvertible, every interval: Duration? = nil
    ) -> RunStream<MonitorReport> {
        var monitor = self
        monitor.settings.interval = interval ?? settings.interval
        return monitor.views(of: target, MonitorReport.Fold.self)
    }

    /// Watches all paths that the flows of the settings take, and gives a view of them after each round and at the end.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the paths.
    ///   - flows: How many flows the rounds take in turn.
    public func pathViews(
        of target: some ProbeTargetConvertible, flows: Int = 16
    ) -> RunStream<PathSetReport> {
        var monitor = self
        monitor.settings.flows = flows
        return monitor.views(of: target, PathSetReport.Fold.self)
    }

    /// Reports of what was known when a round began and when the run ended.
    ///
    /// A reader that is slow gets them one after the other, and the run waits: a report may be large.
    private func views<Fold: EventFold>(
        of target: some ProbeTargetConvertible, _: Fold.Type
    ) -> RunStream<Fold.Report> {
        values(for: target, limit: 16) {
            var fold = Fold()
            var round = 0
            return { event in
                if case .sent(let probe) = event.fact, probe.sequence > round {
                    round = probe.sequence
                    defer { fold.apply(event) }
                    return fold.report()
                }
                fold.apply(event)
                if case .ended = event.fact { return fold.report() }
                return nil
            }
        }
    }
}

extension MonitorSettings: RunSettings {
    /// Makes a ``MonitorReport``.
    public typealias Fold = MonitorReport.Fold

    /// A monitor.
    public static var verb: Verb { .monitor }

    /// Room for the rounds within a timeout.
    public var needs: ChannelSettings {
        var needs = ChannelSettings(capacity: window, timeout: timeout, payloadSize: size)
        needs.keepsFlows = flows > 1
        return needs
    }

    /// A plan that watches the path to one target.
    ///
    /// - Throws: `unsupported` or `badSetting` where the channel cannot tell so many flows apart.
    public func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> some ProbePlan {
        if flows > 1, facts.hasSerialFlows {
            throw ProbeError(
                .unsupported,
                "The system lets one connection request of a flow be out at a time, so several flows cannot "
                    + "be watched by TCP", remedy: "Ask by UDP or ICMP, or run it with CAP_NET_RAW")
        }
        if let limit = facts.flowLimit, flows > 1, flows > limit {
            throw ProbeError(
                .badSetting, "\(flows) flows are more than the \(limit) that can be told apart here",
                remedy: "Give at most \(limit)")
        }
        return try MonitorPlan(target: target, settings: self, gathering: facts.gather)
    }

    /// The TTLs, the rounds and the interval.
    public func parameters(over facts: ChannelFacts) -> RunDescription.Parameters {
        RunDescription.Parameters(firstTTL: Int(firstTTL), maxTTL: Int(maxTTL), count: rounds, interval: interval).with(
            facts)
    }
}

extension MonitorSettings {
    /// Changes how a path is watched while the run goes on: the same flow, the same statistics.
    ///
    /// What takes effect is the interval, the number of rounds, the first and the last TTL, the timeout and the size; the rest
    /// stays as the run began.
    public final class Dial: Sendable, Hashable {
        private let state = Lock<(version: Int, settings: MonitorSettings?)>((0, nil))

        /// A dial that changes nothing yet.
        public init() {}

        /// Sets what holds from the next thing on that the run does; with an interval that is shorter, that may be a round.
        ///
        /// - Throws: `badSetting` for settings that make no sense; then nothing changes.
        public func set(_ settings: MonitorSettings) throws(ProbeError) {
            try settings.validate()
            state.withLock { $0 = ($0.version + 1, settings) }
        }

        /// The settings, if they are newer than a version.
        func settings(after version: inout Int) -> MonitorSettings? {
            state.withLock { state in
                guard state.version != version else { return nil }
                version = state.version
                return state.settings
            }
        }

        /// Whether they are one dial.
        public static func == (left: Dial, right: Dial) -> Bool { left === right }
        /// Makes it a key.
        public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }
}
