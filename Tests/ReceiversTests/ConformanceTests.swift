import Foundation
import Testing
import TraceCore
import TraceCoreHTTP

@testable import TraceCoreReceivers

/// What `Tests/Conformance/receivers.py` listens to.
@Suite struct `A receiver of others` {
    @Test func `gets every message once, however often it fails`() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["TRACECORE_RECEIVERS_SERVER"],
            let count = environment["TRACECORE_RECEIVERS_COUNT"].flatMap({ Int($0) })
        else { try Test.cancel("TRACECORE_RECEIVERS_SERVER names no server; run Tests/Conformance/receivers.py") }
        let receivers = try ["tracecore", "report", "cloudevents", "alertmanager"].map { body in
            try receiver(
                #"{"name":"\#(body)","type":"webhook","url":"\#(url)/\#(body)","allow-private":true,"body":"\#(body)","secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"]}"#
            )
        }
        // Signatures are only good for five minutes of the real clock.
        let courier = Courier(http: try newClient(), limit: .milliseconds(500), print: { _ in }, log: { _ in })
        let taken = try await withThrowingTaskGroup(of: Int.self) { group in
            for first in 0..<32 {
                group.addTask {
                    var taken = 0
                    for number in stride(from: first, to: count, by: 32) {
                        let receiver = receivers[number / 2 % receivers.count]
                        taken += try await Self.isTaken(number, by: receiver, courier) ? 1 : 0
                    }
                    return taken
                }
            }
            return try await group.reduce(0) { $0 + $1 }
        }
        #expect(taken == count)
    }

    private static func isTaken(_ number: Int, by receiver: Receiver, _ courier: Courier) async throws -> Bool {
        var alert = number % 2 == 0 ? Alert.sample : .sample.resolved()
        alert.id = "alert \(number)"
        // As it lies in an outbox that is written and read.
        var kept = try JSON.encode(try receiver.delivery(for: alert, at: .now))
        while true {
            var delivery = try JSON.decode(Delivery.self, from: kept)
            switch await courier.deliver(delivery, to: receiver) {
            case .taken: return true
            case .again(let due, _):
                #expect(due >= delivery.madeAt + .seconds(2))
                // Nobody waits for it in a test.
                (delivery.tries, delivery.dueAt) = (delivery.tries + 1, due)
                kept = try JSON.encode(delivery)
            case let other:
                Issue.record("\(other)")
                return false
            }
        }
    }
}

/// Alertmanager itself, for the time of a test.
private final class Manager: Sendable {
    let url: String
    private let process: Process
    private let folder: URL
    private let amtool: String

    private static func path(of name: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else {
            try Test.cancel("\(name) is not installed")
        }
        return path
    }

    init() async throws {
        let (path, amtool) = (try Self.path(of: "prometheus-alertmanager"), try Self.path(of: "amtool"))
        let folder = FileManager.default.temporaryDirectory.appending(path: "alertmanager-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = folder.appending(path: "settings.yml")
        try Data("route: {receiver: none}\nreceivers: [{name: none}]\n".utf8).write(to: settings)
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = [
            "--config.file=\(settings.path())", "--storage.path=\(folder.path())", "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:0",
        ]
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said: String? = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var (all, isTold) = (Data(), false)
                while case let more = pipe.fileHandleForReading.availableData, !more.isEmpty {
                    all += more
                    let text = String(decoding: all, as: UTF8.self)
                    if !isTold, let line = text.firstMatch(of: /msg="Listening on" address=([0-9.:]+)\n/) {
                        isTold = true
                        continuation.resume(returning: String(line.1))
                    }
                }
                if !isTold { continuation.resume(returning: nil) }
            }
        }
        (self.process, self.folder, self.amtool) = (process, folder, amtool)
        url = "http://\(try #require(said))"
    }

    /// What `amtool` says of the alerts that fire, in the order of their targets.
    func firing() throws -> [JSON.Value] {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: amtool)
        process.arguments = ["--alertmanager.url=\(url)", "alert", "query", "--output=json"]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        guard case .array(let alerts) = try JSON.Value(parsing: Array(output)) else { return [] }
        func target(_ alert: JSON.Value) -> String { alert["labels"]?["target"].map { "\($0)" } ?? "" }
        return alerts.sorted { target($0) < target($1) }
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}

@Suite struct `Alertmanager itself` {
    @Test func `shows what it is sent, hears of it again, and forgets it when it is over`() async throws {
        let manager = try await Manager()
        let log = Lines()
        let receiver = try receiver(
            #"{"name":"am","type":"alertmanager","url":"\#(manager.url)","allow-private":true}"#)
        let courier = Courier(http: try newClient(), print: { _ in }, log: { log.add($0) })
        var alert = Alert.sample
        (alert.startsAt, alert.notedAt) = (.now - .seconds(60), .now)
        #expect(
            try await courier.deliver(receiver.delivery(for: alert, at: .now), to: receiver) == .taken("status 200"))
        var shown = try manager.firing()
        try #require(shown.count == 1)
        #expect(
            shown[0]["labels"]
                == [
                    "_1st": "yes", "alertname": "lost", "from": "here", "kind": "lost", "severity": "critical",
                    "site_name": "b", "target": "tokyo",
                ])
        #expect(shown[0]["annotations"]?["summary"] == "tokyo no longer answers")
        #expect(shown[0]["generatorURL"] == "https://watch.example/alerts/9f3a")
        #expect(shown[0]["status"]?["state"] == "active")
        let start = shown[0]["startsAt"]
        // Again, and another beside it.
        var other = alert
        (other.id, other.labels["target"], other.link) = ("9f3b", "zurich", nil)
        let refresh = try #require(try receiver.refresh(of: [alert, other], at: .now))
        #expect(await courier.deliver(refresh, to: receiver) == .taken("status 200"))
        shown = try manager.firing()
        try #require(shown.count == 2)
        #expect(shown[0]["startsAt"] == start && shown[1]["labels"]?["target"] == "zurich")
        // Over.
        (alert.state, alert.endsAt, alert.notedAt) = (.resolved, .now - .seconds(1), .now)
        #expect(
            try await courier.deliver(receiver.delivery(for: alert, at: .now), to: receiver) == .taken("status 200"))
        shown = try manager.firing()
        #expect(shown.count == 1 && shown.first?["labels"]?["target"] == "zurich")
        #expect(log.all.isEmpty, "\(log.text)")
        manager.end()
    }
}
