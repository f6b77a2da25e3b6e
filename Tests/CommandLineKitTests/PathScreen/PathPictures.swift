import TraceCore

@testable import TraceCoreCommandLine

/// Paths to draw: what a run through a simulated internet told.
struct PathPictures {
    /// A router that deals packets out in turn, labels, a silent hop, and another way in from 4.5 s on.
    static let crooked = """
        vantage here 192.0.2.10
        router gw 192.0.2.1 delay=1ms name=gw.example balance=packet
        router left 198.51.100.1 delay=2ms name=left.transit.example
        router right 198.51.100.5 delay=3ms name=right.transit.example
        router mid 198.51.100.9 delay=4ms name=mid.transit.example mpls=24015/0/1,16/5/1
        router mid2 198.51.100.19 delay=4ms name=mid2.transit.example
        router dark 198.51.100.13 delay=1ms silent
        host far 203.0.113.7 delay=10ms name=far.example
        path far: gw ( left | right ) mid dark
        at 4.5s path far: gw ( left | right ) mid2 dark
        """

    /// Two ways that flows are dealt out over; on one of them a router keeps silent.
    static let forked = """
        vantage here 192.0.2.10
        router gw 192.0.2.1 delay=1ms name=gw.example balance=flow
        router left 198.51.100.1 delay=2ms name=left.transit.example
        router right 198.51.100.5 delay=3ms name=right.transit.example
        router mid 198.51.100.9 delay=4ms name=mid.transit.example
        router dark 198.51.100.13 delay=5ms silent
        host far 203.0.113.7 delay=10ms name=far.example
        path far: gw ( left mid | right dark )
        """

    /// The events of so many rounds to a host of the demo.
    static func events(_ host: String = "tokyo.example", rounds: Int = 10) async throws -> [ProbeEvent] {
        try await events(from: .demo, host, rounds: rounds)
    }

    static func events(
        from internet: SimulatedInternet, _ host: String, rounds: Int, flows: Int = 1
    ) async throws -> [ProbeEvent] {
        let settings = MonitorSettings(rounds: rounds, flows: flows)
        let monitor = PathMonitor(SimulatedProber(.icmp, internet), settings: settings)
        var events: [ProbeEvent] = []
        for try await event in monitor.events(for: host) { events.append(event) }
        return events
    }

    static func view(_ events: [ProbeEvent]) -> PathView {
        var view = PathView()
        for event in events { view.apply(event) }
        return view
    }

    /// How the paths are asked.
    static let settings = PathSettings(
        method: .icmp, interval: .seconds(1), size: nil, hops: 1...30, rounds: nil)

    static func drawing(
        _ view: PathView, _ columns: Int, _ rows: Int, around scene: PathDrawing.Scene = .init(settings: settings),
        _ change: (inout PathScreenState) -> Void = { _ in }
    ) -> PathDrawing {
        var state = PathScreenState()
        change(&state)
        return PathDrawing(view, state, scene, size: ScreenSize(columns: columns, rows: rows))
    }

    static func text(
        _ view: PathView, _ columns: Int, _ rows: Int, around scene: PathDrawing.Scene = .init(settings: settings),
        _ change: (inout PathScreenState) -> Void = { _ in }
    ) -> [String] {
        drawing(view, columns, rows, around: scene, change).frame.text
    }

    /// Networks and places of the demo's addresses, as a database would have them.
    struct Places: PathGeography {
        var known = Set(PathFact.allCases)
        var home: SIMD2<Double>? = SIMD2(-9.14, 38.72)
        /// A square of land around the Azores.
        var land: [[SIMD2<Double>]] = [[[-30, 36], [-24, 36], [-24, 41], [-30, 41], [-30, 36]]]

        private static let points: [String: SIMD2<Double>] = [
            "lis": [-9.14, 38.72], "lhr": [-0.13, 51.51], "jfk": [-74, 40.71], "nrt": [139.69, 35.69],
        ]

        func facts(of path: MonitorReport) -> [IPAddress: PathFacts] {
            var facts: [IPAddress: PathFacts] = [:]
            for address in path.hops.flatMap(\.addresses) where address.name != "gw.home.example" {
                let code = Self.points.keys.first { address.name?.raw.contains($0) ?? false }
                facts[address.address] = PathFacts(
                    number: 64500, network: "Net \u{1B}[2J",
                    prefix: IPNetwork(containing: address.address, prefixLength: 24),
                    country: "XX", place: code.map { "\($0.uppercased()), XX" }, point: code.flatMap { Self.points[$0] }
                )
            }
            return facts
        }

        func way(from first: SIMD2<Double>, to second: SIMD2<Double>, center: Double) -> [[SIMD2<Double>]] {
            [[first - SIMD2(center, 0), second - SIMD2(center, 0)]]
        }
    }

    /// A scene with places.
    static let placed = PathDrawing.Scene(settings: settings, geography: Places())
}
