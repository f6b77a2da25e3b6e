import Testing

@testable import TraceCore

@Suite struct NetworkBalancingTests {
    private func sources(
        _ path: String, _ packets: [[UInt8]], _ attributes: [String: String] = [:]
    ) throws -> [IPAddress: Int] {
        let network = try TestNetwork(lineTopology(6, attributes, path: path))
        var counts: [IPAddress: Int] = [:]
        for packet in packets {
            if let source = try network.answer(packet)?.ip.source { counts[source, default: 0] += 1 }
        }
        return counts
    }

    private func router(_ index: UInt8) -> IPAddress { IPAddress(198, 51, 100, index) }

    @Test func `flows spread evenly, and one flow keeps its way`() throws {
        let flows = try sources(
            "r1 (r2 | r3 | r4 | r5)", (0..<4000).map { udpProbe(ttl: 2, source: 30_000 + UInt16($0)) })
        #expect(flows.count == 4)
        #expect(flows.values.allSatisfy { (900...1100).contains($0) })
        #expect(
            try sources("r1 (r2 | r3 | r4 | r5)", Array(repeating: udpProbe(ttl: 2), count: 100)).count == 1)
    }

    @Test func `weights and nested alternatives share as written`() throws {
        let packets = (0..<8000).map { udpProbe(ttl: 2, source: 20_000 + UInt16($0)) }
        let weighted = try sources("r1 (3* r2 | r3)", packets)
        #expect((5800...6200).contains(weighted[router(2), default: 0]))
        let nested = try sources("r1 (r2 | (r3 | r4))", packets)
        #expect((3800...4200).contains(nested[router(2), default: 0]))
        #expect((1850...2150).contains(nested[router(3), default: 0]))
    }

    @Test func `ways may have unequal lengths, and even none`() throws {
        let packets = (0..<1000).map { udpProbe(ttl: 2, source: 20_000 + UInt16($0)) }
        let sources = try sources("r1 ( | r2 r3) r4", packets)
        #expect(Set(sources.keys) == [router(2), router(4)])
    }

    @Test func `packets may be spread without regard to flows, or by destination alone`() throws {
        let same = Array(repeating: udpProbe(ttl: 2), count: 1000)
        #expect(try sources("r1 (r2 | r3)", same, ["r1": "balance=packet"]).count == 2)
        let flows = (0..<1000).map { udpProbe(ttl: 2, source: 20_000 + UInt16($0)) }
        #expect(try sources("r1 (r2 | r3)", flows, ["r1": "balance=destination"]).count == 1)
    }

    @Test func `routers in a row choose independently of each other`() throws {
        let flows = (0..<4000).map { udpProbe(ttl: 4, source: 20_000 + UInt16($0)) }
        let second = try sources("r1 (r2 | r3) r4 (r5 | r6)", flows)
        #expect((1850...2150).contains(second[router(5), default: 0]))
    }

    @Test func `ICMP balances by the checksum, IPv6 by the flow label`() throws {
        let echoes = (0..<200).map { probeEnvelope(ttl: 2).echoRequest(identifier: 1, sequence: UInt16($0)) }
        #expect(try sources("r1 (r2 | r3)", echoes).count == 2)
        let constant = (0..<200).map {
            probeEnvelope(ttl: 2).echoRequest(
                identifier: 1, sequence: UInt16($0), payload: [0, 0], wantedChecksum: 99)
        }
        #expect(try sources("r1 (r2 | r3)", constant).count == 1)
        let labels = (0..<200).map { label in
            var envelope = probeEnvelope(.v6, ttl: 2)
            envelope.flowLabel = UInt32(label)
            return envelope.udp(sourcePort: 1, destinationPort: 2)
        }
        #expect(try sources("r1 (r2 | r3)", labels).count == 2)
    }

    @Test func `a seed gives the same bytes at the same times, another one others`() throws {
        let text = lineTopology(3, ["r1": "jitter=1ms loss=10%", "r2": "jitter=1ms duplicate=20%"])
        let internet = try SimulatedInternet(parsing: text)
        func run(_ seed: UInt64) -> [SimulatedNetwork.Delivery] {
            var network = internet.network(seed: seed)
            return (0..<300).flatMap { network.send(udpProbe(ttl: UInt8($0 % 4 + 1)), at: .milliseconds($0)) }
        }
        #expect(run(1) == run(1))
        #expect(run(1) != run(2))
    }
}
