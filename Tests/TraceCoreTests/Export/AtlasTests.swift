import Testing

@testable import TraceCore

@Suite struct `Results of RIPE Atlas` {
    @Test func `have all of a trace that the format has a field for`() throws {
        let result = Atlas.Traceroute(try TraceRecord.Fold.replay(SmallRuns.trace))
        #expect(
            try JSON.text(result) == #"{"fw":5000,"lts":-1,"timestamp":1700000000,"dst_name":"far.example","#
                + #""dst_addr":"203.0.113.7","src_addr":"192.0.2.10","proto":"UDP","af":4,"size":32,"msm_id":0,"#
                + #""prb_id":0,"msm_name":"Traceroute","type":"traceroute","endtime":1700000006,"result":["#
                + #"{"hop":1,"result":[{"from":"192.0.2.1","rtt":1.5,"size":28,"ttl":64},{"x":"*"},"#
                + #"{"late":3,"from":"192.0.2.1","ttl":64}]},"#
                + #"{"hop":2,"result":[{"from":"198.51.100.1","rtt":20,"ittl":2,"itos":4,"edst":"203.0.113.99","#
                + #""icmpext":{"version":2,"obj":[{"class":1,"type":1,"mpls":[{"label":24015,"exp":0,"s":1,"ttl":1}]},"#
                + #"{"class":2,"type":2}]}},{"x":"*"}]},"#
                + #"{"hop":3,"result":[{"from":"203.0.113.7","rtt":30,"size":60,"ttl":57}]}]}"#)
        #expect(try JSON.decode(Atlas.Traceroute.self, from: JSON.encode(result)) == result)
    }

