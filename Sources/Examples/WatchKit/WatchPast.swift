package import TraceCore
internal import TraceCoreCommandLine
package import TraceCorePathStore
internal import TraceCoreReceivers

extension WatchDaemon {
    /// Lives through a span of time in a moment: takes in what runs saw, in the order of time, and does at each step what it
    /// does each second otherwise.
    ///
    /// - Parameter runs: What gives the events of targets, by their names; nil after the last.
    package func live(
        through runs: [String: () async throws -> ProbeEvent?], from start: UTCTime, to end: UTCTime,
        step: Duration = .seconds(1)
    ) async throws {
        var left = runs.compactMap { name, next in watch(name).map { Past(watch: $0, next: next, began: start) } }
            .sorted { $0.watch.id < $1.watch.id }
        var now = start
        while now < end {
            now = min(end, now + step)
            for index in left.indices {
                take(left[index].watch.take(try await left[index].events(before: now)), of: left[index].watch)
            }
            await commit(at: now, isLast: now == end)
            while let more = try? await store.maintain(now: now), more {}
        }
    }

    /// What is still to come of what was seen of a path.
    private struct Past {
        let watch: Watch
        let next: () async throws -> ProbeEvent?
        /// When the run began that the next event is of.
        var began: UTCTime
        var waiting: ProbeEvent?
        var isOver = false

        mutating func events(before time: UTCTime) async throws -> [ProbeEvent] {
            var events: [ProbeEvent] = []
            while !isOver {
                if waiting == nil {
                    waiting = try await next()
                    if case .started(let run)? = waiting?.fact { began = run.startedAt ?? began }
                }
                guard let event = waiting else {
                    isOver = true
                    break
                }
                guard began + event.at < time else { break }
                events.append(event)
                waiting = nil
            }
            return events
        }
    }

    /// A feed for a daemon that lives in the past: nothing comes of it.
    package static let nothing: Feed = { _ in
        while true { try await Task.sleep(for: .seconds(3_600)) }
    }
}

extension WatchSettings {
    /// The longest past that is invented.
    package static let longestHistory = Duration.seconds(366 * 86_400)
    /// What a store has as long as its past is not whole.
    private static let half = "past"
    /// The parts of a past in which nothing was watched.
    private static let gaps = [0.14..<0.16, 0.69..<0.695]

    /// Fills an empty store with what would have been seen on a simulated internet in the time before now: `history` of it.
    ///
    /// Rounds are as far apart as they are when it is watched; in a past of more than two days, a minute or more.
    ///
    /// - Parameter topology: The internet, or nil for the one of the demo.
    @concurrent package func inventPast(
        before now: UTCTime, on topology: String?, into store: PathStore, _ say: @Sendable (String) -> Void = { _ in }
    ) async throws {
        guard let length = history, length > .zero, let name = network else { return }
        let (newest, isHalf) = try await store.read { (reader) throws(StoreError) in
            (try reader.newestRound(), try reader.state(Self.half) != nil)
        }
        guard !isHalf else {
            throw ProbeError(
                .badInput,
                "The past in \(UntrustedText(store.path).word) is not whole: the program ended while it was invented",
                remedy: "Remove the file, or give another one")
        }
        guard newest == nil else { return }
        say("invents what happened in the last \(length.settingText)")
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.setState(Self.half, to: [1]) }
        let begin = now - length
        let internet = try WatchDemo.internet(
            (topology ?? SimulatedInternet.demoTopology) + (topology == nil ? WatchDemo.pastEvents(length) : ""),
            name: name, at: begin)
        let vantage = vantage(in: internet)
        var settings = self
        // Nobody is told of what is long over.
        settings.receivers = []
        for index in settings.rules.indices { settings.rules[index].receivers = [] }
        let daemon = try WatchDaemon(
            settings, store: store, couriers: { _ in Courier(http: nil, print: { _ in }, log: { _ in }) },
            feed: WatchDaemon.nothing, say: { _ in })
        try await daemon.begin(at: begin)
        var limits = RunLimits.none
        limits.longest = nil
        let apart = length > .seconds(172_800) ? max(.seconds(60), length / 43_200) : .zero
        let gaps = length < .seconds(3_600) ? [] : Self.gaps
        for (index, from) in ([0] + gaps.map(\.upperBound)).enumerated() {
            let to = index < gaps.count ? gaps[index].lowerBound : 1
            let (start, end) = (begin + length * from, begin + length * to)
            let service = ProbeService(
                policy: .all, limits: limits,
                quotas: ProbeService.Quotas(
                    probesPerSecond: nil, runs: 1_000_000, runsPerClient: 1_000_000, runsPerTarget: 1_000_000,
                    lookUpsPerSecond: nil),
                prober: { request in
                    var options = SimulatedInternet.Options(vantage: vantage, seed: UInt64(index))
                    options.startingAt = start - begin
                    return SimulatedProber(request.transport, internet, options: options)
                })
            var runs: [String: () async throws -> ProbeEvent?] = [:]
            for target in settings.targets where target.from == nil {
                var request = target.request
                guard case .monitor(var monitor) = request.work else { continue }
                monitor.interval = max(monitor.interval, apart)
                monitor.rounds = max(1, Int((end - start) / monitor.interval))
                request.work = .monitor(monitor)
                var iterator = try await service.events(for: request, client: target.name).makeAsyncIterator()
                runs[target.name] = { try await iterator.next() }
            }
            try await daemon.live(through: runs, from: start, to: end, step: max(.seconds(1), apart))
            guard index < gaps.count else { break }
            let next = begin + length * gaps[index].upperBound
            try await store.write { (writer) throws(StoreError) in
                try writer.markGap(from: end, to: next, why: "asleep")
            }
        }
        await daemon.end()
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.setState(Self.half, to: nil) }
    }
}

extension WatchDemo {
    /// What happened to the simulated internet in a past of some length: another way, a slow network, loss, two outages.
    fileprivate static func pastEvents(_ length: Duration) -> String {
        let events: [(part: Double, what: String)] = [
            (0.21, "path tokyo: gw bras agg lis mrs bom sin-a nrt hnd"),
            (0.34, "path tokyo: gw bras agg lis lhr jfk ((ord-a | ord-b) den | dfw) lax nrt hnd"),
            (0.40, "set fra delay=9ms"),
            (0.50, "set johannesburg down"), (0.503, "set johannesburg up"),
            (0.55, "set fra delay=4.6ms"),
            (0.60, "set gru loss=4%"), (0.66, "set gru loss=0%"),
            (0.83, "path tokyo: gw bras agg lis mrs bom sin-b nrt hnd"),
            (0.86, "path tokyo: gw bras agg lis lhr jfk ((ord-a | ord-b) den | dfw) lax nrt hnd"),
            (0.91, "set syd jitter=12ms"), (0.93, "set syd jitter=0.6ms"),
            (0.96, "set johannesburg down"), (0.961, "set johannesburg up"),
        ]
        // In a past of a minute, two of them are in the same second.
        let milliseconds = length / .milliseconds(1)
        return events.reduce("\n") { $0 + "at \(Int((milliseconds * $1.part).rounded()))ms \($1.what)\n" }
    }
}
