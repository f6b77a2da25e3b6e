import Testing

@testable import TraceCore

@Suite struct RunGateTests {
    private func gate(
        runs: Int = 100, client: Int = 100, target: Int = 100, lookUps: Int? = nil
    ) -> RunGate {
        RunGate(
            ProbeService.Quotas(
                runs: runs, runsPerClient: client, runsPerTarget: target, lookUpsPerSecond: lookUps))
    }

    private func refusal(_ body: () throws(RequestError) -> Void) -> RequestError? {
        do throws(RequestError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `so many runs go on at a time, and each that leaves makes room for one`() throws {
        var gate = gate(runs: 2)
        try gate.enter(.init("a"))
        try gate.enter(.init("b"))
        let error = try #require(refusal { () throws(RequestError) in try gate.enter(.init("c")) })
        #expect(error.kind == .limited && error.kind.httpStatus == 429)
        #expect(try #require(error.retryAfter) >= .seconds(1))
        gate.leave(.init("a"), aimedAt: [], after: .seconds(3))
        try gate.enter(.init("c"))
        #expect(gate.count == 2)
    }

    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7", true), ("198.51.100.7", "::ffff:198.51.100.7", true),
        ("198.51.100.7", "198.51.100.8", false), ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", true),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", false), ("token", "token", true), ("token", "Token", false),
    ])
    func `clients are counted by address, those of IPv6 by their network`(
        first: String, second: String, areOne: Bool
    ) throws {
        var gate = gate(client: 1)
        try gate.enter(.init(first))
        let error = refusal { () throws(RequestError) in try gate.enter(.init(second)) }
        #expect((error != nil) == areOne)
    }

    @Test func `many clients do not ask one target together`() throws {
        var gate = gate(target: 2)
        let target = IPAddress(192, 0, 2, 1)
        for client in ["a", "b", "c"] { try gate.enter(.init(client)) }
        try gate.aim(at: [target])
        try gate.aim(at: [target])
        let other = IPAddress(192, 0, 2, 2)
        // All targets of a run are counted, or none.
        #expect(refusal { () throws(RequestError) in try gate.aim(at: [other, target]) }?.kind == .limited)
        try gate.aim(at: [other])
        try gate.aim(at: [other])
        gate.leave(.init("a"), aimedAt: [target], after: nil)
        try gate.aim(at: [target])
    }

    @Test func `names are looked up as often as the quota says, a second's worth at once`() throws {
        var gate = gate(lookUps: 10)
        var (made, refused) = (0, 0)
        var last: Duration?
        for step in 0..<3_000 {
            let error = refusal { () throws(RequestError) in try gate.lookUp(1, at: .milliseconds(step)) }
            if let error {
                refused += 1
                last = error.retryAfter
            } else {
                made += 1
            }
        }
        #expect((38...41).contains(made), "\(made)")
        #expect(refused == 3_000 - made)
        #expect(try #require(last) <= .milliseconds(100))
    }

    @Test func `nothing is kept of those who left`() throws {
        var gate = gate()
        for number in 0..<1_000 {
            let (client, target) = (RunGate.Client("\(number)"), IPAddress(v4: UInt32(number)))
            try gate.enter(client)
            try gate.aim(at: [target])
            gate.leave(client, aimedAt: [target], after: .seconds(1))
        }
        #expect(gate.count == 0)
        #expect(Mirror(reflecting: gate).children.allSatisfy { ($0.value as? [IPAddress: Int])?.isEmpty ?? true })
        #expect(Mirror(reflecting: gate).children.allSatisfy { ($0.value as? [RunGate.Client: Int])?.isEmpty ?? true })
    }
}
