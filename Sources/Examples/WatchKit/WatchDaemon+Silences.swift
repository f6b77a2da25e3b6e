package import TraceCorePathStore
internal import TraceCore
internal import TraceCoreReceivers

extension WatchDaemon {
    /// The silence by which nobody is told of an alert at a time, and that ends first. Of many targets, each is silenced.
    func silence(over alert: Alert, at now: UTCTime) -> Silence? {
        let (silences, watches) = state.withLock { ($0.silences, $0.watches) }
        let active = silences.compactMap { silence -> (silence: Silence, labels: [String: String])? in
            guard silence.since <= now, now < silence.until else { return nil }
            return (try? JSON.decode([String: String].self, from: silence.labels)).map { (silence, $0) }
        }
        guard !active.isEmpty else { return nil }
        let own = ["rule": alert.rule, "severity": alert.severity].merging(alert.labels) { $1 }
        var found: Silence?
        for name in alert.targets {
            let labels = own.merging(watches[name]?.target.allLabels ?? ["target": name]) { $1 }
            guard let over = active.first(where: { $0.labels.allSatisfy { labels[$0.key] == $0.value } })?.silence
            else {
                return nil
            }
            if found.map({ over.until < $0.until }) ?? true { found = over }
        }
        return found
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
    func refresh() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(60))
            let (settings, alerts) = state.withLock { ($0.settings, $0.book.alerts) }
            let now = UTCTime.now
            for receiver in settings.receivers where receiver.refreshInterval != nil {
                let own = alerts.filter { alert in
                    let names = settings.rules.first { $0.name == alert.rule }?.receivers ?? []
                    return (names.isEmpty || names.contains(receiver.name)) && silence(over: alert, at: now) == nil
                }
                guard let message = try? receiver.refresh(of: own, at: now) else { continue }
                outbox.add([message])
            }
        }
    }
}
