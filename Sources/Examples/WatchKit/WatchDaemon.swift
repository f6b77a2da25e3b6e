internal import TraceCore
package import TraceCorePathStore
package import TraceCoreReceivers
package import TraceCoreServer

/// Watches paths until its task is cancelled: what it sees goes into the store, and what is wrong to the receivers.
package final class WatchDaemon: Sendable {
    /// Where the events of a target come from.
    package typealias Feed = @Sendable (WatchSettings.Target) async throws -> RunFeed

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
        /// Decisions that were told and could not be kept.
        var unkept: [AlertBook.Decision] = []
        var ticks = 0
        var isStarted = false
    }

    /// So many rounds wait for a store that takes none: ten minutes of a thousand targets.
    private static let mostWaiting = 600_000
    /// What is known of a target is kept this often.
    private static let memoryPeriod = 60

    package let store: PathStore
    private let feed: Feed
    private let courier: Courier
    private let say: @Sendable (String) -> Void
    private let state: Lock<State>
    private let outboxNews = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// A daemon that watches nothing yet.
    ///
    /// - Parameters:
    ///   - say: Takes what the operator is to know.
    package init(
        _ settings: WatchSettings, store: PathStore, courier: Courier, feed: @escaping Feed,
        say: @escaping @Sendable (String) -> Void
    ) {
        (self.store, self.courier, self.feed, self.say) = (store, courier, feed, say)
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

    /// Watches until the task is cancelled, and keeps what is known then.
    package func run() async throws {
        try await begin()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            group.addTask { await self.deliverAll() }
        }
        stopWatching()
        await commit(at: .now, isLast: true)
    }

    /// Takes other settings: what is watched as before goes on without a gap.
    package func follow(_ settings: WatchSettings) async throws {
        state.withLock { $0.settings = settings }
        try await startWatching()
    }

    private func begin() async throws {
        let now = UTCTime.now
        let (book, silences, newest) = try await store.read { (reader) throws(StoreError) in
            (try reader.state("book"), try reader.silences(from: now), try reader.newestRound())
        }
        if let newest, newest + .seconds(5) < now {
            try await store.write { (writer) throws(StoreError) in
                try writer.markGap(from: newest, to: now, why: "not running")
            }
        }
        state.withLock { state in
            if let book, let known = try? JSON.decode(AlertBook.self, from: book) { state.book = known }
            state.silences = silences
        }
        try await startWatching()
    }

    /// Begins to watch what is new, and ends what is not wanted any more.
    private func startWatching() async throws {
        let (settings, known) = state.withLock { ($0.settings, $0.watches) }
        let names = Set(settings.targets.map(\.name))
        for name in known.keys where !names.contains(name) { end(name) }
        let new = settings.targets.filter { known[$0.name]?.target != $0 }
        for target in new { end(target.name) }
        let made = try await store.write(.promised) { (writer) throws(StoreError) in
            try new.map { (target) throws(StoreError) in
                let id = try writer.target(
                    target.name, settings: (try? JSON.encode(target.request)) ?? [], labels: target.labels)
                return (target, id, try writer.state("watch:\(target.name)"))
            }
        }
        let isStarted = state.withLock { state in
            defer { state.isStarted = true }
            for (name, watch) in state.watches where names.contains(name) {
                watch.follow(settings.rules.filter { $0.fits(watch.target) })
            }
            return state.isStarted
        }
        // What was kept of a thousand paths takes a second to read, and those that are read need not wait for the others.
        let begun = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            for (index, (target, id, kept)) in made.enumerated() {
                group.addTask {
                    let watch = Watch(target, id: id, rules: settings.rules.filter { $0.fits(target) }, kept: kept)
                    // Not all at once: their rounds are spread over the interval.
                    let share = isStarted ? 0 : Double(index) / Double(max(1, made.count))
                    self.start(watch, at: begun + watch.interval * share)
                }
            }
        }
    }

    private func start(_ watch: Watch, at time: ContinuousClock.Instant) {
        let task = Task { await self.follow(watch, after: max(.zero, ContinuousClock.now.duration(to: time))) }
        state.withLock { state in
            state.watches[watch.target.name] = watch
            state.tasks[watch.target.name] = task
        }
    }

    private func end(_ name: String) {
        state.withLock { state in
            state.tasks.removeValue(forKey: name)?.cancel()
            state.watches[name] = nil
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
                if watch.failure != reason, !Task.isCancelled {
                    say("\(UntrustedText(watch.target.name).word): \(reason)")
                }
                watch.failure = reason
            }
            // One that ends at once would be asked again and again.
            pause = began.duration(to: .now) > .seconds(30) ? .seconds(1) : min(pause * 2, .seconds(60))
            try? await Task.sleep(for: pause)
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
        var (wall, moment) = (UTCTime.now, clock.now)
        while !Task.isCancelled {
            due += .seconds(1)
            try? await Task.sleep(until: due, tolerance: .milliseconds(50))
            // A machine that slept, or a clock that was set: nothing was watched, or the times of rounds are others.
            let (now, later) = (UTCTime.now, clock.now)
            let drift = (now - wall) - moment.duration(to: later)
            (wall, moment) = (now, later)
            if abs(drift.components.seconds) >= 5 { await restart(at: now, drift) }
            if later > due + .seconds(5) { due = later }
            if Task.isCancelled { return }
            await commit(at: now, isLast: false)
            for _ in 0..<2 {
                guard let more = try? await store.maintain(now: now), more else { break }
            }
        }
    }

    /// Begins all runs anew, so that their times are those of the clock.
    private func restart(at now: UTCTime, _ drift: Duration) async {
        say(
            "the clock went \(drift > .zero ? "on" : "back") by \(abs(drift.components.seconds)) s; all paths are watched anew"
        )
        if drift > .zero {
            _ = try? await store.write { (writer) throws(StoreError) in
                try writer.markGap(from: now - drift, to: now, why: "asleep")
            }
        }
        let names = state.withLock { Array($0.watches.keys) }
        for name in names {
            guard let watch = watch(name) else { continue }
            state.withLock { state in
                state.tasks[name]?.cancel()
                state.tasks[name] = Task { await self.follow(watch, after: .zero) }
            }
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
        var book: [UInt8]?
    }

    private func commit(at now: UTCTime, isLast: Bool) async {
        let batch = gather(at: now, isLast: isLast)
        do {
            try await store.write(batch.unkept.isEmpty && batch.decisions.isEmpty ? .samples : .promised) {
                (writer) throws(StoreError) in
                try Self.write(batch, into: writer)
            }
            let wasFailing = state.withLock { state in
                defer { state.failure = nil }
                return state.failure != nil
            }
            if wasFailing { say("the store takes what is seen again") }
            if !batch.deliveries.isEmpty { outboxNews.continuation.yield() }
        } catch {
            let isNew = state.withLock { state in
                defer { state.failure = error }
                // What could not be kept is kept later, as long as there is room for it.
                state.rounds = batch.rounds + state.rounds
                state.changes = batch.changes + state.changes
                state.unkept = (batch.unkept + batch.decisions).suffix(10_000)
                let extra = state.rounds.count - Self.mostWaiting
                if extra > 0 {
                    state.rounds.removeFirst(extra)
                    state.lostRounds += extra
                }
                return state.failure == nil
            }
            if isNew { say("the store takes nothing, and watching goes on in memory: \(error)") }
            // Whoever has to be told is told, though nothing of it can be kept.
            for (_, delivery) in batch.deliveries { _ = await tell(delivery) }
        }
    }

    private func gather(at now: UTCTime, isLast: Bool) -> Batch {
        let (settings, watches) = state.withLock { ($0.settings, $0.watches) }
        var batch = Batch()
        let second = state.withLock { state in
            state.ticks += 1
            batch.rounds = state.rounds
            batch.changes = state.changes
            batch.unkept = state.unkept
            (state.rounds, state.changes, state.unkept) = ([], [], [])
            let rules = Dictionary(settings.rules.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
            let labels: (String) -> [String: String] = { name in
                guard let target = watches[name]?.target else { return ["target": name] }
                var labels = target.labels
                labels["target"] = target.name
                labels["host"] = target.host
                if let from = target.from { labels["from"] = from }
                return labels
            }
            batch.decisions = state.book.decide(at: now, wait: settings.groupWait, rules: rules, labels: labels) {
                String(UInt64.random(in: 0...UInt64.max), radix: 36)
            }
            return state.ticks
        }
        for index in batch.decisions.indices {
            batch.decisions[index].alert.link = settings.externalURL.map {
                "\($0)/alerts/\(batch.decisions[index].alert.id)"
            }
        }
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
        for decision in batch.decisions where !isSilenced(decision.alert, at: now) {
            for receiver in receivers(of: decision.alert.rule, settings) {
                guard let delivery = try? receiver.delivery(for: decision.alert, at: now),
                    let kept = try? TraceCorePathStore.Delivery(delivery)
                else { continue }
                batch.deliveries.append((decision.alert.id, kept))
            }
        }
        return batch
    }

    private func receivers(of rule: String, _ settings: WatchSettings) -> [Receiver] {
        let names = settings.rules.first { $0.name == rule }?.receivers ?? []
        return names.isEmpty ? settings.receivers : settings.receivers.filter { names.contains($0.name) }
    }

    private static func write(_ batch: Batch, into writer: StoreWriter) throws(StoreError) {
        try writer.append(batch.rounds)
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
                try writer.resolve(number, at: alert.endsAt ?? alert.startsAt, body: body)
            }
        }
        try writer.append(
            batch.deliveries.map { alert, delivery in
                var delivery = delivery
                delivery.alert = numbers[alert]
                return delivery
            })
        if let book = batch.book { try writer.setState("book", to: book) }
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

    /// Tells nobody of alerts with these labels for a time.
    package func silence(_ silence: Silence) async throws(StoreError) {
        _ = try await store.write(.promised) { (writer) throws(StoreError) in try writer.add(silence) }
        state.withLock { $0.silences.append(silence) }
    }

    // MARK: Deliveries

    private func deliverAll() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.refresh() }
            group.addTask {
                for await _ in self.outboxNews.stream {
                    if Task.isCancelled { return }
                    await self.deliverDue()
                }
            }
            // What is tried again has its time, and nobody tells of it.
            while !Task.isCancelled {
                outboxNews.continuation.yield()
                try? await Task.sleep(for: .seconds(1))
            }
            outboxNews.continuation.finish()
        }
    }

    private func deliverDue() async {
        let now = UTCTime.now
        guard
            let due = try? await store.read({ (reader) throws(StoreError) in
                try reader.dueDeliveries(now: now, limit: 64)
            }), !due.isEmpty
        else { return }
        await withDiscardingTaskGroup { group in
            for delivery in due { group.addTask { await self.deliver(delivery) } }
        }
    }

    private func deliver(_ kept: TraceCorePathStore.Delivery) async {
        let outcome = await tell(kept) ?? .givenUp("there is no such receiver any more")
        let (state, words) = outcome.settled
        _ = try? await store.write(.promised) { (writer) throws(StoreError) in
            try writer.settle(kept.id, state, words: words)
        }
    }

    /// Tries a message once; nil where its receiver is gone.
    private func tell(_ kept: TraceCorePathStore.Delivery) async -> Outcome? {
        guard let receiver = settings.receivers.first(where: { $0.name == kept.receiver }), let message = kept.message
        else { return nil }
        return await courier.deliver(message, to: receiver)
    }

    /// Tells once more what is still wrong, to those who forget it otherwise.
    private func refresh() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(60))
            let (settings, alerts) = state.withLock { ($0.settings, $0.book.alerts) }
            let now = UTCTime.now
            for receiver in settings.receivers where receiver.refreshInterval != nil {
                let own = alerts.filter { alert in
                    receivers(of: alert.rule, settings).contains { $0.name == receiver.name }
                        && !isSilenced(alert, at: now)
                }
                guard let delivery = try? receiver.refresh(of: own, at: now) else { continue }
                _ = await courier.deliver(delivery, to: receiver)
            }
        }
    }
}

extension Watch {
    /// The time between two rounds.
    fileprivate var interval: Duration {
        if case .monitor(let settings) = target.request.work { settings.interval } else { .seconds(1) }
    }
}
