internal import TraceCore
package import TraceCorePathStore
package import TraceCoreReceivers
package import TraceCoreServer

/// Watches paths until its task is cancelled: what it sees goes into the store, and what is wrong to the receivers.
package final class WatchDaemon: Sendable {
    /// Where the events of a target come from.
    package typealias Feed = @Sendable (WatchSettings.Target) async throws -> RunFeed
    /// Who brings messages to receivers.
    package typealias Couriers = @Sendable ([Receiver]) throws -> Courier

    private struct State {
        var settings: WatchSettings
        var watches: [String: Watch] = [:]
        /// What goes on for each.
        var tasks: [String: Task<Void, Never>] = [:]
        var book = AlertBook()
        var rounds: [Round] = []
        var changes: [StoredChange] = []
        var silences: [Silence] = []
        /// Why the store takes nothing at the moment.
        var failure: StoreError?
        var lostRounds = 0
        var hasLeftOut = false
        /// Decisions that were told and could not be kept, and what was told of them.
        var unkept: [AlertBook.Decision] = []
        var unkeptDeliveries: [(alert: String, delivery: TraceCorePathStore.Delivery)] = []
        var ticks = 0
        /// Taking other settings, which one does after the other.
        var following: Task<Void, any Error>?
    }

    /// So many rounds wait for a store that takes none: ten minutes of a thousand targets.
    private static let mostWaiting = 600_000
    /// What is known of a target is kept this often.
    private static let memoryPeriod = 60

    package let store: PathStore
    private let feed: Feed
    private let couriers: Couriers
    private let outbox: Outbox
    private let say: @Sendable (String) -> Void
    private let state: Lock<State>

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
    package func begin() async throws {
        let now = UTCTime.now
        let (book, silences, newest, waiting) = try await store.read { (reader) throws(StoreError) in
            (
                try reader.state("book"), try reader.silences(from: now), try reader.newestRound(),
                try reader.dueDeliveries(now: now + .seconds(365 * 86_400), limit: 10_000)
            )
        }
        if let newest, newest + .seconds(5) < now { await mark(from: newest, to: now, "not running") }
        state.withLock { state in
            if let book, let known = try? JSON.decode(AlertBook.self, from: book) { state.book = known }
            state.silences = silences
        }
        outbox.add(waiting.compactMap(\.message))
        try await watch(by: settings)
    }

    /// Goes on until the task is cancelled, and keeps what is known then. ``begin()`` comes before.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            group.addTask { await self.refresh() }
            group.addTask { await self.outbox.run() }
        }
        stopWatching()
        await commit(at: .now, isLast: true)
    }

    /// Takes other settings: what is watched as before goes on without a gap. If it cannot, all stays as it was.
    package func follow(_ settings: WatchSettings) async throws {
        let task = state.withLock { state in
            let task = Task { [before = state.following] in
                _ = await before?.result
                let courier = try self.couriers(settings.receivers)
                try await self.watch(by: settings)
                self.outbox.follow(settings.receivers, courier)
            }
            state.following = task
            return task
        }
        try await task.value
    }

    /// Begins to watch what is new, and ends what is not wanted any more.
    private func watch(by settings: WatchSettings) async throws {
        let known = state.withLock(\.watches)
        let names = Set(settings.targets.map(\.name))
        let new = settings.targets.filter { known[$0.name]?.target != $0 }
        // Before anything is ended: a store that takes nothing must not leave half of it.
        let made = try await kept(new)
        let rules = Dictionary(
            settings.targets.map { target in (target.name, settings.rules.filter { $0.fits(target) }) },
            uniquingKeysWith: { $1 })
        state.withLock { state in
            state.settings = settings
            for name in state.watches.keys where !names.contains(name) || new.contains(where: { $0.name == name }) {
                state.tasks.removeValue(forKey: name)?.cancel()
                state.watches[name] = nil
            }
            for (name, watch) in state.watches { watch.follow(rules[name] ?? []) }
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
                    one.labels == targets[index].labels
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
                        targets[index].name, settings: settings[index], labels: targets[index].labels)
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

    private func take(_ findings: Watch.Findings, of watch: Watch) {
        guard !findings.rounds.isEmpty || !findings.changes.isEmpty || !findings.notes.isEmpty else { return }
        state.withLock { state in
            state.rounds += findings.rounds
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

    /// What goes into the store in one transaction.
    private struct Batch: Sendable {
        var rounds: [Round] = []
        var changes: [StoredChange] = []
        var memories: [(key: String, bytes: [UInt8])] = []
        var decisions: [AlertBook.Decision] = []
        /// Decisions of which everybody has been told while the store took nothing.
        var unkept: [AlertBook.Decision] = []
        var deliveries: [(alert: String, delivery: TraceCorePathStore.Delivery)] = []
        /// Messages that are on their way already, and what became of some.
        var unkeptDeliveries: [(alert: String, delivery: TraceCorePathStore.Delivery)] = []
        var settlements: [String: Outbox.Settlement] = [:]
        var book: [UInt8]?
    }

    private func commit(at now: UTCTime, isLast: Bool) async {
        let batch = gather(at: now, isLast: isLast)
        do {
            let left = try await store.write(
                batch.unkept.isEmpty && batch.decisions.isEmpty ? .samples : .promised
            ) { (writer) throws(StoreError) in
                try Self.write(batch, into: writer)
            }
            let (wasFailing, isFirst) = state.withLock { state in
                defer {
                    state.failure = nil
                    state.lostRounds += left
                    state.hasLeftOut = state.hasLeftOut || left > 0
                }
                return (state.failure != nil, left > 0 && !state.hasLeftOut)
            }
            if isFirst { say("rounds with an impossible time or hop are left out; the metrics count them") }
            if wasFailing { say("the store takes what is seen again") }
        } catch {
            outbox.giveBack(batch.settlements)
            let isNew = state.withLock { state in
                defer { state.failure = error }
                // What could not be kept is kept later, as long as there is room for it.
                state.rounds = batch.rounds + state.rounds
                state.changes = batch.changes + state.changes
                state.unkept = (batch.unkept + batch.decisions).suffix(10_000)
                state.unkeptDeliveries = (batch.unkeptDeliveries + batch.deliveries).suffix(10_000)
                let extra = state.rounds.count - Self.mostWaiting
                if extra > 0 {
                    state.rounds.removeFirst(extra)
                    state.lostRounds += extra
                }
                return state.failure == nil
            }
            if isNew { say("the store takes nothing, and watching goes on in memory: \(error)") }
        }
        // Whoever has to be told is told, though nothing of it can be kept.
        outbox.add(batch.deliveries.compactMap(\.delivery.message))
    }

    private func gather(at now: UTCTime, isLast: Bool) -> Batch {
        let (settings, watches) = state.withLock { ($0.settings, $0.watches) }
        var batch = Batch()
        let second = state.withLock { state in
            state.ticks += 1
            batch.rounds = state.rounds
            batch.changes = state.changes
            (batch.unkept, batch.unkeptDeliveries) = (state.unkept, state.unkeptDeliveries)
            (state.rounds, state.changes, state.unkept, state.unkeptDeliveries) = ([], [], [], [])
            let rules = Dictionary(settings.rules.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
            let labels: (String) -> [String: String] = { name in
                guard let target = watches[name]?.target else { return ["target": name] }
                var labels = target.labels
                labels["target"] = target.name
                labels["host"] = target.host
                if let from = target.from { labels["from"] = from }
                return labels
            }
            batch.decisions = state.book.decide(
                at: now, wait: settings.groupWait, rules: rules, labels: labels,
                link: { id in settings.externalURL.map { "\($0)/alerts/\(id)" } },
                id: { String(UInt64.random(in: 0...UInt64.max), radix: 36) })
            return state.ticks
        }
        batch.settlements = outbox.takeSettlements()
        // What is known of a target and what the book has of it are kept together, or one would know of an outage and the other
        // not. The book is read last: what it knows too early is noted once more, and known.
        let decided = Set(batch.decisions.flatMap(\.alert.targets))
        for (index, watch) in watches.values.sorted(by: { $0.id < $1.id }).enumerated()
        where isLast || index % Self.memoryPeriod == second % Self.memoryPeriod || decided.contains(watch.target.name) {
            batch.memories.append(("watch:\(watch.target.name)", watch.memory))
        }
        if !batch.memories.isEmpty || !batch.decisions.isEmpty {
            batch.book = state.withLock { try? JSON.encode($0.book) }
        }
        for decision in batch.decisions where decision.isTold && !isSilenced(decision.alert, at: now) {
            for receiver in Self.receivers(decision.receivers, settings) where !outbox.isGone(receiver.name) {
                guard let delivery = try? receiver.delivery(for: decision.alert, at: now),
                    let kept = try? TraceCorePathStore.Delivery(delivery)
                else { continue }
                batch.deliveries.append((decision.alert.id, kept))
            }
        }
        return batch
    }

    private static func receivers(_ names: [String], _ settings: WatchSettings) -> [Receiver] {
        names.isEmpty ? settings.receivers : settings.receivers.filter { names.contains($0.name) }
    }

    /// Gives how many rounds could not be kept.
    private static func write(_ batch: Batch, into writer: StoreWriter) throws(StoreError) -> Int {
        let left = try writer.append(batch.rounds)
        try writer.append(batch.changes)
        for memory in batch.memories { try writer.setState(memory.key, to: memory.bytes) }
        var numbers: [String: Int64] = [:]
        for decision in batch.unkept + batch.decisions {
            let alert = decision.alert
            guard let body = try? JSON.encode(alert), let labels = try? JSON.encode(alert.labels) else { continue }
            let number = try writer.open(
                StoredAlert(key: alert.id, rule: alert.rule, labels: labels, body: body, since: alert.startsAt))
            numbers[alert.id] = number
            let isEvent = WatchSettings.Rule.Kind(rawValue: alert.kind)?.isEvent ?? false
            if alert.state == .resolved || isEvent {
                try writer.resolve(number, at: isEvent ? alert.startsAt : alert.endsAt ?? alert.startsAt, body: body)
            }
        }
        try writer.append(
            (batch.unkeptDeliveries + batch.deliveries).map { alert, delivery in
                var delivery = delivery
                delivery.alert = numbers[alert]
                return delivery
            })
        for (id, settlement) in batch.settlements {
            try writer.settle(id, settlement.state, words: settlement.words)
        }
        if let book = batch.book { try writer.setState("book", to: book) }
        return left
    }

    // MARK: Silences

    private func isSilenced(_ alert: Alert, at now: UTCTime) -> Bool {
        state.withLock(\.silences).contains { silence in
            guard silence.since <= now, now < silence.until,
                let labels = try? JSON.decode([String: String].self, from: silence.labels)
            else { return false }
            return labels.allSatisfy { name, value in
                alert.labels[name] == value || name == "target" && alert.targets == [value]
            }
        }
    }

    /// Tells nobody of alerts with these labels for a time; gives the number of the silence.
    @discardableResult
    package func silence(_ silence: Silence) async throws(StoreError) -> Int64 {
        var kept = silence
        kept.id = try await store.write(.promised) { (writer) throws(StoreError) in try writer.add(silence) }
        state.withLock { [kept] in $0.silences.append(kept) }
        return kept.id
    }

    /// Ends a silence; whether it lasted.
    package func endSilence(_ id: Int64) async throws(StoreError) -> Bool {
        let now = UTCTime.now
        let lasted = try await store.write(.promised) { (writer) throws(StoreError) in
            try writer.endSilence(id, at: now)
        }
        state.withLock { $0.silences.removeAll { $0.id == id } }
        return lasted
    }

    /// The silences that last at a time, or begin later.
    func silences(at time: UTCTime) -> [Silence] {
        state.withLock { state in
            state.silences.removeAll { $0.until <= time }
            return state.silences
        }
    }

    // MARK: Those who forget

    /// Tells once more what is still wrong, to those who forget it otherwise.
    private func refresh() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(60))
            let (settings, alerts) = state.withLock { ($0.settings, $0.book.alerts) }
            let now = UTCTime.now
            for receiver in settings.receivers where receiver.refreshInterval != nil {
                let own = alerts.filter { alert in
                    let names = settings.rules.first { $0.name == alert.rule }?.receivers ?? []
                    return (names.isEmpty || names.contains(receiver.name)) && !isSilenced(alert, at: now)
                }
                guard let message = try? receiver.refresh(of: own, at: now) else { continue }
                outbox.add([message])
            }
        }
    }
}