    @Test func `say of the measurement what they are told`() throws {
        let settings = Atlas.Settings(
            measurementID: 5001, probeID: 42, firmware: 5080, publicAddress: IPAddress(192, 0, 2, 200), parisID: 3,
            trafficClass: 16)
        let text = try JSON.text(Atlas.Traceroute(try TraceRecord.Fold.replay(SmallRuns.trace), settings))
        let expected = [
            #""fw":5080,"#, #""msm_id":5001,"#, #""prb_id":42,"#, #""from":"192.0.2.200","proto""#, #""paris_id":3,"#,
            #""tos":16,"#,
        ]
        for member in expected { #expect(text.contains(member), "\(member)") }
    }

    @Test(arguments: [(0, 0), (184, 184), (256, nil), (-1, nil), (nil, nil)] as [(Int?, UInt8?)])
    func `have the class that the run says its probes had`(_ known: Int?, _ expected: UInt8?) throws {
        var record = try TraceRecord.Fold.replay(SmallRuns.trace)
        record.trace.run.parameters.trafficClass = known
        #expect(Atlas.Traceroute(record).trafficClass == expected)
        #expect(Atlas.Traceroute(record, Atlas.Settings(trafficClass: 16)).trafficClass == 16)
    }

    @Test func `have no negative round trip, whatever a log says`() throws {
        let strange = SmallRuns.answering(in: .seconds(-5), sequence: 0)
        let trace = Atlas.Traceroute(try TraceRecord.Fold.replay(strange))
        #expect(trace.hops.first?.replies?.map(\.rttMs) == [0])
        #expect(Atlas.Ping(try PingReport.Fold.replay(strange)).replies.map(\.rttMs) == [0])
    }

    @Test func `leave late answers out where nobody knows how late they were`() throws {
        let record = TraceRecord(try TraceReport.Fold.replay(SmallRuns.trace))
        let hop = try #require(Atlas.Traceroute(record).hops.first)
        #expect(hop.replies?.count == 2)
        #expect(hop.replies?.allSatisfy { $0.late == nil } == true)
    }

    @Test func `say why a hop could not be asked`() throws {
        let probe = Probe(id: 0, target: SmallRuns.target, ttl: 1)
        let events = [
            SmallRuns.trace[0],
            ProbeEvent(at: .zero, .sendFailed(probe, ProbeError(.network, "Network is down"))),
            ProbeEvent(at: .zero, .ended(RunEnd(.failed))),
        ]
        let text = try JSON.text(Atlas.Traceroute(try TraceRecord.Fold.replay(events)))
        #expect(text.hasSuffix(#""result":[{"hop":1,"error":"Network is down"}]}"#), "\(text)")
    }

    /// What an answer of a kind with a code becomes, by the family of who sent it.
    @Test(arguments: [
        (ReplyKind.networkUnreachable, UInt8(0), true, #""N""#), (.hostUnreachable, 1, true, #""H""#),
        (.protocolUnreachable, 2, true, #""P""#), (.prohibited, 13, true, #""A""#), (.prohibited, 10, true, "10"),
        (.networkUnreachable, 6, true, "6"), (.networkUnreachable, 0, false, #""N""#), (.prohibited, 1, false, #""A""#),
        (.beyondScope, 2, false, #""h""#), (.hostUnreachable, 3, false, #""H""#), (.prohibited, 5, false, "5"),
    ])
    func `have a letter for each reason, or its code`(
        _ kind: ReplyKind, _ code: UInt8, _ isV4: Bool, _ expected: String
    ) throws {
        let from = isV4 ? SmallRuns.core : try #require(IPAddress("2001:db8::1"))
        let response = ProbeReply(
            from: from, rtt: .zero, kind: kind, icmp: ProbeReply.ICMPCode(type: isV4 ? 3 : 1, code: code))
        #expect(try JSON.text(Atlas.Reply(response, to: .udp)).contains("\"err\":\(expected)"))
    }

    @Test func `call a closed port a fault only where nobody looked for one`() throws {
        let response = ProbeReply(
            from: SmallRuns.target, rtt: .zero, kind: .portUnreachable, icmp: ProbeReply.ICMPCode(type: 3, code: 3))
        #expect(Atlas.Reply(response, to: .udp).fault == nil)
        #expect(Atlas.Reply(response, to: .icmp).fault == .letter("p"))
    }

    @Test(arguments: [(ReplyKind.open, "SA"), (.closed, "RA")])
    func `have the flags of an answer by TCP, and its size without the header`(
        _ kind: ReplyKind, _ flags: String
    ) {
        let reply = Atlas.Reply(ProbeReply(from: SmallRuns.target, rtt: .zero, kind: kind, size: 44), to: .tcp)
        #expect(reply.flags == flags)
        #expect(reply.size == 4)
    }

    @Test func `have what a router said of the next link`() {
        let response = ProbeReply(
            from: SmallRuns.core, rtt: .zero, kind: .packetTooBig, icmp: ProbeReply.ICMPCode(type: 3, code: 4),
            mtu: 1400)
        let reply = Atlas.Reply(response, to: .udp)
        #expect(reply.mtu == 1400)
        #expect(reply.fault == nil)
    }

    @Test func `have all of a ping that the format has a field for`() throws {
        let result = Atlas.Ping(try PingReport.Fold.replay(SmallRuns.ping))
        #expect(
            try JSON.text(result) == #"{"fw":5000,"lts":-1,"timestamp":1700000000,"dst_name":"far.example","#
                + #""dst_addr":"203.0.113.7","src_addr":"192.0.2.10","proto":"ICMP","af":4,"size":56,"msm_id":0,"#
                + #""prb_id":0,"msm_name":"Ping","type":"ping","sent":5,"rcvd":2,"dup":1,"min":30,"avg":35,"max":40,"#
                + #""step":1,"ttl":57,"result":[{"rtt":30},{"dup":1,"rtt":32},{"x":"*"},"#
                + #"{"error":"host unreachable, says 198.51.100.1"},{"x":"*"},{"rtt":40,"ttl":56}]}"#)
        #expect(try JSON.decode(Atlas.Ping.self, from: JSON.encode(result)) == result)
    }

    @Test func `have -1 for the round trips of a host that never answered`() throws {
        let events = [SmallRuns.ping[0], ProbeEvent(at: .zero, .ended(RunEnd(.completed)))]
        let text = try JSON.text(Atlas.Ping(try PingReport.Fold.replay(events)))
        #expect(text.contains(#""min":-1,"avg":-1,"max":-1"#))
    }

    @Test func `do not list more silent probes than anybody sent`() throws {
        var report = try PingReport.Fold.replay(SmallRuns.ping)
        report.lost = .max
        #expect(Atlas.Ping(report).replies.count < 10_010)
        var trace = try TraceReport.Fold.replay(SmallRuns.trace)
        trace.hops[0].lost = .max
        trace.hops[1].replies[0].sequence = .max
        #expect(Atlas.Traceroute(TraceRecord(trace)).hops.compactMap(\.replies).joined().count < 10_010)
    }
}
