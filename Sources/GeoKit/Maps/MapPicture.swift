import TraceCore

/// The content of a picture: the sites where routes stop, and the lines between them.
struct MapPicture {
    /// A place where routes stop. Stops at the same place share a site.
    struct Site {
        let place: SIMD2<Double>
        var label: UntrustedText
        /// The routes that stop here, each once, in order.
        var routes: [Int] = []
        var begins = false
        var ends = false
        /// The shortest round trip that a route has to the place of the label.
        var rtt: Duration?
        /// The lines of its tooltip.
        var lines: [UntrustedText] = []

        /// Whether a route begins or ends here.
        var isEnd: Bool { begins || ends }
    }

    /// The line from one site to the next.
    struct Segment {
        let route: Int
        let from: Int
        let to: Int
        let followsGap: Bool
        let lines: [[SIMD2<Double>]]
    }

    let frame: MapFrame
    private(set) var sites: [Site] = []
    private(set) var segments: [Segment] = []
    private var sitesByCell: [SIMD2<Int>: [Int]] = [:]

    init(_ map: GeoMap) {
        switch map.extent {
        case .world: frame = MapFrame(world: map.projection, center: 0)
        case .fitted: frame = MapFrame(fitting: map.routes, projection: map.projection)
        }
        for (index, route) in map.routes.enumerated() { add(route, index: index) }
        spreadLanes()
    }

    private mutating func add(_ route: MapRoute, index: Int) {
        var last: Int?
        for (number, stop) in route.stops.enumerated() {
            let site = site(of: stop)
            if sites[site].routes.last != index { sites[site].lines.append(route.name) }
            if !sites[site].routes.contains(index) { sites[site].routes.append(index) }
            if number == 0 { sites[site].begins = true }
            if number == route.stops.count - 1, number > 0 { sites[site].ends = true }
            if let rtt = stop.rtt, stop.label == sites[site].label {
                sites[site].rtt = min(rtt, sites[site].rtt ?? rtt)
            }
            sites[site].lines += stop.details.isEmpty ? [UntrustedText(stop.hops)] : stop.details
            if let last, last != site {
                let circle = GreatCircle(from: route.stops[number - 1].coordinate, to: stop.coordinate)
                let lines = circle.lines(center: frame.center).map { $0.map(frame.place) }
                segments.append(
                    Segment(route: index, from: last, to: site, followsGap: stop.followsGap, lines: lines))
            }
            last = site
        }
    }

    /// The site for a stop: an existing one or a new one.
    private mutating func site(of stop: MapRoute.Stop) -> Int {
        let place = frame.place(stop.coordinate)
        // Two units are less than a marker, so closer stops could not be told apart.
        let cell = SIMD2<Int>(Int(place.x / 2), Int(place.y / 2))
        for y in -1...1 {
            for x in -1...1 {
                let near = sitesByCell[cell &+ [x, y]]?.first { Self.distance(sites[$0].place, place) < 2 }
                guard let near else { continue }
                if sites[near].label.raw.isEmpty { sites[near].label = stop.label }
                return near
            }
        }
        sitesByCell[cell, default: []].append(sites.count)
        sites.append(Site(place: place, label: stop.label))
        return sites.count - 1
    }

    // MARK: - Lanes

    private struct Way: Hashable {
        let low: Int
        let high: Int
    }

    private struct Lane: Hashable {
        let route: Int
        let isForward: Bool
    }

    /// Moves lines of several routes between the same sites side by side.
    private mutating func spreadLanes() {
        var lanes: [Way: [Lane]] = [:]
        for segment in segments {
            let lane = Self.lane(segment)
            if !lanes[Self.way(segment), default: []].contains(lane) {
                lanes[Self.way(segment), default: []].append(lane)
            }
        }
        segments = segments.map { segment in
            guard let all = lanes[Self.way(segment)], all.count > 1,
                let index = all.firstIndex(of: Self.lane(segment))
            else { return segment }
            let spacing = min(5.5, 33 / Double(all.count))
            // The side is that of the line, not of the direction of the route.
            let side = (Double(index) - Double(all.count - 1) / 2) * spacing * (segment.from < segment.to ? 1 : -1)
            return Segment(
                route: segment.route, from: segment.from, to: segment.to, followsGap: segment.followsGap,
                lines: segment.lines.map { Self.shifted($0, by: side) })
        }
    }

    private static func way(_ segment: Segment) -> Way {
        Way(low: min(segment.from, segment.to), high: max(segment.from, segment.to))
    }

    private static func lane(_ segment: Segment) -> Lane {
        Lane(route: segment.route, isForward: segment.from < segment.to)
    }

    /// A line moved sideways. At its ends it bends back to the sites.
    private static func shifted(_ line: [SIMD2<Double>], by side: Double) -> [SIMD2<Double>] {
        let line = fine(line)
        let length = length(of: line)
        guard length > 0 else { return line }
        let bend = min(30, length / 3)
        var gone = 0.0
        return line.enumerated().map { index, point in
            let before = line[max(0, index - 1)]
            let after = line[min(line.count - 1, index + 1)]
            if index > 0 { gone += distance(before, point) }
            let along = after - before
            let size = (along * along).sum().squareRoot()
            guard size > 0 else { return point }
            let share = max(0, min(1, min(gone, length - gone) / bend))
            // A smooth curve from 0 to 1.
            let eased = share * share * (3 - 2 * share)
            return point + SIMD2(along.y, -along.x) / size * (side * eased)
        }
    }

    /// A line whose points are close enough together to be bent.
    private static func fine(_ line: [SIMD2<Double>]) -> [SIMD2<Double>] {
        guard let first = line.first else { return [] }
        var fine = [first]
        for (before, point) in zip(line, line.dropFirst()) {
            let parts = max(1, Int((distance(before, point) / 5).rounded(.up)))
            for part in 1...parts { fine.append(before + (point - before) * (Double(part) / Double(parts))) }
        }
        return fine
    }

    static func distance(_ first: SIMD2<Double>, _ second: SIMD2<Double>) -> Double {
        let offset = second - first
        return (offset * offset).sum().squareRoot()
    }

    static func length(of line: [SIMD2<Double>]) -> Double {
        zip(line, line.dropFirst()).reduce(0) { $0 + distance($1.0, $1.1) }
    }
}
