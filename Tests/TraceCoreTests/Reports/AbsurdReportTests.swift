import Testing

@testable import TraceCore

@Suite struct `A report with counts that no run leads to` {
    private static let reply = #"{"sequence":0,"from":"192.0.2.1","rttMs":1,"kind":"timeExceeded"}"#
    private static let rtt =
        #"{"minMs":1,"avgMs":1,"maxMs":1,"p50Ms":1,"p90Ms":1,"p95Ms":1,"p99Ms":1,"jitterMs":0}"#
    private static let address =
        #"{"address":"192.0.2.1","answered":2,"lastMs":1,"rtt":\#(rtt),"lastRound":1,"kind":"timeExceeded"}"#
    private static let head =
        #""schemaVersion":2,"target":{"address":"192.0.2.9"},"method":"icmp","mode":"raw","startedAt":"2026-01-01T00:00:00Z","parameters":{}"#

    private func expect<T: Decodable>(_ type: T.Type, _ json: String, _ reason: String) {
        do {
            _ = try JSON.decode(type, from: Array(json.utf8))
            Issue.record("was taken: \(json)")
        } catch DecodingError.dataCorrupted(let context) {
            #expect(context.debugDescription.contains(reason), "\(context.debugDescription)")
            #expect(!context.codingPath.isEmpty)
        } catch {
            Issue.record("\(error), for \(json)")
        }
    }

    @Test(arguments: [
        (#""ttl":-1,"sent":3,"lost":0,"replies":[]"#, "-1 is not a number of hops"),
        (#""ttl":256,"sent":3,"lost":0,"replies":[]"#, "256 is not a number of hops"),
        (#""ttl":1,"sent":-3,"lost":0,"replies":[]"#, "-3 is not a count"),
        (#""ttl":1,"sent":9223372036854775807,"lost":0,"replies":[]"#, "is not a count"),
        (#""ttl":1,"sent":1,"lost":2,"replies":[]"#, "1 probes cannot have had 0 answers and 2 losses"),
        (#""ttl":1,"sent":1,"lost":1,"replies":[REPLY]"#, "1 probes cannot have had 1 answers and 1 losses"),
        (#""ttl":1,"sent":1,"lost":0,"replies":[REPLY,REPLY]"#, "1 probes cannot have had 2 answers"),
        (#""ttl":1,"sent":2,"lost":0,"replies":[],"late":[REPLY]"#, "1 answers cannot have come late to 0 lost"),
        (#""ttl":1,"sent":2,"lost":0,"replies":[],"failed":-1"#, "-1 is not a count"),
        (#""ttl":1,"sent":2,"lost":0,"replies":[],"duplicates":-1"#, "-1 is not a count"),
    ]) func `is refused as a hop, with what is wrong`(members: String, reason: String) {
        expect([TraceReport.Hop].self, "[{\(members.replacing("REPLY", with: Self.reply))}]", reason)
    }

    @Test(arguments: [
        (#""sent":1,"received":2,"lost":0,"duplicates":0"#, "1 probes cannot have had 2 answers and 0 losses"),
        (#""sent":3,"received":2,"lost":0,"duplicates":0,"unreachable":2"#, "3 probes cannot have had 4 answers"),
        (#""sent":3,"received":2,"lost":2,"duplicates":0"#, "3 probes cannot have had 2 answers and 2 losses"),
        (#""sent":-1,"received":0,"lost":0,"duplicates":0"#, "-1 is not a count"),
        (#""sent":3,"received":0,"lost":0,"duplicates":-7"#, "-7 is not a count"),
        (#""sent":3,"received":0,"lost":1,"duplicates":0,"late":2"#, "2 answers cannot have come late to 1 lost"),
    ]) func `is refused as a ping, with what is wrong`(members: String, reason: String) {
        expect([PingReport].self, "[{\(Self.head),\(members),\"replies\":[]}]", reason)
    }

    @Test func `is refused as a ping with answers that are not counted`() {
        let counts = #""sent":1,"received":0,"lost":0,"duplicates":0"#
        expect(PingReport.self, "{\(Self.head),\(counts),\"replies\":[\(Self.reply)]}", "1 answers are listed")
        expect(PingReport.self, "{\(Self.head),\(counts),\"replies\":[],\"rtt\":\(Self.rtt)}", "round trips")
    }

    @Test(arguments: [
        (#""ttl":300,"sent":2,"lost":0,"late":0,"duplicates":0,"addresses":[]"#, "300 is not a number of hops"),
        (
            #""ttl":3,"sent":1,"answered":2,"lost":0,"late":0,"duplicates":0,"addresses":[ADDRESS]"#,
            "1 probes cannot have had 2"
        ),
        (
            #""ttl":3,"sent":3,"answered":2,"lost":0,"late":1,"duplicates":0,"addresses":[ADDRESS]"#,
            "come late to 0 lost"
        ),
        (
            #""ttl":3,"sent":3,"answered":0,"lost":0,"late":0,"duplicates":0,"addresses":[],"lossPercent":101"#,
            "not a share in percent"
        ),
    ]) func `is refused as a watched hop, with what is wrong`(members: String, reason: String) {
        let json = "[{\(members.replacing("ADDRESS", with: Self.address))}]"
        expect([MonitorReport.Hop].self, json, reason)
    }

    @Test func `is refused where hops do not follow one another`() {
        let hops = [2, 1].map { #"{"ttl":\#($0),"sent":0,"lost":0,"replies":[]}"# }.joined(separator: ",")
        expect(TraceReport.self, "{\(Self.head),\"hops\":[\(hops)]}", "hop 1 follows hop 2")
    }

    @Test func `is refused as a sweep's result with more answers than probes`() {
        let json = #"[{"target":"192.0.2.1","alive":true,"sent":1,"rttsMs":[1,2]}]"#
        expect([SweepReport.Result].self, json, "1 probes cannot have had 2 answers")
    }

    @Test func `is not one that says what runs do say`() throws {
        let hop = #"{"ttl":1,"sent":3,"lost":1,"replies":[\#(Self.reply),\#(Self.reply)],"late":[\#(Self.reply)]}"#
        #expect(try JSON.decode(TraceReport.Hop.self, from: Array(hop.utf8)).out == 0)
    }
}
