import Testing
import TraceCore

@testable import live

@Suite struct OutputTests {
    @Test func `traceroute's text is read with its stars, labels and several answerers`() {
        let output = PathOutput(
            text: """
                traceroute to 203.0.113.7 (203.0.113.7), 30 hops max, 60 byte packets
                 1  192.0.2.1  0.880 ms  1.298 ms  1.157 ms
                 2  * * *
                 3  198.51.100.5 <MPLS:L=24121,E=0,S=1,T=1>  9.264 ms 198.51.100.9  8.831 ms *
                 4  203.0.113.7  20.135 ms !X  20.2 ms  20.3 ms

                """)
        #expect(output.answeringHops == [1, 3, 4])
        #expect(output.hops[1]?.compactMap { $0?.rttMs } == [0.880, 1.298, 1.157])
        #expect(output.hops[2] == [nil, nil, nil])
        #expect(output.hops[3]?.map { $0?.from.description } == ["198.51.100.5", "198.51.100.9", nil])
        #expect(output.hops[4]?.count == 3)
    }

    @Test func `our JSON keeps a lost probe's place`() throws {
        let output = try #require(
            PathOutput(
                json: """
                    {"hops":[{"ttl":1,"replies":[{"sequence":0,"from":"192.0.2.1","rttMs":1.5},
                    {"sequence":2,"from":"192.0.2.1","rttMs":1.25}]},{"ttl":2,"replies":[]}]}
                    """))
        #expect(output.hops[1]?.map { $0?.rttMs } == [1.5, nil, 1.25])
        #expect(output.answeringHops == [1])
        #expect(PathOutput(json: "Live probing is not in this version") == nil)
    }

    @Test func `scamper's JSON is read where it is about a trace`() throws {
        let line = """
            {"type":"trace","version":"0.1","dst":"203.0.113.7","stop_reason":"COMPLETED","hops":[{"addr":"192.0.2.1",\
            "probe_ttl":1,"probe_id":1,"tx":{"sec":1,"usec":2},"rtt":2.064}]}
            """
        let output = try #require(PathOutput(scamper: line[...]))
        #expect(output.hops[1]?.compactMap { $0?.rttMs } == [2.064])
        #expect(PathOutput(scamper: "{\"type\":\"cycle-stop\",\"id\":0}") == nil)
    }

    @Test func `times of pings are found by their numbers, and only the first of each`() throws {
        let text = """
            64 bytes from 203.0.113.7: icmp_seq=1 ttl=53 time=7.21 ms
            64 bytes from 203.0.113.7: icmp_seq=1 ttl=53 time=9.00 ms (DUP!)
            From 192.0.2.1 icmp_seq=2 Destination Net Unreachable
            64 bytes from 203.0.113.7: icmp_seq=3 ttl=53 time=287 ms
            """
        #expect(EchoOutput(text: text).rttMs == [1: 7.21, 3: 287])
        let json = "{\"replies\":[{\"sequence\":0,\"rttMs\":7.21},{\"sequence\":2,\"rttMs\":287.5}]}"
        #expect(EchoOutput(json: json)?.rttMs == [0: 7.21, 2: 287.5])
        #expect(EchoOutput(mtr: "x 0 33000\nh 0 192.0.2.1\np 0 2152 33000\n").rttMs == [33000: 2.152])
    }

    @Test func `fping's summary says how many are alive`() {
        #expect(SweepOutput(summary: "   65534 targets\n   65530 alive\n       4 unreachable\n")?.alive == 65_530)
        #expect(SweepOutput(summary: "fping error: not enough sequence numbers available!") == nil)
    }

    @Test func `medians and quantiles are of what was measured`() {
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
        #expect([Double]().median == nil)
        #expect((1...100).map(Double.init).quantile(0.99) == 99)
        #expect([7.0].quantile(0.99) == 7)
    }
}
