package import TraceCore
package import TraceCoreFleet

/// Sends what came of each minute of a mesh on to ClickHouse: each agent what it has received.
///
/// The counts are in memory for an hour, and so long they wait for a server that is away. Nothing else waits for them: a server whose tables
/// are older than the mesh takes all the rest.
package final class MeshShipper: Sendable {
    private struct Row: Encodable {
        var minute: Int64
        var agent, peer: String
        var sent, received: UInt64
    }

    private let engine: ClickHouse
    private let interval: Duration
    private let findings: @Sendable (UTCTime) -> [MeshFinding]
    private let say: @Sendable (String) -> Void
    /// The last minute of each peer that was taken.
    private let taken = Lock<[String: Int64]>([:])

    /// A shipper of what somebody counts.
    ///
    /// - Throws: That there is no client of HTTP.
    package init(
        _ settings: Shipper.Settings, findings: @escaping @Sendable (UTCTime) -> [MeshFinding],
        say: @escaping @Sendable (String) -> Void
    ) throws {
        (interval, self.findings, self.say) = (settings.interval, findings, say)
        engine = try ClickHouse(settings.engine)
    }

    /// Sends until the task is cancelled.
    package func run() async {
        var isFailing = false
        while !Task.isCancelled {
            do {
                try await sendSome(at: .now)
                if isFailing { say("the counts of the mesh are sent on again") }
                isFailing = false
            } catch is CancellationError {
                return
            } catch {
                if !isFailing { say("the counts of the mesh are not sent on: \(error)") }
                isFailing = true
            }
            try? await Task.sleep(for: interval)
        }
    }

    /// Sends the minutes that are over and were not sent.
    func sendSome(at now: UTCTime) async throws {
        let known = taken.withLock { $0 }
        let current = now.microsecondsSince1970 / 60_000_000
        let lines = JSON.Lines()
        var sent: [String: Int64] = [:]
        for finding in findings(now) {
            for minute in finding.minutes
            where minute.minute < current && minute.minute > known[finding.name] ?? .min && minute.back.sent > 0 {
                sent[finding.name] = minute.minute
                try lines.write(
                    Row(
                        minute: minute.minute * 60, agent: finding.here, peer: finding.name, sent: minute.back.sent,
                        received: min(minute.back.sent, minute.back.received)))
            }
        }
        guard !sent.isEmpty else { return }
        try await engine.insert(lines.bytes, into: "mesh")
        taken.withLock { $0.merge(sent) { $1 } }
    }
}
