import Foundation
import Testing
import TraceCore

@testable import TraceCorePathStore

/// What was read of it at once.
private struct Part: Sendable {
    var things: [Outgoing] = []
    var isPart = false

    var notes: [Outgoing.Note] { things.map(\.note) }
    var minutes: [Outgoing.Minute] {
        things.compactMap { if case .minute(let minute) = $0.content { minute } else { nil } }
    }
    var changes: [(target: StoredTarget, change: StoredChange)] {
        things.compactMap { if case .change(let target, let change) = $0.content { (target, change) } else { nil } }
    }
    var alerts: [(alert: StoredAlert, version: Int64)] {
        things.compactMap { if case .alert(let alert, let version) = $0.content { (alert, version) } else { nil } }
    }
    var runs: [StoredRun] { things.compactMap { if case .run(let run) = $0.content { run } else { nil } } }
    var missing: Int { things.count { if case .missing = $0.content { true } else { false } } }
}

/// The list of what is to be sent on.
@Suite struct `What a store sends on` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func outgoing(
        _ store: PathStore, rows: Int = 10_000, except aside: Set<Outgoing.Note> = []
    ) async throws -> Part {
        try await store.read { (reader) throws(StoreError) in
            var part = Part()
            part.isPart = try reader.outgoing(rows: rows, except: aside) { part.things.append($0) }
            return part
        }
    }

    private func size(_ store: PathStore) async throws -> OutgoingSize {
        try await store.read { (reader) throws(StoreError) in try reader.outgoingSize() }
    }

    /// A store of three targets with six minutes of rounds, of which the first are in blocks.
    private func store(ships: Bool = true) async throws -> (store: PathStore, rounds: [Round]) {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(3)
        if ships { try await ship(store) }
        var paths = (1...3).map { SimulatedPath(target: $0, hops: 4, seed: 9) }
        return (store, try await store.append(&paths, from: start, seconds: 360))
    }

    private func ship(_ store: PathStore, to name: String = "there", from: UTCTime = .epoch) async throws {
        try await store.write { (writer) throws(StoreError) in
            try writer.ship(to: name, from: from)
            #expect(try !writer.seedOutgoing())
        }
    }

    private func settle(_ notes: [Outgoing.Note], in store: PathStore) async throws {
        try await store.write { (writer) throws(StoreError) in try writer.settle(notes) }
    }

    @Test func `is nothing for those who send nothing`() async throws {
        let (store, _) = try await store(ships: false)
        #expect(try await size(store) == OutgoingSize())
        // Who begins later sends what there is already, as far back as is wanted.
        try await ship(store, from: start + .seconds(120))
        let first = try await size(store)
        #expect(first.oldest == start + .seconds(120) && first.minutes > 3)
        try await ship(store, to: "elsewhere")
        #expect(try await size(store).oldest == start)
        try await store.write { (writer) throws(StoreError) in try writer.shipNothing() }
        #expect(try await size(store) == OutgoingSize())
    }

    @Test func `is each minute of each target, as rounds that are counted`() async throws {
        let (store, rounds) = try await store()
        let sent = try await outgoing(store)
        #expect(sent.minutes.count == sent.notes.count && sent.missing == 0)
        let minutes = Set(sent.minutes.map { "\($0.target.id) \($0.slot.start)" })
        #expect(minutes.count == sent.minutes.count && minutes.count >= 12)
        for minute in sent.minutes {
            let own = rounds.filter {
                $0.target == minute.target.id && $0.at >= minute.slot.start && $0.at < minute.slot.start + .seconds(60)
            }
            #expect(minute.slot.end?.sent == own.count)
            for hop in minute.slot.hops {
                let answers = own.flatMap(\.answers).filter { $0.ttl == hop.ttl }
                #expect(hop.sent == answers.count && hop.lost == answers.count { $0.address == nil })
                #expect(Set(hop.responders.map(\.address)) == Set(answers.compactMap(\.address)))
            }
        }
    }

    @Test func `leaves the list when it was taken, and stands there again when it is written anew`() async throws {
        let (store, _) = try await store()
        let sent = try await outgoing(store, rows: 20)
        #expect(sent.minutes.map { $0.slot.hops.count + 1 } == [5, 5, 5, 5] && sent.isPart)
        // While it is sent, a round comes late: the minute is written again.
        let late = Round(
            target: 1, at: start + .seconds(30), answers: [Round.Answer(lost: 1), Round.Answer(lost: 2)])
        try await store.write { (writer) throws(StoreError) in try writer.append([late]) }
        var paths = [SimulatedPath(target: 2, hops: 4)]
        try await store.append(&paths, from: start + .seconds(360), seconds: 130)
        try await settle(sent.notes, in: store)
        let next = try await outgoing(store)
        let again = try #require(next.minutes.first)
        #expect(again.target.id == 1 && again.slot.start == start && again.slot.end?.sent == 61)
        let others = Set(sent.minutes.dropFirst().map { "\($0.target.id) \($0.slot.start)" })
        #expect(others.isDisjoint(with: next.minutes.map { "\($0.target.id) \($0.slot.start)" }))
    }

    @Test func `goes on behind a minute that is left out and much older`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(1)
        try await ship(store)
        for day in [0, 60] {
            var paths = [SimulatedPath(target: 1, hops: 4)]
            try await store.append(&paths, from: start + .seconds(day * 86_400), seconds: 130)
        }
        // What more days lie between than an engine takes at once is sent after it.
        let all = try await outgoing(store)
        #expect(all.isPart && !all.notes.isEmpty)
        let rest = try await outgoing(store, except: Set(all.notes))
        #expect(rest.minutes.first?.slot.start ?? start > start + .seconds(59 * 86_400) && !rest.isPart)
    }

    @Test func `is events too, which are never dropped, and an alert as often as it is written`() async throws {
        let (store, _) = try await store()
        let change = StoredChange(
            target: 2, at: start, noticedAt: start, kind: .routers, hop: 3, body: Array("{}".utf8))
        let alert = StoredAlert(
            key: "a", rule: "lost", labels: Array("{}".utf8), body: Array("{}".utf8), since: start)
        let run = StoredRun(verb: "trace", target: "x", method: "udp", created: start, report: Array("{}".utf8))
        let number = try await store.write(.promised) { (writer) throws(StoreError) in
            try writer.append([change])
            try writer.insert(run)
            return try writer.open(alert)
        }
        let dropped = try await store.write { (writer) throws(StoreError) in
            try writer.dropOutgoing(before: start + .seconds(86_400))
        }
        #expect(dropped >= 12)
        let first = try await outgoing(store)
        #expect(first.minutes.isEmpty && first.notes.count == 3)
        #expect(first.changes.map(\.change) == [change] && first.changes.map(\.target.name) == ["target 2"])
        #expect(first.runs == [run] && first.alerts.map(\.alert.resolved) == [nil])
        try await store.write(.promised) { (writer) throws(StoreError) in
            _ = try writer.resolve(number, at: start + .seconds(9))
        }
        try await settle(first.notes, in: store)
        let second = try await outgoing(store)
        #expect(second.notes.count == 1 && second.alerts.map(\.alert.resolved) == [start + .seconds(9)])
        let versions = (first.alerts + second.alerts).map(\.version)
        #expect(versions.count == 2 && versions[0] < versions[1])
        // Also over a restart.
        await store.close()
        let again = try await PathStore(folder.store)
        #expect(try await outgoing(again).alerts.map(\.version) == [versions[1]])
    }

    @Test func `keeps what waits, also events that are older than events are kept, and passes over what is broken`()
        async throws
    {
        var retention = PathStore.Retention()
        retention.events = .seconds(3_600)
        let store = try await PathStore(folder.store, retention: retention)
        try await store.makeTargets(1)
        try await ship(store)
        var paths = [SimulatedPath(target: 1, hops: 4)]
        try await store.append(&paths, from: start, seconds: 200)
        let change = StoredChange(
            target: 1, at: start, noticedAt: start, kind: .routers, hop: 3, body: Array("{}".utf8))
        try await store.write { (writer) throws(StoreError) in try writer.append([change]) }
        for _ in 0..<3 { try await store.maintain(now: start + .seconds(86_400)) }
        let sent = try await outgoing(store)
        #expect(sent.changes.map(\.change) == [change] && sent.missing == 0)
        try await settle(sent.notes, in: store)
        while try await store.maintain(now: start + .seconds(86_400)) {}
        #expect(try await store.size().changes == 0)
        // A broken block, and one with an address that is gone.
        try await store.append(&paths, from: start + .seconds(200), seconds: 200)
        try await store.write { (writer) throws(StoreError) in
            _ = try writer.database.run("DELETE FROM address WHERE id = 2")
        }
        await store.close()
        let again = try await PathStore(folder.store)
        let rest = try await outgoing(again)
        #expect(rest.missing > 0 && rest.missing == rest.notes.count)
    }

    @Test func `has versions that grow, also where the clock is set back before a start`() async throws {
        let (store, _) = try await store()
        let ahead = Int64(4_000_000_000_000_000)
        try await store.write { (writer) throws(StoreError) in
            writer.lastVersion = ahead
            _ = try writer.open(
                StoredAlert(key: "a", rule: "lost", labels: Array("{}".utf8), body: Array("{}".utf8), since: start))
        }
        let first = try await outgoing(store)
        #expect(first.alerts.map(\.version) == [ahead + 1])
        try await settle(first.notes, in: store)
        await store.close()
        let again = try await PathStore(folder.store)
        try await again.write { (writer) throws(StoreError) in _ = try writer.resolve(1, at: start) }
        #expect(try await outgoing(again).alerts.map(\.version).first ?? 0 > ahead + 1)
    }

    @Test func `says what it does not keep any more`() async throws {
        let (store, _) = try await store()
        let count = try await outgoing(store).minutes.count
        try await store.write { (writer) throws(StoreError) in _ = try writer.database.run("DELETE FROM block") }
        let sent = try await outgoing(store)
        #expect(sent.minutes.isEmpty && sent.missing == count && sent.notes.count == count)
    }

    @Test func `is not noted where the writing failed`() async throws {
        let (store, _) = try await store()
        let before = try await size(store)
        await #expect(throws: StoreError.self) {
            try await store.write { (writer) throws(StoreError) in
                try writer.append([
                    StoredChange(target: 1, at: start, noticedAt: start, kind: .routers, hop: 1, body: Array("{}".utf8))
                ])
                throw StoreError(.other, "", "no")
            }
        }
        #expect(try await size(store) == before)
    }
}
