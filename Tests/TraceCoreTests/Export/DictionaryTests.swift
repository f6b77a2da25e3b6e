import Testing

@testable import TraceCore

@Suite struct `The dictionaries of the Python module` {
    @Test func `have the answers of a ping, each probe's once`() throws {
        let ping = PingDictionary(try PingReport.Fold.replay(SmallRuns.ping))
        #expect(
            try JSON.text(ping) == #"{"source":"192.0.2.10","target":"far.example","dest":"203.0.113.7","packets":5,"#
                + #""ping_time":[{"attempt":1,"address":"203.0.113.7","time":30,"type":0,"code":0},"#
                + #"{"attempt":3,"address":"198.51.100.1","time":4,"type":3,"code":1},"#
                + #"{"attempt":4,"address":"203.0.113.7","time":1100,"type":0,"code":0},"#
                + #"{"attempt":5,"address":"203.0.113.7","time":40,"type":0,"code":0}]}"#)
        #expect(try JSON.decode(PingDictionary.self, from: JSON.encode(ping)) == ping)
    }

    @Test func `have a ping for each TTL of a trace`() throws {
        let trace = TracerouteDictionary(try TraceReport.Fold.replay(SmallRuns.trace))
        let head = #"{"source":"192.0.2.10","target":"far.example","dest":"203.0.113.7","#
        #expect(
            try JSON.text(trace) == #"{"target":"far.example","ttl":30,"packets":2,"ping_time":["#
                + head + #""ttl":1,"packets":2,"#
                + #""ping_time":[{"attempt":1,"address":"192.0.2.1","time":1.5,"type":11,"code":0},"#
                + #"{"attempt":2,"address":"192.0.2.1","time":5500,"type":11,"code":0}]},"#
                + head + #""ttl":2,"packets":2,"#
                + #""ping_time":[{"attempt":1,"address":"198.51.100.1","time":20,"type":11,"code":0}]},"#
                + head + #""ttl":3,"packets":1,"#
                + #""ping_time":[{"attempt":1,"address":"203.0.113.7","time":30,"type":3,"code":3}]}]}"#)
        #expect(try JSON.decode(TracerouteDictionary.self, from: JSON.encode(trace)) == trace)
    }
}
