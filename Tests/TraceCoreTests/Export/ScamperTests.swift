import Testing

@testable import TraceCore

@Suite struct `The JSON of scamper` {
    @Test func `has an object for each answer, with when its probe left`() throws {
        let trace = ScamperTrace(try TraceRecord.Fold.replay(SmallRuns.trace))
        #expect(
            try JSON.text(trace) == #"{"type":"trace","version":"0.1","userid":0,"method":"udp","src":"192.0.2.10","#
                + #""dst":"203.0.113.7","stop_reason":"COMPLETED","stop_data":0,"#
                + #""start":{"sec":1700000000,"usec":250000,"ftime":"2023-11-14 22:13:20"},"hop_count":3,"attempts":2,"#
                + #""hoplimit":30,"firsthop":1,"probe_size":60,"probe_count":5,"hops":["#
                + #"{"addr":"192.0.2.1","name":"gw|*x*\u001b","probe_ttl":1,"probe_id":1,"probe_size":60,"#
                + #""tx":{"sec":1700000000,"usec":250000},"rtt":1.5,"reply_ttl":64,"reply_tos":192,"reply_size":56,"#
                + #""icmp_type":11,"icmp_code":0,"icmp_q_ttl":1,"icmp_q_tos":0},"#
                + #"{"addr":"192.0.2.1","name":"gw|*x*\u001b","probe_ttl":1,"probe_id":2,"probe_size":60,"#
                + #""tx":{"sec":1700000000,"usec":251000},"rtt":5500,"reply_ttl":64,"icmp_type":11,"icmp_code":0},"#
                + #"{"addr":"198.51.100.1","probe_ttl":2,"probe_id":1,"probe_size":60,"#
                + #""tx":{"sec":1700000000,"usec":252000},"rtt":20,"icmp_type":11,"icmp_code":0,"icmp_q_ttl":2,"#
                + #""icmp_q_tos":4,"icmpext":[{"ie_cn":1,"ie_ct":1,"ie_dl":4,"#
                + #""mpls_labels":[{"mpls_ttl":1,"mpls_s":1,"mpls_exp":0,"mpls_label":24015}]},"#
                + #"{"ie_cn":2,"ie_ct":2,"ie_dl":12}]},"#
                + #"{"addr":"203.0.113.7","probe_ttl":3,"probe_id":1,"probe_size":60,"#
                + #""tx":{"sec":1700000000,"usec":254000},"rtt":30,"reply_ttl":57,"reply_size":88,"#
                + #""icmp_type":3,"icmp_code":3}]}"#)
        #expect(try JSON.decode(ScamperTrace.self, from: JSON.encode(trace)) == trace)
    }

    @Test(arguments: [
        (RunEnd.Reason.reached, "COMPLETED"), (.gap, "GAPLIMIT"), (.hopLimit, "HOPLIMIT"), (.failed, "ERROR"),
        (.cancelled, "HALTED"), (.deadline, "HALTED"), (.completed, "NONE"),
    ])
    func `says why a trace ended in the words of scamper`(_ end: RunEnd.Reason, _ reason: String) throws {
        var trace = try TraceReport.Fold.replay(SmallRuns.trace)
        trace.end = RunEnd(end)
        #expect(ScamperTrace(TraceRecord(trace)).stopReason == reason)
    }

    @Test func `has the class that the run says its probes had`() throws {
        var record = try TraceRecord.Fold.replay(SmallRuns.trace)
        record.trace.run.parameters.trafficClass = 184
        #expect(ScamperTrace(record).trafficClass == 184)
        #expect(ScamperTrace(record, ScamperTrace.Settings(trafficClass: 16)).trafficClass == 16)
    }

    @Test(arguments: [(Int.min, 0), (-1, 0), (0, 1), (.max, .max)])
    func `has no negative number, whatever a log says`(_ sequence: Int, _ expected: Int) throws {
        let strange = SmallRuns.answering(in: .seconds(-5), sequence: sequence)
        let hop = try #require(ScamperTrace(try TraceRecord.Fold.replay(strange)).hops.first)
        #expect(hop.probeID == expected && hop.rttMs == 0)
        let answer = try #require(PingDictionary(try PingReport.Fold.replay(strange)).answers.first)
        #expect(answer.attempt == expected && answer.timeMs == 0)
    }

    @Test func `has the code of a refusal`() throws {
        var trace = try TraceReport.Fold.replay(SmallRuns.trace)
        trace.hops[2].replies[0].answer.kind = .prohibited
        trace.hops[2].replies[0].answer.icmp = ProbeReply.ICMPCode(type: 3, code: 13)
        trace.end = RunEnd(.unreachable, kind: .prohibited, from: SmallRuns.target)
        let document = ScamperTrace(TraceRecord(trace))
        #expect(document.stopReason == "UNREACH")
        #expect(document.stopData == 13)
    }

    @Test func `has ports, flow and class where they are told`() throws {
        let settings = ScamperTrace.Settings(
            userID: 7, sourcePort: 33_000, targetPort: 33_435, trafficClass: 16, isParis: true)
        var record = try TraceRecord.Fold.replay(SmallRuns.trace)
        let text = try JSON.text(ScamperTrace(record, settings))
        let expected = [#""userid":7,"#, #""method":"udp-paris","#, #""sport":33000,"dport":33435,"#, #""tos":16,"#]
        for member in expected { #expect(text.contains(member), "\(member)") }
        record.trace.run.method = .icmp
        #expect(ScamperTrace(record).method == "icmp-echo")
    }

    @Test(arguments: [(ReplyKind.open, UInt8(18)), (.closed, UInt8(20))])
    func `has the flags of an answer by TCP`(_ kind: ReplyKind, _ flags: UInt8) throws {
        var record = try TraceRecord.Fold.replay(SmallRuns.trace)
        record.trace.hops[2].replies[0].answer.kind = kind
        record.trace.hops[2].replies[0].answer.icmp = nil
        #expect(ScamperTrace(record).hops.last?.tcpFlags == flags)
    }
}
