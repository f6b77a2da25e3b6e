import BenchmarkKit
import TraceCore

extension Benchmark {
    /// A sweep of a simulated network, and beside it the simulated channel alone: the difference is what the plan, the
    /// driver and the results cost.
    static var sweeps: [Benchmark] {
        let count = NetworkOfHosts.count
        return [
            Benchmark("sweep-4096-targets", setup: { try NetworkOfHosts() }) { network, iterations in
                for _ in 0..<iterations {
                    var alive = 0
                    let sweeper = Sweeper(network.prober, settings: SweepSettings(interval: .microseconds(10)))
                    for try await result in sweeper.results(for: network.hosts) where result.isAlive { alive += 1 }
                    try NetworkOfHosts.check(alive, of: count)
                }
            },
            Benchmark("sweep-4096-targets-channel-alone", setup: { try NetworkOfHosts() }) { network, iterations in
                for _ in 0..<iterations {
                    let channel = try await network.prober.open(ChannelSettings(capacity: 16384))
                    defer { channel.close() }
                    var alive = 0
                    for id in 0..<count {
                        _ = try await channel.send([Probe(id: id, target: network.hosts[id])])
                        alive += try await channel.receive(until: channel.now + .microseconds(10)).count
                    }
                    alive += try await rest(of: channel, count - alive)
                    try NetworkOfHosts.check(alive, of: count)
                }
            },
            Benchmark("fping-text-4096-targets", setup: { try await NetworkOfHosts().events() }) { events, iterations in
                for _ in 0..<iterations {
                    var lines = FpingOutput.Lines()
                    var output = FpingOutput(FpingOutput.Style(showsRoundTrips: true))
                    for event in events { output.apply(event, to: &lines) }
                    try NetworkOfHosts.check(output.alive, of: count)
                    keep(lines.results.count)
                }
            },
        ]
    }

    /// Takes in so many answers that are still on their way.
    private static func rest(of channel: any ProbeChannel, _ count: Int) async throws -> Int {
        var found = 0
        while found < count {
            let arrivals = try await channel.receive(until: channel.now + .seconds(1))
            guard !arrivals.isEmpty else { break }
            found += arrivals.count
        }
        return found
    }
}

/// What sweeps are measured on: hosts behind two routers, all alive.
struct NetworkOfHosts: Sendable {
    static let count = 4096

    let prober: SimulatedProber<ManualClock>
    let hosts: IPAddressRange.Indexed

    init() throws {
        let internet = try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10
                router near 192.0.2.1 delay=1ms
                router far 192.0.2.2 delay=3ms
                host net 10.0.0.0/20 delay=5ms
                path net: near far
                """)
        prober = SimulatedProber(.icmp, internet)
        guard let hosts = IPNetwork("10.0.0.0/20")?.addresses.indexed else {
            throw PathOfFifteenHops.WrongResult(description: "the hosts cannot be counted")
        }
        self.hosts = hosts
    }

    /// The events of a sweep.
    func events() async throws -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        for try await event in Sweeper(prober).events(for: hosts) { events.append(event) }
        try Self.check(events.count - 2, of: 2 * Self.count)
        return events
    }

    static func check(_ found: Int, of count: Int) throws {
        guard found == count else { throw PathOfFifteenHops.WrongResult(description: "\(found) of \(count)") }
    }
}
