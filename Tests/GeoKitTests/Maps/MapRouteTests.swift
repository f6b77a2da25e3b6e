import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Hops on their way to a map` {
    private func hop(_ number: Int, _ label: UntrustedText, _ latitude: Double, _ longitude: Double) throws
        -> MapRoute.Hop
    {
        MapRoute.Hop(
            number: number, coordinate: try point(latitude, longitude), label: label,
            detail: UntrustedText("r\(number).example"), rtt: .milliseconds(number * 10 - number))
    }

    private func unplaced(_ number: Int) -> MapRoute.Hop {
        MapRoute.Hop(number: number, coordinate: nil, detail: UntrustedText("192.0.2.\(number)"))
    }

    @Test func `those that follow each other at one place are one stop`() throws {
        let route = MapRoute(
            name: "demo",
            hops: [
                try hop(1, "Frankfurt", 50.11, 8.68), try hop(2, "Frankfurt", 50.12, 8.68),
                try hop(3, "Frankfurt", 50.05, 8.57), try hop(4, "Vienna", 48.2, 16.37),
                try hop(5, "Frankfurt", 50.11, 8.68),
            ])
        #expect(route.stops.map(\.label) == ["Frankfurt", "Vienna", "Frankfurt"])
        #expect(route.stops.map(\.hops) == ["1\u{2013}3", "4", "5"])
        #expect(route.stops[0].details.count == 3)
        #expect(route.stops[0].details[1] == "2  r2.example  18.0 ms")
        #expect(route.stops.map(\.rtt) == [.milliseconds(9), .milliseconds(36), .milliseconds(45)])
        #expect(route.unplaced.isEmpty)
        #expect(!route.stops.contains { $0.followsGap })
    }

    @Test func `those without a place are listed and never drawn`() throws {
        let route = MapRoute(
            name: "demo",
            hops: [
                unplaced(1), try hop(2, "Frankfurt", 50.11, 8.68), unplaced(3), try hop(4, "Frankfurt", 50.11, 8.68),
                unplaced(5), try hop(6, "Vienna", 48.2, 16.37), unplaced(7),
            ])
        #expect(route.stops.map(\.hops) == ["2, 4", "6"])
        #expect(route.stops.map(\.followsGap) == [false, true])
        #expect(route.unplaced == [1, 3, 5, 7].map(unplaced))
    }

    @Test func `towns of one name far apart are two stops, and neighbours of two names are two`() throws {
        let route = MapRoute(
            name: "demo",
            hops: [
                try hop(1, "Springfield", 39.8, -89.65), try hop(2, "Springfield", 42.1, -72.59),
                try hop(3, "D\u{FC}sseldorf", 51.22, 6.78), try hop(4, "K\u{F6}ln", 50.94, 6.96),
            ])
        #expect(route.stops.count == 4)
    }

    @Test func `no hop at all is a route without stops`() {
        #expect(MapRoute(name: "none", hops: []).stops.isEmpty)
    }
}
