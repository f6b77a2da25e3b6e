package import TraceCorePathStore
internal import TraceCore
internal import TraceCoreReceivers

extension WatchDaemon {
    /// The silence by which nobody is told of an alert at a time.
    func silence(over alert: Alert, at now: UTCTime) -> Silence? {
        var own = ["rule": alert.rule, "severity": alert.severity]
        if alert.targets.count == 1 { own["target"] = alert.targets[0] }
        let labels = own.merging(alert.labels) { $1 }
        return state.withLock(\.silences).first { silence in
            guard silence.since <= now, now < silence.until,
                let wanted = try? JSON.decode([String: String].self, from: silence.labels)
            else { return false }
            return wanted.allSatisfy { labels[$0.key] == $0.value }
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
