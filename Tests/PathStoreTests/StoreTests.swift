import Foundation
import Testing
import TraceCore

@testable import TraceCorePathStore

@Suite struct `A store` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// What a body gives in a transaction, and then what another gives in a store that was opened anew.
    private func reopened() async throws -> PathStore { try await PathStore(folder.store) }

    @Test func `makes its file as it has to be`() async throws {
        let store = try await reopened()
        let settings = try await store.write { (writer) throws(StoreError) in
            var settings: [String: Int64] = [:]
            for name in [
                "application_id", "user_version", "page_size", "auto_vacuum", "foreign_keys", "synchronous",
                "mmap_size", "journal_size_limit", "wal_autocheckpoint",
            ] { settings[name] = try writer.database.number("PRAGMA \(name)") }
            return settings
        }
        #expect(
            settings == [
                "application_id": Schema.applicationID, "user_version": Int64(Schema.steps.count), "page_size": 8_192,
                "auto_vacuum": 2, "foreign_keys": 1, "synchronous": 1, "mmap_size": 0,
                "journal_size_limit": 67_108_864, "wal_autocheckpoint": 1_000,
            ])
        let promised = try await store.write(.promised) { (writer) throws(StoreError) in
            try writer.database.number("PRAGMA synchronous")
        }
        #expect(promised == 2)
        let reading = try await store.read { (reader) throws(StoreError) in
            [try reader.database.number("PRAGMA query_only"), try reader.database.number("PRAGMA wal_autocheckpoint")]
        }
        #expect(reading == [1, 0])
        await #expect(throws: StoreError.self) {
            try await store.read { (reader) throws(StoreError) in try reader.database.run("DELETE FROM target") }
        }
        #expect(try await store.integrityCheck() == [])
        #expect(try await store.size().file > 0)
    }

    @Test func `an empty file becomes a store`() async throws {
        #expect(FileManager.default.createFile(atPath: folder.store, contents: Data()))
        let store = try await reopened()
        try await store.makeTargets(1)
        #expect(try await store.size().targets == 1)
    }

    @Test func `keeps targets by name`() async throws {
        let store = try await reopened()
        let id = try await store.write { (writer) throws(StoreError) in
            _ = try writer.target("b.example")
            return try writer.target("a.example", settings: text("{\"a\":1}"), labels: ["site": "Berlin", "x": ""])
        }
        let again = try await store.write { (writer) throws(StoreError) in
            try writer.target("a.example", settings: text("{\"a\":2}"), labels: ["site": "Bonn"])
        }
        #expect(id == again)
        try await store.read { (reader) throws(StoreError) in
            let target = try reader.target(named: "a.example")
            #expect(target == (try reader.target(id)))
            #expect(target?.settings == text("{\"a\":2}"))
            #expect(target?.labels == ["site": "Bonn"])
            #expect(try reader.targets().map(\.name) == ["a.example", "b.example"])
            #expect(try reader.targets(label: ("site", "Bonn")).map(\.id) == [id])
            #expect(try reader.targets(label: ("site", "Berlin")).isEmpty)
            #expect(try reader.target(named: "c.example") == nil)
        }
    }

    @Test func `keeps changes and finds them by time and target`() async throws {
        let store = try await reopened()
        let changes = (0..<6).map { number in
            StoredChange(
                target: Int64(number % 2 + 1), at: start + .seconds(number), noticedAt: start + .seconds(number + 30),
                kind: ChangeReport.Change.Kind.allCases[number], hop: number, body: text("{\"n\":\(number)}"))
        }
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.append(changes) }
        try await store.read { (reader) throws(StoreError) in
            let to = start + .seconds(5)
            #expect(try reader.changes(from: start, to: to) == changes.dropLast().reversed())
            #expect(try reader.changes(of: 2, from: start, to: to).map(\.hop) == [3, 1])
            #expect(try reader.changes(from: start + .seconds(2), to: to, limit: 2).map(\.hop) == [4, 3])
        }
    }

    @Test func `keeps states, also empty ones`() async throws {
        let store = try await reopened()
        try await store.write { (writer) throws(StoreError) in
            try writer.setState("a", to: [0, 255, 0])
            try writer.setState("b", to: [])
            try writer.setState("c", to: [1])
            try writer.setState("a", to: [7, 0])
            try writer.setState("c", to: nil)
            for key in ["watch:a", "watch:b", "watch:%", "watch", "Watch:c"] { try writer.setState(key, to: [1]) }
            #expect(try writer.removeState(beginningWith: "watch:", keeping: ["watch:b", "watch:d"]) == 2)
        }
        await store.close()
        let again = try await reopened()
        try await again.read { (reader) throws(StoreError) in
            #expect(try reader.state("a") == [7, 0])
            #expect(try reader.state("b") == [])
            #expect(try reader.state("c") == nil)
            for (key, isKept) in [
                ("watch:a", false), ("watch:b", true), ("watch:%", false), ("watch", true), ("Watch:c", true),
            ] { #expect((try reader.state(key) != nil) == isKept) }
        }
    }

    @Test func `alerts, deliveries, states and changes are kept together or not at all`() async throws {
        let store = try await reopened()
        let alert = StoredAlert(
            key: "loss/7", rule: "loss", labels: text("{\"a\":\"b\"}"), body: text("{}"), since: start)
        let delivery = StoredDelivery(id: "msg_1", alert: nil, receiver: "hook", body: [1, 2], made: start)
        let error = await #expect(throws: StoreError.self) {
            try await store.write(.promised) { (writer) throws(StoreError) in
                var one = delivery
                one.alert = try writer.open(alert)
                try writer.append([one])
                try writer.setState("rule", to: [1])
                // Of an alert that is not there.
                one = StoredDelivery(id: "msg_2", alert: 99, receiver: "hook", body: [], made: start)
                try writer.append([one])
            }
        }
        #expect(error?.code == .badValue)
        try await store.read { (reader) throws(StoreError) in
            #expect(try reader.openAlerts().isEmpty)
            #expect(try reader.nextDeliveryTime() == nil)
            #expect(try reader.state("rule") == nil)
        }
        let id = try await store.write(.promised) { (writer) throws(StoreError) in
            let id = try writer.open(alert)
            var one = delivery
            one.alert = id
            try writer.append([one, one])
            return id
        }
        try await store.read { (reader) throws(StoreError) in
            var expected = alert
            expected.id = id
            #expect(try reader.openAlerts() == [expected])
            #expect(try reader.alert(id) == expected)
            #expect(try reader.deliveries(about: id).map(\.id) == ["msg_1"])
            #expect(try reader.deliveries(about: id).map(\.body) == [[1, 2]])
        }
    }

    @Test func `an alert is open once, and again after it was resolved`() async throws {
        let store = try await reopened()
        let first = StoredAlert(key: "k", rule: "r", labels: text("{}"), body: text("1"), since: start)
        var later = first
        (later.body, later.since) = (text("2"), start + .seconds(9))
        let ids = try await store.write(.promised) { [later] (writer) throws(StoreError) in
            let a = try writer.open(first)
            let b = try writer.open(later)
            #expect(try writer.resolve(a, at: start + .seconds(20), body: text("3")))
            #expect(try !writer.resolve(a, at: start + .seconds(21)))
            return [a, b, try writer.open(later)]
        }
        #expect(ids[0] == ids[1] && ids[1] != ids[2])
        try await store.read { (reader) throws(StoreError) in
            #expect(try reader.openAlerts().map(\.id) == [ids[2]])
            let all = try reader.alerts(from: start, to: start + .seconds(10))
            #expect(all.map(\.id) == [ids[2], ids[0]])
            #expect(all[1].resolved == start + .seconds(20))
            #expect(all[1].body == text("3") && all[1].since == start)
        }
    }

    @Test func `deliveries are due until they are taken or given up`() async throws {
        let store = try await reopened()
        try await store.write(.promised) { (writer) throws(StoreError) in
            try writer.append(
                (0..<4).map {
                    StoredDelivery(id: "m\($0)", alert: nil, receiver: "r", body: [], made: start + .seconds($0))
                })
        }
        func due(_ seconds: Int, limit: Int = 10) async throws -> [String] {
            try await store.read { (reader) throws(StoreError) in
                try reader.dueDeliveries(now: start + .seconds(seconds), limit: limit).map(\.id)
            }
        }
        #expect(try await due(2) == ["m0", "m1", "m2"])
        #expect(try await due(9, limit: 2) == ["m0", "m1"])
        try await store.write(.promised) { (writer) throws(StoreError) in
            #expect(try writer.settle("m0", .taken, words: "204"))
            #expect(try !writer.settle("m0", .givenUp, words: "again"))
            #expect(try writer.settle("m1", .waiting(until: start + .seconds(100)), words: "503"))
            #expect(try writer.settle("m2", .givenUp, words: "410"))
            #expect(try !writer.settle("m9", .taken, words: nil))
        }
        #expect(try await due(50) == ["m3"])
        #expect(try await due(100) == ["m3", "m1"])
        let m1 = try await store.read { (reader) throws(StoreError) in
            try reader.dueDeliveries(now: start + .seconds(100), limit: 9).last
        }
        #expect(m1?.tries == 1 && m1?.words == "503" && m1?.state == .waiting(until: start + .seconds(100)))
        try await store.read { (reader) throws(StoreError) in
            #expect(try reader.nextDeliveryTime() == start + .seconds(3))
        }
        let removed = try await store.write { (writer) throws(StoreError) in
            try writer.removeSettledDeliveries(before: start + .seconds(50))
        }
        #expect(removed == 2)
        #expect(try await due(200) == ["m3", "m1"])
    }

    @Test func `what is over is removed after its time, and nothing that is still to be told`() async throws {
        var retention = PathStore.Retention()
        retention.events = .seconds(1_000)
        let store = try await PathStore(folder.store, retention: retention)
        let ids = try await store.write(.promised) { (writer) throws(StoreError) in
            var ids: [Int64] = []
            // Closed, closed with something to tell, open, and closed late.
            for key in 0..<4 {
                let alert = StoredAlert(key: "\(key)", rule: "r", labels: [], body: [], since: start)
                ids.append(try writer.open(alert))
                let id = ids[key]
                try writer.append([StoredDelivery(id: "m\(key)", alert: id, receiver: "r", body: [], made: start)])
                if key != 1 { try writer.settle("m\(key)", .taken, words: nil) }
                if key != 2 { try writer.resolve(id, at: start + .seconds(key == 3 ? 900 : 10)) }
            }
            try writer.append([StoredDelivery(id: "alone", alert: nil, receiver: "r", body: [], made: start)])
            try writer.settle("alone", .givenUp, words: nil)
            try writer.append(
                (0..<250).map {
                    StoredChange(
                        target: 1, at: start + .seconds($0 < 240 ? 1 : 900), noticedAt: start,
                        kind: .routers, hop: $0, body: [])
                })
            try writer.add(Silence(labels: [], since: start, until: start + .seconds(5), by: "", why: ""))
            return ids
        }
        try await store.maintainAll(now: start + .seconds(999))
        let before = try await store.size()
        #expect(before.alerts == 4 && before.changes == 250)
        try await store.maintainAll(now: start + .seconds(1_100))
        try await store.read { (reader) throws(StoreError) in
            #expect(
                try ids.map { (id) throws(StoreError) in try reader.alert(id) != nil } == [false, true, true, true])
            let told = try ids.map { (id) throws(StoreError) in try reader.deliveries(about: id).count }
            #expect(told == [0, 1, 0, 0])
            #expect(try reader.database.number("SELECT count(*) FROM delivery") == 1)
            #expect(try reader.changes(from: start, to: start + .seconds(2_000)).count == 10)
            #expect(try reader.silences(from: .epoch).isEmpty)
        }
        #expect(try await store.integrityCheck() == [])
    }

    @Test func `keeps silences until they are over or ended`() async throws {
        let store = try await reopened()
        let silence = Silence(
            labels: text("{\"site\":\"B\"}"), since: start, until: start + .seconds(60), by: "me", why: "work")
        let id = try await store.write(.promised) { (writer) throws(StoreError) in try writer.add(silence) }
        func lasting(_ seconds: Int) async throws -> [Silence] {
            try await store.read { (reader) throws(StoreError) in try reader.silences(from: start + .seconds(seconds)) }
        }
        var expected = silence
        expected.id = id
        #expect(try await lasting(59) == [expected])
        #expect(try await lasting(60) == [])
        try await store.write { (writer) throws(StoreError) in
            #expect(try writer.endSilence(id, at: start + .seconds(30)))
            #expect(try !writer.endSilence(id, at: start + .seconds(40)))
        }
        #expect(try await lasting(30) == [])
    }

    @Test func `a closed store says so, and one that is read does not write`() async throws {
        let store = try await reopened()
        let other = try await PathStore(folder.store, for: .reading)
        let refused = await #expect(throws: StoreError.self) { try await other.makeTargets(1) }
        #expect(refused?.code == .readOnly)
        await store.close()
        let closed = await #expect(throws: StoreError.self) { try await store.makeTargets(1) }
        #expect(closed?.code == .closed)
        #expect(try await other.size().targets == 0)
    }

    @Test func `a backup while rounds come is whole, and stays what it was`() async throws {
        let store = try await reopened()
        try await store.makeTargets(40)
        var paths = (1...40).map { SimulatedPath(target: $0, hops: 8) }
        let before = try await store.append(&paths, from: start, seconds: 90)
        let copy = folder.path + "/copy.sqlite"
        async let backup: Void = store.backup(to: copy)
        try await store.append(&paths, from: start + .seconds(90), seconds: 60)
        try await backup
        let other = try await PathStore(copy)
        #expect(try await other.integrityCheck() == [])
        let rounds = try await other.read { (reader) throws(StoreError) in
            try reader.rounds(of: 5, from: start, to: start + .seconds(90))
        }
        #expect(rounds == before.filter { $0.target == 5 })
        let reader = try await PathStore(folder.store, for: .reading)
        try await reader.backup(to: copy + "2")
        #expect(FileManager.default.fileExists(atPath: copy + "2"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!files.contains { $0.contains("partial") })
        let error = await #expect(throws: StoreError.self) { try await store.backup(to: folder.path + "/no/copy") }
        #expect(error?.code == .cannotOpen)
    }

    @Test func `a backup takes the place of nothing that is there`() async throws {
        let store = try await reopened()
        try await store.makeTargets(3)
        let files = FileManager.default
        let (link, nowhere) = (folder.path + "/link.sqlite", folder.path + "/nowhere")
        try files.createSymbolicLink(atPath: link, withDestinationPath: folder.store)
        try files.createSymbolicLink(atPath: nowhere, withDestinationPath: folder.path + "/nothing")
        try files.createSymbolicLink(atPath: folder.path + "/way", withDestinationPath: folder.path)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/old-wal"))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/file"))
        let inode = try files.attributesOfItem(atPath: folder.store)[.systemFileNumber] as? Int
        let names = [
            folder.store, link, nowhere, folder.path, folder.path + "/file", folder.path + "/old", "",
            folder.path + "/a\0b", folder.path + "/way/store.sqlite-journal",
        ]
        let beside = ["-wal", "-shm", "-journal", "-lock"].map { folder.store + $0 }
        let reader = try await PathStore(link, for: .reading)
        for (name, from) in (names + beside).flatMap({ [($0, store), ($0, reader)] }) {
            let error = await #expect(throws: StoreError.self, "\(name)") { try await from.backup(to: name) }
            #expect(error?.code == .cannotOpen)
        }
        #expect(try files.attributesOfItem(atPath: folder.store)[.systemFileNumber] as? Int == inode)
        #expect(try String(contentsOfFile: folder.path + "/file", encoding: .utf8) == "mine")
        #expect(!files.fileExists(atPath: folder.store + "-journal") && !files.fileExists(atPath: nowhere))
        #expect(try await store.integrityCheck() == [])
        #expect(try await store.size().targets == 3)
    }
}
