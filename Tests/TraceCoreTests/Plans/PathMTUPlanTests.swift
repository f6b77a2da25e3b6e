import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct `A plan that finds the MTU of a path` {
    private static let target = IPAddress(192, 0, 2, 99)

    private static func plan(tries: Int = 3) throws -> PathMTUPlan {
        let trace = TraceSettings(maxTTL: 12, gapLimit: 3)
        return try PathMTUPlan(
            target: target, settings: PathMTUSettings(trace: trace, largest: 9000, tries: tries), headerSize: 28)
    }

    @Test(arguments: 0..<100)
    func `keeps its window and ends in bounded time, whatever the network does`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let length = Int.random(in: 1...14, using: &generator)
        let limits = (0..<length).map { _ in Int.random(in: 60...9000, using: &generator) }
        let loss = Int.random(in: 0...60, using: &generator)
        var harness = PlanHarness(plan: try Self.plan(), generator: generator) { probe, generator in
            if generator.chance(loss) { return nil }
            let ttl = min(Int(probe.ttl), length)
            let size = Int(probe.size ?? 0) + 28
            let rtt = Duration.microseconds(ttl * 3000)
            if limits[..<ttl].contains(where: { $0 < size }) {
                return generator.chance(50) ? (.packetTooBig, rtt) : nil
            }
            return (Int(probe.ttl) >= length ? .echoReply : .timeExceeded, rtt)
        }
        let outcome = harness.run(upTo: .seconds(3600))
        #expect(outcome.end != nil)
        #expect(outcome.mostOut <= 16 + 64)
        #expect(outcome.sent.count < 4000)
    }

    @Test(arguments: [1500, 1492, 1371, 576, 69, 8999])
    func `finds a black hole of any size to the byte`(mtu: Int) throws {
        var harness = PlanHarness(plan: try Self.plan(), generator: SeededGenerator(seed: 1)) { probe, _ in
            let ttl = min(Int(probe.ttl), 4)
            guard ttl < 3 || Int(probe.size ?? 0) + 28 <= mtu else { return nil }
            return (ttl == 4 ? .echoReply : .timeExceeded, .milliseconds(ttl))
        }
        harness.failures = 0
        let outcome = harness.run()
        #expect(outcome.end == RunEnd(.reached))
        let sizes = Set(outcome.sent.map { Int($0.size ?? 0) + 28 })
        #expect(sizes.contains(mtu) && sizes.contains(mtu + 1))
        // 4 + 8 + 15 tests of two waits each, and the round in which the place is found.
        #expect(outcome.endedAt < .milliseconds(250) * 2 * 28)
    }

    @Test func `ends where every packet is refused by the system`() throws {
        var plan = try Self.plan()
        let outcome = try Self.drive(&plan) { probe in
            probe.size ?? 0 > 40 ? ProbeError(.noRoute, "No way") : nil
        }
        #expect(outcome == RunEnd(.reached))
    }

    @Test func `takes what does not leave this machine for its own MTU`() throws {
        var plan = try Self.plan()
        var largest = 0
        _ = try Self.drive(&plan) { probe in
            let size = Int(probe.size ?? 0) + 28
            if size > 1442 { return ProbeError(.tooLarge, "Too large") }
            largest = max(largest, size)
            return nil
        }
        #expect(largest == 1442)
    }

    /// Drives a plan over a path of one hop on which everything is answered that can be sent.
    private static func drive(_ plan: inout PathMTUPlan, refusing refuse: (Probe) -> ProbeError?) throws -> RunEnd? {
        var now = Duration.zero
        for _ in 0..<10_000 {
            switch plan.step(at: now) {
            case .send(let probes):
                for probe in probes {
                    if let error = refuse(probe) {
                        #expect(plan.sendFailed(probe.id, error, at: now) == probe)
                    } else {
                        let response = ProbeReply(from: target, rtt: .milliseconds(1), kind: .echoReply)
                        _ = plan.receive(Arrival(probe: probe.id, at: now, reply: response))
                    }
                }
            case .wait(let until, _): now = until
            case .timedOut: break
            case .end(let end): return end
            }
        }
        return nil
    }

    @Test func `refuses settings that make no sense`() {
        #expect(throws: ProbeError.self) { try Self.plan(tries: 1) }
        #expect(throws: ProbeError.self) {
            try PathMTUPlan(target: Self.target, settings: PathMTUSettings(largest: 60), headerSize: 28)
        }
    }
}

@Suite struct `A search for the sizes of a path` {
    /// What arrives at each hop, and what routers tell; gives how many tests it took and what was found.
    private static func search(
        _ sizes: [Int], local: Int = 1500, telling: Bool = false
    ) -> (tests: Int, found: [Int]) {
        var search = PathMTUSearch(ttls: Array(1...sizes.count), largest: 65535)
        for count in 0..<1000 {
            switch search.next() {
            case .send(let size, _): if size <= local { search.noteSent(size) } else { search.noteTooLarge(size) }
            case .test(let size, let ttls):
                for ttl in ttls {
                    if size <= sizes[ttl - 1] {
                        search.noteArrival(of: size, at: ttl)
                    } else {
                        search.noteFailure(of: size, at: ttl)
                        if telling { search.noteHint(sizes.first { $0 < size } ?? 0) }
                    }
                }
            case .done: return (count, (1...sizes.count).map { search.size(arrivingAt: $0) })
            }
        }
        return (.max, [])
    }

    @Test(arguments: [
        [1500, 1500, 1500], [1500, 1480, 1480], [1500, 1492, 1400, 1400], [1281, 1280, 1000, 900, 69], [68],
        [1499, 1499],
    ])
    func `finds every size, told or not`(_ sizes: [Int]) {
        #expect(Self.search(sizes).found == sizes)
        #expect(Self.search(sizes, telling: true).found == sizes)
    }

    @Test func `takes a few tests for each size where routers tell, and a bounded number where they do not`() {
        // What the own interface takes is asked first, and costs nothing.
        let free = Self.search([1500, 1500]).tests
        #expect(Self.search([1500, 1500, 1400, 1400], telling: true).tests - free <= 6)
        for size in 69..<1500 { #expect(Self.search([1500, size]).tests - free <= 27) }
    }
}
