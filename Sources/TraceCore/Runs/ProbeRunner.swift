/// Runs one verb over a prober: for one target or for many, as a stream of events or to the report.
///
/// ``Pinger``, ``PathTracer``, ``PathMonitor``, ``PathFinder`` and ``MTUFinder`` are runners. A verb of your own is a runner with
/// settings of its own (<doc:YourOwnVerb>).
public protocol ProbeRunner: Sendable {
    /// What is asked, and the plan that follows from it.
    associatedtype Settings: RunSettings

    /// How the runner asks.
    var prober: any Prober { get }
    /// What it asks, and how long it waits.
    var settings: Settings { get set }
    /// What all runs have in common.
    var options: RunOptions { get set }
}

/// What a run asks: its verb, its settings, and the plan that follows from them.
public protocol RunSettings: Sendable {
    /// Decides which probe is sent when, and when the run is over.
    associatedtype Plan: ProbePlan
    /// Makes the report of the run's events.
    associatedtype Fold: EventFold

    /// What the run does, as reports name it.
    static var verb: Verb { get }

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    func validate() throws(ProbeError)

    /// What the run needs of its channel: how many probes are out at the most, and how long their answers are waited for.
    var needs: ChannelSettings { get }

    /// The settings for a run that shares its channel with others.
    var amongMany: Self { get }

    /// The plan of a run.
    ///
    /// - Throws: Why such a run is not possible over the channel.
    func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> Plan

    /// What the report repeats of the settings, and of what the channel knows of the packets.
    func parameters(over facts: ChannelFacts) -> RunDescription.Parameters
}

extension RunSettings {
    /// The same.
    public var amongMany: Self { self }
}

/// Says how many probes a run may send now, where many runs share a rate.
package protocol SendAllowance: AnyObject, Sendable {
    /// How many may be sent now, up to a limit; 0 where the run has to wait. They are kept for it until it says how many it
    /// has sent.
    func ready(upTo limit: Int) -> Int
    /// Takes note of how many have been sent, be it none.
    func spend(_ count: Int)
    /// Gives up its turn: there is nothing to send for a while.
    func release()
    /// How long it is until it is worth asking again.
    var pause: Duration { get }
}

// MARK: - One target

extension ProbeRunner {
    /// Runs to the end, and gives the report.
    ///
    /// A silent or unreachable target is a result. When the task is cancelled, the report is of what was known then, and its
    /// end says so.
    ///
    /// - Throws: What kept the run from beginning: no such host, no permission, settings that make no sense; `cancelled`
    ///   where the task was cancelled before that.
    public func report(for target: some ProbeTargetConvertible) async throws(ProbeError) -> Settings.Fold.Report {
        var fold = Settings.Fold()
        try await run(target, handOver: .gathered) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Runs, and gives everything as it happens.
    public func events(for target: some ProbeTargetConvertible) -> RunStream<ProbeEvent> {
        RunStream { sink throws(ProbeError) in try await run(target, sink: sink) }
    }

    /// What is made of the events of one run, as it happens.
    ///
    /// - Parameters:
    ///   - target: The target of the run.
    ///   - limit: How many values the run may be ahead of its reader.
    ///   - transform: Makes a closure for each run, which takes its events and gives values.
    func values<Value: Sendable>(
        for target: some ProbeTargetConvertible, limit: Int = 4096,
        _ transform: @escaping @Sendable () -> (ProbeEvent) -> Value?
    ) -> RunStream<Value> {
        RunStream(limit: limit) { sink throws(ProbeError) in
            let make = transform()
            var values: [Value] = []
            try await run(target) { events in
                for event in events { if let value = make(event) { values.append(value) } }
                events.removeAll(keepingCapacity: true)
                if !values.isEmpty { await sink(&values) }
            }
        }
    }

    /// Runs to the end; the events go to the sink.
    func run(
        _ target: some ProbeTargetConvertible, handOver: HandOver = .atOnce, allowance: (any SendAllowance)? = nil,
        sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        try settings.validate()
        try options.validate()
        let (target, took) = try await TargetSupply.find(target, resolver: prober.resolver, options: options)
        var needs = settings.needs
        needs.target = target.address
        needs.gather = options.gather
        let channel = try await prober.open(needs)
        defer { channel.close() }
        let facts = channel.facts
        let plan = try settings.plan(for: target.address, over: facts)
        let description = RunDescription(
            Settings.verb, target, channel.source(for: target.address), facts, since: .zero,
            settings.parameters(over: facts))
        var driver = RunDriver<ProbeEvent>(
            plan, of: description, options: options, over: channel, resolver: prober.resolver,
            deadline: options.deadline.map { max(.zero, $0 - took) }, handOver: handOver, allowance: allowance)
        _ = await driver.run(sink: sink)
    }
}

// MARK: - Many targets

extension ProbeRunner {
    /// Runs for many targets at once, and gives each report as soon as its run is over.
    ///
    /// All go over one channel and share one rate. Targets are taken from the sequence as there is room for them, and
    /// nothing is kept of those that are done, so there may be any number of them.
    ///
    /// ```swift
    /// for try await trace in PathTracer(prober).reports(for: hosts) {
    ///     print(trace.target, try trace.result.get().hops.count)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - targets: The targets, each with a run of its own.
    ///   - pace: How fast, all together; unless told otherwise, routers that the paths share are spared.
    public func reports<Targets: Sequence & Sendable>(
        for targets: Targets, pace: FleetPace = .sparing
    ) -> RunStream<FleetReport<Settings.Fold.Report>> where Targets.Element: ProbeTargetConvertible {
        RunStream { sink throws(ProbeError) in
            var folds: [Int: Settings.Fold] = [:]
            var names: [Int: String] = [:]
            var count = 0
            var iterator = targets.makeIterator()
            let taken = AnyIterator<any ProbeTargetConvertible> {
                guard let target = iterator.next() else { return nil }
                names[count] = target.text
                count += 1
                return target
            }
            var done: [FleetReport<Settings.Fold.Report>] = []
            try await run(taken, pace) { events in
                for next in events {
                    let result: Result<Settings.Fold.Report, ProbeError>?
                    switch next.event {
                    case .failure(let error): result = .failure(error)
                    case .success(let event):
                        folds[next.position, default: Settings.Fold()].apply(event)
                        guard case .ended = event.fact else { continue }
                        result = folds.removeValue(forKey: next.position)?.report().map { .success($0) }
                    }
                    let name = names.removeValue(forKey: next.position) ?? ""
                    if let result {
                        done.append(FleetReport(position: next.position, target: name, result: result))
                    }
                }
                events.removeAll(keepingCapacity: true)
                if !done.isEmpty { await sink(&done) }
            }
        }
    }

