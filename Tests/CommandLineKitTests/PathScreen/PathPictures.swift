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

    static func text(
        _ view: PathView, _ columns: Int, _ rows: Int, _ change: (inout PathScreenState) -> Void = { _ in }
    ) -> [String] {
        var state = PathScreenState()
        change(&state)
        return PathDrawing(view, state, size: ScreenSize(columns: columns, rows: rows)).frame.text
    }
}
