import Testing

@testable import TraceCore

@Suite struct `The version of documents` {
    private static let run = RunDescription(
        verb: "ping", target: ProbeTarget(address: IPAddress(192, 0, 2, 9)), method: .icmp, mode: "raw",
        startedAt: .epoch)
    private static let reply = ProbeReply(
        from: IPAddress(192, 0, 2, 9), rtt: .milliseconds(1), kind: .echoReply, ttl: 61, trafficClass: 184, size: 84)
    private static let event = ProbeEvent(
        at: .zero, .reply(Probe(id: 0, target: IPAddress(192, 0, 2, 9), ttl: 64, sequence: 0), reply))

    private static func text(_ value: some Encodable, version: Int) throws -> String {
        try JSON.text(value).replacing("\"schemaVersion\":2", with: "\"schemaVersion\":\(version)")
    }

    @Test func `What an answer arrived with has the same keys in an event and in a report`() throws {
        let keys = #""replyTTL":61,"replyTrafficClass":184,"replySize":84"#
        let report = try #require(
            try? PingReport.Fold.replay([ProbeEvent(at: .zero, .started(Self.run)), Self.event]))
        #expect(try JSON.text(Self.event).contains(keys))
        #expect(try JSON.text(report).contains(keys))
    }

    @Test(arguments: [1, 2]) func `Events of all versions are read`(_ version: Int) throws {
        let line = try Self.text(Self.event, version: version)
        #expect(try EventLog.events(from: Array(line.utf8)) == [Self.event])
    }

    @Test(arguments: [
        (0, "is of version 0; this library reads none before"),
        (1, "is of version 1; this library reads none before 2. Make it again from the event log of its run"),
        (3, "is of version 3; this library reads up to 2. A newer one is needed"),
    ]) func `A report of another version is refused, with what to do`(_ version: Int, reason: String) throws {
        let report = try PingReport.Fold.replay([ProbeEvent(at: .zero, .started(Self.run))])
        let text = try Self.text(report, version: version)
        do {
            _ = try JSON.decode(PingReport.self, from: Array(text.utf8))
            Issue.record("was taken: \(text)")
        } catch let error as DecodingError {
            #expect(error.explanation.contains(reason), "\(error.explanation)")
        }
    }
}
