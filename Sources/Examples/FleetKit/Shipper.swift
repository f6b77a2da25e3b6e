package import TraceCore
internal import TraceCoreCommandLine
package import TraceCoreHTTP
package import TraceCorePathStore

/// Sends on what a store keeps, as it comes: each thing at least once, and never twice to be seen.
///
/// The store has a list of what is to be sent; a thing leaves it when the engine has said that it has it. Where that answer is
/// lost, the thing is sent again, and the engine knows it by its key. Nothing else waits for it: what is watched and kept goes on,
/// and gets the processor first.
package final class Shipper: Sendable {
    /// How it is sent.
    package struct Settings: Sendable, Hashable {
        package var engine: ClickHouse.Settings
        /// How many rows are sent at once, about.
        package var batch = 10_000
        /// How long is waited for more.
        package var interval = Duration.seconds(20)
        /// How old minutes may become that wait. Older ones are dropped.
        package var spool = Duration.seconds(86_400)

        package init(engine: ClickHouse.Settings) { self.engine = engine }
    }

    /// How it stands.
    package struct Status: Sendable {
        /// The rows that the engine has taken since the program began.
        package var rows = 0
        /// The minutes of targets that were dropped, because they had waited for too long.
        package var dropped = 0
        /// The things that the engine does not take, because of what is in them.
        package var refused = 0
        /// Why it takes nothing at the moment.
        package var failure: String?
        /// What waits.
        package var waiting = OutgoingSize()
    }

    private static let longestPause = Duration.seconds(30)
    /// If more than this is refused, something else is wrong.
    private static let mostAside = 1_000

    private let store: PathStore
    private let settings: Settings
    private let engine: ClickHouse
    private let names: ShippedNames
    private let say: @Sendable (String) -> Void
    private let state = Lock(Status())
    /// What the engine does not take, whatever is tried. It stays in the list, and is tried again when the program begins anew.
    private let aside = Lock<Set<Outgoing.Note>>([])
    private let counted = Lock<ContinuousClock.Instant?>(nil)
    private let reader = Lock<PatientReader?>(nil)
    /// Whether there may be a past that is not in the list yet.
    private let isSeeding = Lock(true)

    /// A shipper of a store.
    ///
    /// - Parameter say: Takes what the operator is to know.
    /// - Throws: That there is no client of HTTP.
    package init(
        _ settings: Settings, of store: PathStore, names: ShippedNames, say: @escaping @Sendable (String) -> Void
    ) throws {
        (self.settings, self.store, self.names, self.say) = (settings, store, names, say)
        engine = try ClickHouse(settings.engine)
    }

    /// How it stands.
    package var status: Status { state.withLock { $0 } }

    /// Takes note in the store that all is to be sent.
    package func begin(at now: UTCTime = .now) async throws(StoreError) {
        // Another server, or another name of this machine, has nothing yet.
        let name = "\(settings.engine.base) \(settings.engine.database) \(names.agent)"
        let first = now - settings.spool
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.ship(to: name, from: first) }
        isSeeding.withLock { $0 = true }
    }

    /// Sends until the task is cancelled. ``begin(at:)`` comes before.
    package func run() async {
        await sendOn()
        await reader.withLock { $0.take() }?.close()
    }

    private func sendOn() async {
        var pause = Duration.seconds(1)
        var lastSaid: ContinuousClock.Instant?
        while !Task.isCancelled {
            do {
                let isAll = try await sendSome(at: .now)
                if let old = state.withLock({ state in
                    defer { state.failure = nil }
                    return state.failure
                }) {
                    say("what is kept is sent on again (it was not: \(old))")
                }
                (pause, lastSaid) = (.seconds(1), nil)
                if isAll { try await Task.sleep(for: settings.interval) }
            } catch is CancellationError {
                return
            } catch {
                let reason = "\(error)"
                let isNew = state.withLock { state in
                    defer { state.failure = reason }
                    return state.failure != reason
                }
                // Reasons may take turns; each try would have its line.
                if isNew, lastSaid.map({ $0 + .seconds(60) < .now }) ?? true {
                    say("what is kept is not sent on, and waits: \(reason)")
                    lastSaid = .now
                }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Sends a batch.
    ///
    /// - Returns: Whether that was all there is.
    package func sendSome(at now: UTCTime) async throws -> Bool {
        let (limit, aside, reader) = (settings.batch, aside.withLock { $0 }, try await patientReader())
        if isSeeding.withLock({ $0 }) {
            let isPart = try await store.write { (writer) throws(StoreError) in try writer.seedOutgoing() }
            isSeeding.withLock { $0 = isPart }
        }
        try await dropOld(at: now, reader)
        let (rows, isPart) = try await reader.read { [names] (reader) throws(StoreError) in
            var rows = ShippedRows(by: names)
            let isPart = try reader.outgoing(rows: limit, except: aside) { (thing) throws(StoreError) in
                try rows.add(thing) { (address) throws(StoreError) in try reader.name(of: address) }
            }
            return (rows, isPart)
        }
        try Task.checkCancellation()
        try await count(reader)
        if !rows.things.isEmpty {
            try await send(rows, 0..<rows.things.count)
            try await count(reader, isDue: !isPart)
        }
        return !isPart && !isSeeding.withLock { $0 }
    }

    private func patientReader() async throws(StoreError) -> PatientReader {
        if let reader = reader.withLock({ $0 }) { return reader }
        let new = try await store.patientReader()
        reader.withLock { $0 = new }
        return new
    }

    /// Sends some of what was read, and forgets it when it has been taken. A thing that is refused for what is in it is found by
    /// halves.
    private func send(_ rows: ShippedRows, _ range: Range<Int>) async throws {
        do {
            for (table, bytes) in rows.lines(of: range) { try await engine.insert(bytes, into: table) }
        } catch let failure as ClickHouse.Failure
            where failure.code.map(ClickHouse.codesOfData.contains) ?? false
            && aside.withLock({ $0.count }) < Self.mostAside
        {
            guard range.count > 1 else { return refuse(rows.things[range.lowerBound], because: failure.message) }
            let middle = range.lowerBound + range.count / 2
            try await send(rows, range.lowerBound..<middle)
            return try await send(rows, middle..<range.upperBound)
        }
        let notes = rows.things[range].map(\.note)
        try await store.write { (writer) throws(StoreError) in try writer.settle(notes) }
        state.withLock { $0.rows += rows.count(of: range) }
        let missing = rows.things[range].count { $0.rows == 0 }
        drop(missing, because: "the store does not keep them any more, or cannot read them")
    }

    private func refuse(_ thing: ShippedRows.Thing, because reason: String) {
        aside.withLock { _ = $0.insert(thing.note) }
        state.withLock { $0.refused += 1 }
        say("\(thing.name) is not sent on until the program begins anew: \(reason)")
    }

    private func dropOld(at now: UTCTime, _ reader: PatientReader) async throws(StoreError) {
        let bound = UTCTime(
            microsecondsSince1970: max(0, (now - settings.spool).microsecondsSince1970) / 60_000_000 * 60_000_000)
        let oldest = try await reader.read { (reader) throws(StoreError) in try reader.oldestOutgoing() }
        guard let oldest, oldest < bound else { return }
        let dropped = try await store.write { (writer) throws(StoreError) in try writer.dropOutgoing(before: bound) }
        drop(dropped, because: "they waited for longer than \(settings.spool.settingText)")
    }

    /// Counts what waits: at most every ten seconds, for there may be millions.
    private func count(_ reader: PatientReader, isDue: Bool = false) async throws(StoreError) {
        let isOld = counted.withLock { last in
            guard isDue || last.map({ $0 + .seconds(10) < .now }) ?? true else { return false }
            last = .now
            return true
        }
        guard isOld else { return }
        let size = try await reader.read { (reader) throws(StoreError) in try reader.outgoingSize() }
        state.withLock { $0.waiting = size }
    }

    private func drop(_ count: Int, because reason: String) {
        guard count > 0 else { return }
        state.withLock { $0.dropped += count }
        say("\(count) \(count == 1 ? "minute of a target is" : "minutes of targets are") not sent on: \(reason)")
    }
}

extension Shipper {
    /// Adds how it stands to what a page of metrics has.
    package func addMetrics(to metrics: inout Metrics) {
        let status = status
        metrics.add(
            .counter, "tracecore_shipped_rows_total", "Rows that ClickHouse has taken.", [([], Double(status.rows))])
        metrics.add(
            .counter, "tracecore_ship_refused_total", "Things that ClickHouse does not take for what is in them.",
            [([], Double(status.refused))])
        metrics.add(
            .counter, "tracecore_ship_dropped_minutes_total", "Minutes of targets that are never sent on.",
            [([], Double(status.dropped))])
        metrics.add(
            .gauge, "tracecore_ship_waiting", "What waits to be sent on: minutes of targets, and events.",
            [
                ([("kind", "minutes")], Double(status.waiting.minutes)),
                ([("kind", "events")], Double(status.waiting.events)),
            ])
        metrics.add(
            .gauge, "tracecore_ship_failing", "Whether ClickHouse takes nothing at the moment.",
            [([], status.failure == nil ? 0 : 1)])
    }
}
