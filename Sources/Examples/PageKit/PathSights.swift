public import GeoKit
package import TraceCore

/// Where addresses are, for all pages of a server.
public struct PlaceFinder: Sendable {
    let locator: GeolocatorChain
    /// Where the probes come from, if that is known.
    public let source: Place?

    /// Places by the geolocators, and by the names of routers.
    ///
    /// - Parameter source: Where the probes come from, if that is known.
    public init(_ locators: [any Geolocator], from source: Place?) {
        locator = GeolocatorChain(locators + [RouterNameGeolocator()])
        self.source = source
    }

    /// The same for probes that come from elsewhere.
    public func from(_ source: Place?) -> PlaceFinder { PlaceFinder(chain: locator, source) }

    /// What is known of the places on a path, and the map, where any place is known.
    package func places(on path: MonitorReport) -> (summaries: [IPAddress: String], map: HTML?) {
        let hops = path.hops.map { hop in
            TraceReport.Hop(
                ttl: hop.ttl, sent: hop.sent, lost: hop.lost,
                replies: hop.addresses.enumerated().map { index, address in
                    TraceReport.HopReply(
                        sequence: index, name: address.name,
                        answer: ProbeReply(from: address.address, rtt: address.rtt.min, kind: address.kind))
                })
        }
        let located = LocatedTrace(
            trace: TraceReport(run: path.run, hops: hops, end: nil), source: source, geolocator: locator)
        var summaries: [IPAddress: String] = [:]
        for responder in located.hops.flatMap(\.responders) { summaries[responder.address] = responder.summary }
        var route = MapRoute(located)
        route.notes = []
        return (summaries, route.stops.isEmpty ? nil : HTML(drawing: GeoMap(routes: [route]).svg()))
    }

    private init(chain: GeolocatorChain, _ source: Place?) {
        locator = chain
        self.source = source
    }
}

/// Where the hops of a run are, as far as they are known: a fold.
///
/// Of every kind of run it keeps a trace with a few answers of each address, which is all that places and maps need.
struct PathSights: Sendable {
    /// What is known of places.
    struct Sight {
        /// What is to be said of each address.
        var summaries: [IPAddress: String] = [:]
        /// The map, where any place is known.
        var map: HTML?
    }

    private struct Spot: Hashable {
        let ttl: UInt8
        let address: IPAddress
    }

    /// So many answers of an address tell its shortest round trip well enough.
    private static let enough = 5

    private let places: PlaceFinder?
    private var trace = TraceReport.Fold()
    private var heard: [Spot: Int] = [:]
    private var isPath = false
    private var isStale = true
    private var last: (route: MapRoute, html: HTML)?
    private var known = Sight()

    init(_ places: PlaceFinder?) { self.places = places }

    mutating func apply(_ event: ProbeEvent) {
        guard places != nil else { return }
        switch event.fact {
        case .started(let run):
            // A ping has no path that could be drawn.
            isPath = run.verb != .ping
            trace.apply(event)
        case .named, .ended: trace.apply(event)
        case .reply(let probe, let reply):
            let spot = Spot(ttl: isPath ? probe.ttl : 0, address: reply.from)
            guard heard[spot, default: 0] < Self.enough else { return }
            heard[spot, default: 0] += 1
            trace.apply(event)
        case .sent, .sendFailed, .late, .duplicate, .timedOut: return
        }
        isStale = true
    }

    /// What is known by now.
    mutating func sight() -> Sight {
        guard isStale, let places, let report = trace.report() else { return known }
        isStale = false
        let located = LocatedTrace(trace: report, source: places.source, geolocator: places.locator)
        known = Sight()
        for responder in located.hops.flatMap(\.responders) { known.summaries[responder.address] = responder.summary }
        guard isPath else { return known }
        var route = MapRoute(located)
        // Only a trace ends where the target is reached.
        if report.run.verb != .trace { route.notes = [] }
        guard !route.stops.isEmpty else { return known }
        // A picture costs more than all the rest. It is made anew for another place, and at the end, and not for round trips.
        let key = Self.places(of: route)
        if last?.route != key || report.end != nil {
            last = (key, HTML(drawing: GeoMap(routes: [route]).svg()))
        }
        known.map = last?.html
        return known
    }

    /// A route without its round trips.
    private static func places(of route: MapRoute) -> MapRoute {
        var route = route
        for index in route.stops.indices {
            route.stops[index].rtt = nil
            route.stops[index].details = []
        }
        for index in route.unplaced.indices { route.unplaced[index].rtt = nil }
        return route
    }
}
