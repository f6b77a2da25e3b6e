import Testing
import TraceCore
import TraceCorePathStore
import TraceCoreReceivers

@testable import TraceCoreWatch

@Suite struct `Messages on their way` {
    /// Receivers that are programs, which answer by how they end, and what was told to them.
    private func outbox(_ receivers: String) throws -> Outbox {
        let settings = try WatchSettings(
            parsing: Array(#"{"targets": [{"host": "a.example"}], "receivers": [\#(receivers)]}"#.utf8))
        var schedule = TrySchedule()
        (schedule.pauses, schedule.jitter) = ([.zero], 0)
        return Outbox(
            settings.receivers, Courier(http: nil, schedule: schedule, print: { _ in }, log: { _ in }))
    }

    private func message(_ number: Int, _ alert: String, to receiver: String) -> Outbox.Message {
        Outbox.Message(
            id: "m\(number)", receiver: receiver, alert: alert, body: "{}", contentType: "application/json",
            madeAt: .now, dueAt: .now)
    }

    /// What becomes of messages, in the order in which it is known.
    private func settled(_ outbox: Outbox, until count: Int) async -> [(id: String, state: String)] {
        var found: [(id: String, state: String)] = []
        let running = Task { await outbox.run() }
        for await _ in outbox.outcomes.stream {
            // What waits for its time is looked for each second by the daemon.
            outbox.wake()
            for (id, settlement) in outbox.takeSettlements() {
                switch settlement.state {
                case .taken: found.append((id, "taken"))
                case .givenUp: found.append((id, "given up"))
                case .waiting: break
                }
            }
            if found.count >= count { break }
        }
        running.cancel()
        await running.value
        return found
    }

    @Test func `are not held up by a receiver that hangs`() async throws {
        let outbox = try outbox(
            #"{"name": "slow", "type": "command", "command": ["/bin/sleep", "600"]}, {"name": "fast", "type": "output"}"#
        )
        outbox.add((0..<100).map { message($0, "a\($0)", to: "slow") })
        outbox.add((100..<200).map { message($0, "a\($0)", to: "fast") })
        let found = await settled(outbox, until: 100)
        #expect(found.count == 100 && found.allSatisfy { $0.state == "taken" && $0.id.count == 4 })
    }

    @Test func `that the next one says again are tried once`() async throws {
        let outbox = try outbox(
            #"{"name": "broken", "type": "command", "command": ["/bin/sh", "-c", "exit 1"]}, {"name": "line", "type": "output"}"#
        )
        outbox.add([message(1, "", to: "broken"), message(2, "a", to: "line")])
        let found = await settled(outbox, until: 2)
        #expect(found.sorted { $0.id < $1.id }.map(\.state) == ["given up", "taken"])
    }

    @Test func `about one alert come in their order, though the first fails at first`() async throws {
        // Fails as long as there is no such folder; the first try makes it.
        let folder = "/tmp/outbox-\(UInt64.random(in: 0...UInt64.max))"
        let outbox = try outbox(
            #"{"name": "script", "type": "command", "command": ["/bin/sh", "-c", "[ -d \#(folder) ] || { mkdir \#(folder); exit 1; }; rmdir \#(folder)"]}"#
        )
        outbox.add([message(1, "a", to: "script"), message(2, "a", to: "nobody")])
        // Of no receiver: at once. The other one: at its second try.
        #expect(await settled(outbox, until: 2).map(\.id) == ["m2", "m1"])
    }
}
