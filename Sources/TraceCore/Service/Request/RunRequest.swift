/// What is to be run: at which hosts, which verb with which settings, and by which packets.
///
/// A query string, a line of a configuration, a job from a queue and a command line all become this value. It is checked in
/// one place, by ``RunLimits/check(_:)``.
///
/// ```swift
/// let request = RunRequest("example.com", .ping(PingSettings(count: 4)), by: .icmp)
/// let asked = try RunRequest(parsing: ["verb": "trace", "target": "example.com", "maxTTL": "20"])
/// ```
///
/// The settings are those of the verb, so there is none that does not apply. In JSON and in query strings they are
/// written flat, by ``Key``; what is missing is as ``RunLimits/defaults`` has it. A time is a number of seconds, or a text with
/// a unit such as `200ms`.
public struct RunRequest: Sendable, Hashable {
    /// The hosts: names, addresses, or for a sweep networks too. Most requests have one.
    public var targets: [String]
    /// What is done.
    public var work: Work
    /// What the probes are.
    public var transport: ProbeTransport
    /// How the packets are made, and where they leave. The size of a payload is a setting of the verb.
    public var live: LiveProber.Options
    /// The only family of addresses that counts, or nil for both.
    public var family: IPAddress.Family?
    /// Whether names are looked up of the addresses that answer.
    public var names: Bool
    /// How long it may take from the first look-up to the end, or nil for as long as is allowed.
    public var deadline: Duration?

    /// A request for one host.
    public init(
        _ target: String, _ work: Work, by transport: ProbeTransport? = nil,
        live: LiveProber.Options = LiveProber.Options(),
        family: IPAddress.Family? = nil, names: Bool = true, deadline: Duration? = nil
    ) {
        self.init(
            [target], work, by: transport, live: live, family: family, names: names, deadline: deadline)
    }

    /// A request for many hosts.
    public init(
        _ targets: [String], _ work: Work, by transport: ProbeTransport? = nil,
        live: LiveProber.Options = LiveProber.Options(),
        family: IPAddress.Family? = nil, names: Bool = true, deadline: Duration? = nil
    ) {
        self.targets = targets
        self.work = work
        self.transport = transport ?? work.verb.usualTransport
        self.live = live
        self.family = family
        self.names = names
        self.deadline = deadline
    }

    /// What is done, with its settings.
    public enum Work: Sendable, Hashable {
        /// A host is asked again and again whether it is there.
        case ping(PingSettings)
        /// The path to a host is found.
        case trace(TraceSettings)
        /// The path to a host is watched.
        case monitor(MonitorSettings)
        /// All paths to a host are found.
        case paths(MultipathSettings)
        /// It is found how large packets to a host may be.
        case mtu(PathMTUSettings)
        /// Many hosts are asked whether they are there.
        case sweep(SweepSettings)
    }

    /// The name of what is done, as in the events of the run.
    public enum Verb: String, Sendable, Hashable, Codable, CaseIterable {
        case ping, trace, monitor, paths, mtu, sweep

        /// The verb with the usual settings.
        public var usual: Work {
            switch self {
            case .ping: .ping(PingSettings())
            case .trace: .trace(TraceSettings())
            case .monitor: .monitor(MonitorSettings())
            case .paths: .paths(MultipathSettings())
            case .mtu: .mtu(PathMTUSettings())
            case .sweep: .sweep(SweepSettings())
            }
        }

        /// What its probes are unless it is said otherwise.
        var usualTransport: ProbeTransport {
            switch self {
            case .ping, .monitor, .sweep: .icmp
            case .trace, .paths, .mtu: .udp
            }
        }
    }
}

extension RunRequest.Work {
    /// The name of what is done.
    public var verb: RunRequest.Verb {
        switch self {
        case .ping: .ping
        case .trace: .trace
        case .monitor: .monitor
        case .paths: .paths
        case .mtu: .mtu
        case .sweep: .sweep
        }
    }

    /// The most probes that each target gets in a time, `Int.max` where nothing bounds them; nil where it is not known
    /// beforehand.
    func mostProbes(within time: Duration) -> Int? {
        switch self {
        case .ping(let settings):
            if let count = settings.count, !settings.countsAnswers { return count }
            let interval = settings.adaptive ? settings.shortestInterval : settings.interval
            return Self.turns(of: interval, in: time).addingReportingOverflow(settings.preload).partialValue
        case .trace(let settings): return Self.hops(settings.firstTTL, settings.maxTTL) * settings.queries
        case .monitor(let settings):
            let rounds = settings.rounds ?? Self.turns(of: settings.interval, in: time)
            let (count, isTooMany) = rounds.multipliedReportingOverflow(
                by: Self.hops(settings.firstTTL, settings.maxTTL))
            return isTooMany ? .max : count
        case .paths: return nil
        case .mtu(let settings):
            // The trace; what the search for sizes takes is counted while it runs, as that for paths is.
            return Self.hops(settings.trace.firstTTL, settings.trace.maxTTL) * settings.trace.queries
        case .sweep(let settings):
            if case .repeating(let period) = settings.mode { return Self.turns(of: period, in: time) }
            return settings.tries
        }
    }

    private static func hops(_ first: UInt8, _ last: UInt8) -> Int { max(0, Int(last) - Int(first) + 1) }

    /// How often something happens in a time, at most half of `Int.max` so that there is room to count on.
    private static func turns(of interval: Duration, in time: Duration) -> Int {
        guard interval > .zero, time / interval < 4e18 else { return .max / 2 }
        return Int(time / interval) + 1
    }
}