    /// Runs for many targets at once, and gives everything as it happens.
    ///
    /// The events of each target are those of a run of its own, which begins when its turn has come.
    ///
    /// - Parameters:
    ///   - targets: The targets, each with a run of its own.
    ///   - pace: How fast, all together; unless told otherwise, routers that the paths share are spared.
    public func events<Targets: Sequence & Sendable>(
        for targets: Targets, pace: FleetPace = .sparing
    ) -> RunStream<FleetEvent> where Targets.Element: ProbeTargetConvertible {
        RunStream { sink throws(ProbeError) in
            var iterator = targets.makeIterator()
            try await run(AnyIterator { iterator.next() as (any ProbeTargetConvertible)? }, pace, sink: sink)
        }
    }

    private func run(
        _ targets: AnyIterator<any ProbeTargetConvertible>, _ pace: FleetPace,
        sink: (inout [FleetEvent]) async -> Void
    ) async throws(ProbeError) {
        let settings = settings.amongMany
        try settings.validate()
        try options.validate()
        try pace.validate()
        // A run that is over is told nothing more, so no probe is of interest for longer than it is waited for.
        var needs = settings.needs
        needs.memory = needs.timeout ?? needs.memory
        needs.capacity = min(65536, pace.concurrency * needs.capacity)
        let channel = try await prober.open(needs)
        defer { channel.close() }
        var driver = RunDriver<FleetEvent>(
            settings, options: options, over: channel, resolver: prober.resolver,
            targets: TargetSupply(targets, resolver: prober.resolver, options: options), pace: pace,
            interval: max(pace.interval, channel.facts.shortestInterval(needs.memory)), handOver: .inBatches)
        if let failure = await driver.run(sink: sink) { throw failure }
    }
}

// MARK: - What runs share

/// How many events of a run are gathered before they are handed over, and how long they are held at the most.
struct HandOver {
    let batch: Int
    let hold: Duration

    /// As they happen: somebody watches.
    static let atOnce = HandOver(batch: 1, hold: .zero)
    /// By the thousand, within a millisecond: waking the reader for each takes twice as long as everything else.
    static let inBatches = HandOver(batch: 512, hold: .milliseconds(1))
    /// Whenever there are some: nobody looks before the run is over.
    static let gathered = HandOver(batch: 64, hold: .seconds(3600))
}

/// An event as a driver tells it: that of the one run that there is, or that of one of many.
protocol RunEvent: Sendable {
    init(_ event: ProbeEvent, of position: Int)
    /// There is no run for a target.
    init(_ error: ProbeError, of position: Int)
}

extension ProbeEvent: RunEvent {
    @inline(__always) init(_ event: ProbeEvent, of position: Int) { self = event }
    init(_ error: ProbeError, of position: Int) { self.init(at: .zero, .ended(RunEnd(.failed, error: error))) }
}

extension FleetEvent: RunEvent {
    init(_ event: ProbeEvent, of position: Int) { self.init(position: position, event: .success(event)) }
    init(_ error: ProbeError, of position: Int) { self.init(position: position, event: .failure(error)) }
}

extension RunDescription {
    init(
        _ verb: Verb, _ target: ProbeTarget?, _ source: IPAddress?, _ facts: ChannelFacts, since start: Duration,
        _ parameters: RunDescription.Parameters
    ) {
        self.init(
            verb: verb, target: target, source: source, method: facts.method, mode: facts.mode,
            startedAt: facts.openedAt + start, parameters: parameters)
    }
}

extension RunDescription.Parameters {
    /// The settings with what a channel knows of the packets, whatever kind of run they are for.
    public func with(_ facts: ChannelFacts) -> RunDescription.Parameters {
        var parameters = self
        parameters.packetSize = facts.packetSize
        parameters.trafficClass = facts.trafficClass.map(Int.init)
        parameters.segmentSize = facts.segmentSize.map(Int.init)
        return parameters
    }
}

extension EventFold {
    /// Applies events and empties their array.
    mutating func take(_ events: inout [ProbeEvent]) {
        apply(events.span)
        events.removeAll(keepingCapacity: true)
    }

    /// Applies events in their order. A span lends them, where a loop over the array would copy each.
    private mutating func apply(_ events: Span<ProbeEvent>) {
        for index in events.indices { apply(events[index]) }
    }

    /// The report of a run that has ended.
    func finished() throws(ProbeError) -> Report {
        if let report = report() { return report }
        throw ProbeError(.network, "The run ended without having begun")
    }
}

extension ChannelFacts {
    /// The time between two probes at which half of all identities are in use, if each is of interest for so long.
    ///
    /// Faster than that, a sweep of millions would come to have no identity left for its next probe.
    func shortestInterval(_ memory: Duration) -> Duration { identityLimit.map { memory / max(1, $0 / 2) } ?? .zero }
}
