package import TraceCore
package import TraceCorePathStore
package import TraceCoreReceivers
package import TraceCoreServer

/// Watches paths until its task is cancelled: what it sees goes into the store, and what is wrong to the receivers.
package final class WatchDaemon: Sendable {
    /// Where the events of a target come from.
    package typealias Feed = @Sendable (WatchSettings.Target) async throws -> RunFeed
    /// Who brings messages to receivers.
    package typealias Couriers = @Sendable ([Receiver]) throws -> Courier

    struct State {
        var settings: WatchSettings
        var watches: [String: Watch] = [:]
        /// What goes on for each.
        var tasks: [String: Task<Void, Never>] = [:]
        var book = AlertBook()
        var rounds: [Round] = []
        var changes: [StoredChange] = []
        /// The names of addresses that are to be kept.
        var names: [IPAddress: UntrustedText] = [:]
        var silences: [Silence] = []
        /// Why the store takes nothing at the moment.
        var failure: StoreError?
        var lostRounds = 0
        var hasLeftOut = false
        /// Decisions that were told and could not be kept, and what was told of them.
        var unkept: [AlertBook.Decision] = []
        var unkeptDeliveries: [(alert: String, delivery: StoredDelivery)] = []
        var ticks = 0
        /// Taking other settings, which one does after the other.
        var following: Task<Void, any Error>?
    }

    /// So many rounds wait for a store that takes none: ten minutes of a thousand targets.
    static let mostWaiting = 600_000
    /// What is known of a target is kept this often.
    static let memoryPeriod = 60

    package let store: PathStore
    private let feed: Feed
    private let couriers: Couriers
    let outbox: Outbox
    let say: @Sendable (String) -> Void
    let state: Lock<State>

    /// A daemon that watches nothing yet.
    ///
    /// - Parameters:
    ///   - couriers: Makes who brings messages to receivers; asked again when those are others.
    ///   - say: Takes what the operator is to know.
    package init(
        _ settings: WatchSettings, store: PathStore, couriers: @escaping Couriers, feed: @escaping Feed,
        say: @escaping @Sendable (String) -> Void
    ) throws {
        (self.store, self.couriers, self.feed, self.say) = (store, couriers, feed, say)
        outbox = Outbox(settings.receivers, try couriers(settings.receivers))
        state = Lock(State(settings: settings))
    }

    /// What is watched, by name.
    package var watches: [Watch] { state.withLock { $0.watches.values.sorted { $0.target.name < $1.target.name } } }
    /// The watch with a name.
    package func watch(_ name: String) -> Watch? { state.withLock { $0.watches[name] } }
    /// What is wrong now.
    package var alerts: [Alert] { state.withLock { $0.book.alerts } }
    /// The settings that it goes by.
    package var settings: WatchSettings { state.withLock { $0.settings } }
    /// Why the store takes nothing at the moment, and how many rounds were lost for it.
    package var trouble: (error: StoreError?, lost: Int) { state.withLock { ($0.failure, $0.lostRounds) } }

    // MARK: Its life

    /// Reads what was kept, and begins to watch.
    ///
    /// - Throws: That the store cannot be read, or does not take a target that it has not.
    package func begin(at now: UTCTime = .now) async throws {
        let (book, silences, newest, waiting, open) = try await store.read { (reader) throws(StoreError) in
            (
                try reader.state("book"), try reader.silences(from: now), try reader.newestRound(),
                try reader.dueDeliveries(now: now + .seconds(365 * 86_400), limit: 1_000_000), try reader.openAlerts()
            )
        }
        if let newest, newest + .seconds(5) < now { await mark(from: newest, to: now, "not running") }
        state.withLock { state in
            if let book, let known = try? JSON.decode(AlertBook.self, from: book) { state.book = known }
            state.silences = silences
        }
        let known = Set(alerts.map(\.id))
        let forgotten = open.filter { !known.contains($0.key) }
        if !forgotten.isEmpty {
            // Nobody would ever end them.
            _ = try? await store.write(.promised) { (writer) throws(StoreError) in
                for alert in forgotten { try writer.resolve(alert.id, at: now) }
            }
        }
        outbox.add(waiting.compactMap(\.message))
        try await watch(by: settings)
    }

    /// Goes on until the task is cancelled, and keeps what is known then. ``begin(at:)`` comes before.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.recall(self.watches, at: .now) }
            group.addTask { await self.tick() }
            group.addTask { await self.refresh() }
            group.addTask { await self.outbox.run() }
        }
        await end()
    }

    /// Watches nothing any more, and keeps what is known.
    func end() async {
        stopWatching()
        await commit(at: .now, isLast: true)
    }

    /// Takes other settings: what is watched as before goes on without a gap. If it cannot, all stays as it was.
    package func follow(_ settings: WatchSettings) async throws {
        let task = state.withLock { state in
            let task = Task { [before = state.following] in
                _ = await before?.result
                let courier = try self.couriers(settings.receivers)
                let new = try await self.watch(by: settings) { self.outbox.follow(settings.receivers, courier) }
                await self.recall(new, at: .now)
            }
            state.following = task
            return task
        }
        try await task.value
    }

    /// Begins to watch what is new, and ends what is not wanted any more.
    ///
    /// - Parameter ready: Called before anything goes by the new settings.
    /// - Returns: What is watched anew.
    @discardableResult
    private func watch(by settings: WatchSettings, ready: () -> Void = {}) async throws -> [Watch] {
        let known = state.withLock(\.watches)
        let names = Set(settings.targets.map(\.name))
        let new = settings.targets.filter { known[$0.name]?.target != $0 }
        // Before anything is ended: a store that takes nothing must not leave half of it.
        let made = try await kept(new)
        let rules = Dictionary(
            settings.targets.map { target in (target.name, settings.rules.filter { $0.fits(target) }) },
            uniquingKeysWith: { $1 })
        ready()
        state.withLock { state in
            state.settings = settings
            for name in state.watches.keys where !names.contains(name) || new.contains(where: { $0.name == name }) {
                state.tasks.removeValue(forKey: name)?.cancel()
                state.watches[name] = nil
            }
            for (name, watch) in state.watches {
                for (note, rule) in watch.follow(rules[name] ?? [], at: .now) { state.book.take(note, rule) }
            }
            state.book.forget(at: .now) { rule, target in !(rules[target] ?? []).contains { $0.name == rule } }
        }
        // What is remembered of those that are gone is of no use, and takes room; it is tried again at the next start.
        _ = try? await store.write { (writer) throws(StoreError) in
            try writer.removeState(beginningWith: "watch:", keeping: Set(names.map { "watch:\($0)" }))
        }
        // What was kept of a thousand paths takes a second to read, and those that are read need not wait for the others.
        let begun = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            for (index, (target, id, memory)) in made.enumerated() {
                group.addTask {
                    let watch = Watch(target, id: id, rules: rules[target.name] ?? [], kept: memory)
                    // Not all at once: their rounds are spread over the interval.
                    self.start(watch, at: begun + target.interval * (Double(index) / Double(made.count)))
                }
            }
        }
        return made.compactMap { self.watch($0.target.name) }
    }

    /// The numbers of targets in the store, and what is remembered of them.
    private func kept(_ targets: [WatchSettings.Target]) async throws(StoreError) -> [(
        target: WatchSettings.Target, id: Int64, memory: [UInt8]?
    )] {
        guard !targets.isEmpty else { return [] }
        let settings = targets.map { (try? JSON.encode($0.request)) ?? [] }
        // A store that can only be read will do for those that are as they were.
        let known = try await store.read { (reader) throws(StoreError) in
            try targets.indices.map { (index: Int) throws(StoreError) -> Int64? in
                guard let one = try reader.target(named: targets[index].name), one.settings == settings[index],
                    one.labels == targets[index].keptLabels
                else { return nil }
                return one.id
            }
        }
        let ids: [Int64]
        if known.contains(nil) {
            ids = try await store.write(.promised) { (writer) throws(StoreError) in
                try targets.indices.map { (index: Int) throws(StoreError) -> Int64 in
                    if let id = known[index] { return id }
                    return try writer.target(
                        targets[index].name, settings: settings[index], labels: targets[index].keptLabels)
                }
            }
        } else {
            ids = known.compactMap { $0 }
        }
        return try await store.read { (reader) throws(StoreError) in
            try targets.indices.map { (index) throws(StoreError) in
                (targets[index], ids[index], try reader.state("watch:\(targets[index].name)"))
            }
        }
    }

    private func start(_ watch: Watch, at time: ContinuousClock.Instant) {
        let task = Task { await self.follow(watch, after: max(.zero, ContinuousClock.now.duration(to: time))) }
        state.withLock { state in
            state.watches[watch.target.name] = watch
            state.tasks.updateValue(task, forKey: watch.target.name)?.cancel()
        }
    }

    /// Reads what became of the last hour before they were watched.
    func recall(_ watches: [Watch], at now: UTCTime) async {
        for watch in watches {
            let slots = try? await store.read { [id = watch.id] (reader) throws(StoreError) in
                try reader.history(of: id, from: now - .seconds(3_600), to: now, slots: 60).slots
            }
            watch.recall((slots ?? []).compactMap { slot in slot.end.map { Watch.Minute(slot.start, $0) } })
        }
    }

    private func stopWatching() {
        let tasks = state.withLock { state in
            defer { state.tasks = [:] }
            return state.tasks.values
        }
        for task in tasks { task.cancel() }
    }

    // MARK: Watching

    private func follow(_ watch: Watch, after delay: Duration) async {
        try? await Task.sleep(for: delay)
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                try await feed(watch.target).forEachBatch { events in self.take(watch.take(events), of: watch) }
            } catch is CancellationError {
                break
            } catch {
                let reason = "\(error)"
                if Task.isCancelled { break }
                if watch.failure != reason { say("\(UntrustedText(watch.target.name).word): \(reason)") }
                take(watch.fail(reason, at: .now), of: watch)
                // One that fails at once would be asked again and again.
                pause = began.duration(to: .now) > .seconds(30) ? .seconds(1) : min(pause * 2, .seconds(30))
                try? await Task.sleep(for: pause)
                continue
            }
            pause = .seconds(1)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    func take(_ findings: Watch.Findings, of watch: Watch) {
        guard !findings.isEmpty else { return }
        state.withLock { state in
            state.rounds += findings.rounds
            state.names.merge(findings.names) { $1 }
            for change in findings.changes {
                guard let body = try? JSON.encode(change) else { continue }
                state.changes.append(
                    StoredChange(
                        target: watch.id, at: change.at, noticedAt: change.noticedAt, kind: change.kind,
                        hop: change.hop, body: body))
            }
            for (note, rule) in findings.notes { state.book.take(note, rule) }
        }
    }

    // MARK: Each second

    private func tick() async {
        let clock = ContinuousClock()
        var due = clock.now
        // The clock that stands still while the machine sleeps.
        let awake = SuspendingClock()
        var (wall, moment) = (UTCTime.now, awake.now)
        while !Task.isCancelled {
            due += .seconds(1)
            try? await Task.sleep(until: due, tolerance: .milliseconds(50))
            // A machine that slept, or a clock that was set: nothing was watched, or the times of rounds are others.
            let (now, later) = (UTCTime.now, awake.now)
            let drift = (now - wall) - moment.duration(to: later)
            (wall, moment) = (now, later)
            if abs(drift.components.seconds) >= 5 { await restart(at: now, drift) }
            if clock.now > due + .seconds(5) { due = clock.now }
            if Task.isCancelled { return }
            await commit(at: now, isLast: false)
            outbox.wake()
            for _ in 0..<2 {
                guard let more = try? await store.maintain(now: now), more else { break }
            }
        }
    }

    /// Begins all runs anew, so that their times are those of the clock.
    private func restart(at now: UTCTime, _ drift: Duration) async {
        let seconds = abs(drift.components.seconds)
        say("the clock went \(drift > .zero ? "on" : "back") by \(seconds) s; all paths are watched anew")
        if drift > .zero { await mark(from: now - drift, to: now, "asleep") }
        let watches = self.watches
        for (index, watch) in watches.enumerated() {
            watch.clockWasSet(by: drift)
            start(watch, at: .now + watch.target.interval * (Double(index) / Double(watches.count)))
        }
    }

    private func mark(from: UTCTime, to: UTCTime, _ why: String) async {
        do {
            try await store.write { (writer) throws(StoreError) in try writer.markGap(from: from, to: to, why: why) }
        } catch {
            say("that nothing was watched from \(from) to \(to) cannot be kept: \(error)")
        }
    }
}
