internal import TraceCore
internal import TraceCorePathStore
internal import TraceCoreReceivers

extension WatchDaemon {
    /// What goes into the store in one transaction.
    private struct Batch: Sendable {
        var rounds: [Round] = []
        var changes: [StoredChange] = []
        var names: [IPAddress: UntrustedText] = [:]
        var memories: [(key: String, bytes: [UInt8])] = []
        var decisions: [AlertBook.Decision] = []
        /// Decisions of which everybody has been told while the store took nothing.
        var unkept: [AlertBook.Decision] = []
        var deliveries: [(alert: String, delivery: StoredDelivery)] = []
        /// Messages that are on their way already, and what became of some.
        var unkeptDeliveries: [(alert: String, delivery: StoredDelivery)] = []
        var settlements: [String: Outbox.Settlement] = [:]
        var book: [UInt8]?
    }

    func commit(at now: UTCTime, isLast: Bool) async {
        let batch = gather(at: now, isLast: isLast)
        do throws(StoreError) {
            try store.checkPlace()
            let left = try await store.write(
                batch.unkept.isEmpty && batch.decisions.isEmpty && batch.deliveries.isEmpty ? .samples : .promised
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
                state.names.merge(batch.names) { new, _ in new }
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
            (batch.names, state.names) = (state.names, [:])
            (batch.unkept, batch.unkeptDeliveries) = (state.unkept, state.unkeptDeliveries)
            (state.rounds, state.changes, state.unkept, state.unkeptDeliveries) = ([], [], [], [])
            let rules = Dictionary(settings.rules.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
            let labels = { (name: String) in watches[name]?.target.allLabels ?? ["target": name] }
            batch.decisions = state.book.decide(
                at: now, wait: settings.groupWait, rules: rules, labels: labels,
                link: { id in settings.externalURL.map { "\($0)/alerts/\(id)" } },
                id: { String(UInt64.random(in: 0...UInt64.max), radix: 36) })
            return state.ticks
        }
        let toldNow = unsilenced(&batch.decisions, at: now)
        batch.settlements = outbox.takeSettlements()
        // What is known of a target and what the book has of it are kept together, or one would know of an outage and the other
        // not. The book is read last: what it knows too early is noted once more, and known.
        let decided = Set(batch.decisions.flatMap(\.alert.targets))
        for (index, watch) in watches.values.sorted(by: { $0.id < $1.id }).enumerated()
        where isLast || index % Self.memoryPeriod == second % Self.memoryPeriod || decided.contains(watch.target.name) {
            batch.memories.append(("watch:\(watch.target.name)", watch.memory))
        }
        if !batch.memories.isEmpty || !batch.decisions.isEmpty || !toldNow.isEmpty {
            batch.book = state.withLock { try? JSON.encode($0.book) }
        }
        for decision in batch.decisions + toldNow where decision.isTold {
            for receiver in Self.receivers(decision.receivers, settings) where !outbox.isGone(receiver.name) {
                guard let delivery = try? receiver.delivery(for: decision.alert, at: now),
                    let kept = try? StoredDelivery(delivery)
                else { continue }
                batch.deliveries.append((decision.alert.id, kept))
            }
        }
        return batch
    }

    /// Takes note of who is told of nothing because of a silence.
    ///
    /// - Returns: What is still wrong now that its silence is over.
    private func unsilenced(_ decisions: inout [AlertBook.Decision], at now: UTCTime) -> [AlertBook.Decision] {
        for index in decisions.indices where silence(over: decisions[index].alert, at: now) != nil {
            decisions[index].isTold = false
        }
        let waiting = state.withLock { state in
            for decision in decisions where !decision.isTold && !decision.isReminder {
                state.book.silence(decision.alert.id)
            }
            return state.book.silenced
        }
        let told = waiting.filter { silence(over: $0.alert, at: now) == nil }
        state.withLock { state in for decision in told { state.book.tell(decision.alert.id, at: now) } }
        return told
    }

    private static func receivers(_ names: [String], _ settings: WatchSettings) -> [Receiver] {
        names.isEmpty ? settings.receivers : settings.receivers.filter { names.contains($0.name) }
    }

    /// Gives how many rounds could not be kept.
    private static func write(_ batch: Batch, into writer: StoreWriter) throws(StoreError) -> Int {
        let left = try writer.append(batch.rounds)
        try writer.append(batch.changes)
        for (address, name) in batch.names { try writer.name(address, name) }
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
        for (alert, delivery) in batch.unkeptDeliveries + batch.deliveries {
            var delivery = delivery
            if let number = numbers[alert] {
                delivery.alert = number
            } else {
                delivery.alert = try writer.alert(named: alert)?.id
            }
            try writer.append([delivery])
        }
        for (id, settlement) in batch.settlements {
            try writer.settle(id, settlement.state, words: settlement.words)
        }
        if let book = batch.book { try writer.setState("book", to: book) }
        return left
    }
}
