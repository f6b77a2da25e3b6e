import BenchmarkKit
import TraceCore

extension Benchmark {
    /// A sweep of a simulated network, for each target: beside it the simulated channel alone, so that the difference is
    /// what the plan, the driver and the results cost.
    static var sweeps: [Benchmark] {
        [
            Benchmark("sweep-target", setup: { try NetworkOfHosts() }) { network, targets in
                var alive = 0
                let sweeper = Sweeper(network.prober, settings: SweepSettings(interval: .microseconds(10)))
                for try await result in sweeper.results(for: network.hosts.prefix(targets)) where result.isAlive {
                    alive += 1
                }
                try NetworkOfHosts.check(alive, of: targets)
            },
            Benchmark("sweep-target-channel-alone", setup: { try NetworkOfHosts() }) { network, targets in
                let channel = try await network.prober.open(ChannelSettings(capacity: 16384))
                defer { channel.close() }
                var alive = 0
                for id in 0..<targets {
                    _ = try await channel.send([Probe(id: id, target: network.hosts[id])])
                    alive += try await channel.receive(until: channel.now + .microseconds(10)).count
                }
                alive += try await rest(of: channel, targets - alive)
                try NetworkOfHosts.check(alive, of: targets)
            },
            Benchmark("sweep-target-fping-text", setup: { try await NetworkOfHosts().events(100) }) { events, targets in
                var lines = FpingLines()
                var output = FpingOutput(FpingStyle(showsRoundTrips: true))
                // Of each target there are two events, besides the first and the last of all.
                for index in 0..<targets {
                    for event in events[2 * (index % 100) + 1...2 * (index % 100) + 2] {
                        output.apply(event, to: &lines)
                    }
                    if lines.results.count > 16384 { lines.removeAll() }
                }
                keep(lines.results.count)
            },
        ]
    }

    /// Takes in so many answers that are still on their way.
    private static func rest(of channel: SimulatedChannel, _ count: Int) async throws -> Int {
        var found = 0
        while found < count {
            let arrivals = try await channel.receive(until: channel.now + .seconds(1))
            guard !arrivals.isEmpty else { break }
            found += arrivals.count
        }
        return found
    }
}

/// What sweeps are measured on: sixteen million hosts behind two routers, all alive.
struct NetworkOfHosts: Sendable {
    let prober: SimulatedProber<ManualClock>
    let hosts: IPAddressRange.Indexed

    init() throws {
        let internet = try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10
                router near 192.0.2.1 delay=1ms
                router far 192.0.2.2 delay=3ms
                host net 10.0.0.0/8 delay=5ms
                path net: near far
                """)
        prober = SimulatedProber(.icmp, internet)
        guard let hosts = IPNetwork("10.0.0.0/8")?.hosts.indexed else {
            throw PathOfFifteenHops.WrongResult(description: "the hosts cannot be counted")
        }
        self.hosts = hosts
    }

    /// The events of a sweep of so many hosts, those of each target behind each other.
    func events(_ count: Int) async throws -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        let sweeper = Sweeper(prober, settings: SweepSettings(interval: .seconds(1)))
        for try await event in sweeper.events(for: hosts.prefix(count)) { events.append(event) }
        try Self.check(events.count - 2, of: 2 * count)
        return events
    }

    static func check(_ found: Int, of count: Int) throws {
        guard found == count else { throw PathOfFifteenHops.WrongResult(description: "\(found) of \(count)") }
    }
}
