import Testing

@testable import TraceCore

@Suite struct `A sweep's plan` {
    /// Addresses that count how many of them have been asked for.
    private struct CountedAddresses: RandomAccessCollection, Sendable {
        final class Counter: Sendable {
            private let state = Lock(0)
            var value: Int { state.withLock { $0 } }
            func increase() { state.withLock { $0 += 1 } }
        }

        let counter = Counter()
        let count: Int
        var startIndex: Int { 0 }
        var endIndex: Int { count }

        subscript(position: Int) -> IPAddress {
            counter.increase()
            return IPAddress(v4: 0x0A00_0000 + UInt32(position))
        }
    }

    private static func addresses(_ count: Int) -> [IPAddress] {
        (0..<count).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)) }
    }

    @Test func `asks for the addresses of millions only as it needs them`() throws {
        let addresses = CountedAddresses(count: 16_000_000)
        var plan = try SweepPlan(
            targets: SweepTargets(addresses), settings: SweepSettings(interval: .milliseconds(1)))
        guard case .send(let probes) = plan.step(at: .zero) else {
            Issue.record("the first step sends")
            return
        }
        #expect(probes.map(\.target) == [IPAddress(10, 0, 0, 0)])
        #expect(addresses.counter.value <= 512)
    }

    @Test func `asks silent targets again in the order in which it gave them up, before new ones`() throws {
        let settings = SweepSettings(
            mode: .untilReply(retries: 1), interval: .milliseconds(10), timeout: .milliseconds(20), backoff: 1)
        var plan = try SweepPlan(targets: SweepTargets(Self.addresses(4)), settings: settings)
        var sent: [[Int]] = []
        var now: Duration = .zero
        while now < .seconds(1) {
            switch plan.step(at: now) {
            case .send(let probes):
                for probe in probes { sent.append([Int(probe.target.v4Bits ?? 0) & 0xFF, probe.sequence]) }
            case .wait(let until, _): now = until
            case .timedOut: break
            case .end:
                #expect(sent == [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [3, 0], [2, 1], [3, 1]])
                return
            }
        }
        Issue.record("the plan did not end: \(sent)")
    }

    @Test func `repeats until it is stopped, each target at its period`() throws {
        let settings = SweepSettings(
            mode: .repeating(period: .milliseconds(100)), interval: .milliseconds(10), timeout: .milliseconds(50))
        var plan = try SweepPlan(targets: SweepTargets(Self.addresses(3)), settings: settings)
        var times: [IPAddress: [Duration]] = [:]
        var now: Duration = .zero
        while now < .milliseconds(500) {
            switch plan.step(at: now) {
            case .send(let probes): for probe in probes { times[probe.target, default: []].append(now) }
            case .wait(let until, _): now = until
            case .timedOut: break
            case .end: Issue.record("a sweep that repeats has no end of its own")
            }
        }
        #expect(times.count == 3)
        for (position, address) in Self.addresses(3).enumerated() {
            #expect(times[address] == (0..<5).map { .milliseconds(100 * $0 + 10 * position) })
        }
    }

    @Test func `without an end has a period`() {
        #expect(throws: ProbeError(.badSetting, "")) {
            try SweepPlan(
                targets: SweepTargets(Self.addresses(1)), settings: SweepSettings(mode: .repeating(period: .zero)))
        }
    }

    @Test func `gives the addresses of any collection piece by piece`() {
        let list = Self.addresses(1000)
        let targets = SweepTargets(list.dropFirst(10))
        #expect(targets.count == 990)
        #expect(targets.addresses(at: 0..<3) == Array(list[10..<13]))
        #expect(targets.addresses(at: 500..<990) == Array(list[510..<1000]))
        #expect(targets.addresses(at: 5..<5).isEmpty)
    }
}
