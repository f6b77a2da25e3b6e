internal import TraceCore

/// The part of the world that a path runs through, with the path on it.
struct PathMap {
    /// The map shows at least so many degrees.
    private static let leastSpan = 16.0

    let lines: [ScreenLine]

    /// Hops that are at one place of the map.
    private struct Stop {
        var hops: [Int]
        var point: SIMD2<Double>
        var name: String

        /// Their numbers: `4-6, 9`.
        var numbers: String {
            var parts: [ClosedRange<Int>] = []
            for hop in hops {
                if let last = parts.last, last.upperBound == hop - 1 {
                    parts[parts.count - 1] = last.lowerBound...hop
                } else {
                    parts.append(hop...hop)
                }
            }
            return parts.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
                .joined(separator: ",")
        }
    }

    init(
        _ path: MonitorReport, _ facts: [IPAddress: PathFacts], _ geography: any PathGeography,
        _ state: PathScreenState,
        columns: Int, rows: Int
    ) {
        let placed = path.hops.compactMap { hop -> Stop? in
            guard let known = hop.addresses.lazy.compactMap({ facts[$0.address] }).first(where: { $0.point != nil }),
                let point = known.point
            else { return nil }
            return Stop(hops: [hop.ttl], point: point, name: known.place ?? "")
        }
        let lost = path.hops.map(\.ttl).filter { ttl in !placed.contains { $0.hops == [ttl] } }
        var way = placed.map(\.point)
        if let home = geography.home { way.insert(home, at: 0) }
        guard !way.isEmpty else {
            lines = [
                ScreenLine(),
                ScreenLine("  No place of this path is known, neither by a database (--geo) nor by names.", .dim),
            ]
            return
        }

        let canvasRows = lost.isEmpty ? rows : rows - 1
        var canvas = BrailleCanvas(columns: columns, rows: canvasRows)
        let view = Projection(way, canvas)
        for ring in geography.land {
            let points = ring.map(view.relative)
            for (first, second) in zip(points, points.dropFirst()) where abs(first.x - second.x) < 180 {
                canvas.line(from: view.dot(first), to: view.dot(second), .dim)
            }
        }
        for (first, second) in zip(way, way.dropFirst()) where first != second {
            for line in geography.way(from: first, to: second, center: view.center) {
                for (one, next) in zip(line, line.dropFirst()) {
                    canvas.line(from: view.dot(one), to: view.dot(next), CellStyle(color: .cyan))
                }
            }
        }
        if let home = geography.home { Self.write([Stop(hops: [], point: home, name: "here")], view, state, &canvas) }
        Self.write(Self.merged(placed, view, canvas), view, state, &canvas)
        lines = canvas.lines + (lost.isEmpty ? [] : [Self.remark(on: lost)])
    }

    private static func remark(on lost: [Int]) -> ScreenLine {
        ScreenLine(
            "no place is known of hop\(lost.count == 1 ? "" : "s") \(Stop(hops: lost, point: .zero, name: "").numbers)",
            .dim)
    }

    /// Hops that are drawn in the same place become one stop.
    private static func merged(_ stops: [Stop], _ view: Projection, _ canvas: BrailleCanvas) -> [Stop] {
        var merged: [Stop] = []
        for stop in stops {
            guard let place = canvas.place(of: view.dot(view.relative(stop.point))) else { continue }
            let same = merged.firstIndex { other in
                canvas.place(of: view.dot(view.relative(other.point))).map { $0 == place } ?? false
            }
            if let same { merged[same].hops += stop.hops } else { merged.append(stop) }
        }
        return merged
    }

    /// Writes the numbers of stops where they are; then their names, where there is room beside them.
    private static func write(
        _ stops: [Stop], _ view: Projection, _ state: PathScreenState, _ canvas: inout BrailleCanvas
    ) {
        var written: [(stop: Stop, columns: Range<Int>, row: Int)] = []
        for stop in stops {
            guard let place = canvas.place(of: view.dot(view.relative(stop.point))) else { continue }
            let numbers = stop.hops.isEmpty ? "@" : stop.numbers
            let isChosen = state.chosen.map(stop.hops.contains) ?? false
            let start = max(0, min(place.column, canvas.columns - numbers.count))
            let range = start..<start + numbers.count
            // Where another number stands, this one goes above or below it.
            let rows = [0, -1, 1, -2, 2].map { place.row + $0 }
            guard let row = rows.first(where: { canvas.isFree(range, row: $0) }) else { continue }
            canvas.write(
                numbers, column: range.lowerBound, row: row,
                CellStyle(color: isChosen ? .yellow : .green, isBold: true, isInverse: isChosen))
            written.append((stop, range, row))
        }
        for (stop, range, row) in written {
            // A place in words may hold anything; a letter of the map has one column.
            let city = stop.name.split(separator: ",").first.map(String.init) ?? ""
            let name = String(UntrustedText(city).escaped(columns: 18).map { String($0).columns == 1 ? $0 : "?" })
            guard !name.isEmpty else { continue }
            let right = range.upperBound + 1..<range.upperBound + 1 + name.count
            let left = range.lowerBound - 1 - name.count..<range.lowerBound - 1
            for place in [right, left]
            where canvas.isFree(place.lowerBound - 1..<place.upperBound + 1, row: row)
                || canvas.isFree(place, row: row) && (place.upperBound == canvas.columns || place.lowerBound == 0)
            {
                canvas.write(name, column: place.lowerBound, row: row, .plain)
                break
            }
        }
    }
}

/// How the part of the world becomes dots: straight meridians and parallels, true in its middle.
private struct Projection {
    /// The meridian in the middle.
    let center: Double
    private let latitude: Double
    private let stretch: Double
    /// Dots for each degree of latitude.
    private let scale: Double
    private let middle: SIMD2<Double>

    /// The part of the world around some points.
    init(_ points: [SIMD2<Double>], _ canvas: BrailleCanvas) {
        // The meridians that the path needs are all but the widest gap between its points.
        let longitudes = points.map(\.x).sorted()
        let gaps = longitudes.indices.map { index in
            let next = index + 1 < longitudes.count ? longitudes[index + 1] : longitudes[0] + 360
            return (start: longitudes[index], width: next - longitudes[index])
        }
        let gap = gaps.max { $0.width < $1.width } ?? (0, 360)
        let middleLongitude = gap.start + gap.width + (360 - gap.width) / 2
        center = (middleLongitude + 180).truncatingRemainder(dividingBy: 360) - 180
        let latitudes = points.map(\.y)
        let (south, north) = (latitudes.min() ?? 0, latitudes.max() ?? 0)
        latitude = min(max((south + north) / 2, -60), 70)
        // Half the sine of the angle between the poles and the middle is enough: no map of a path needs the poles.
        stretch = max(0.35, Self.cosine(latitude))
        let span = SIMD2(max(16, (360 - gap.width) * 1.3) * stretch, max(16, (north - south) * 1.5))
        scale = min(canvas.width / span.x, canvas.height / span.y)
        middle = SIMD2(canvas.width / 2, canvas.height / 2)
    }

    /// A point with its longitude counted from the meridian in the middle.
    func relative(_ point: SIMD2<Double>) -> SIMD2<Double> {
        var longitude = point.x - center
        if longitude > 180 { longitude -= 360 } else if longitude < -180 { longitude += 360 }
        return SIMD2(longitude, point.y)
    }

    /// Where a point is drawn.
    func dot(_ relative: SIMD2<Double>) -> SIMD2<Double> {
        middle + SIMD2(relative.x * stretch, latitude - relative.y) * scale
    }

    /// The cosine of an angle in degrees, as exact as dots need it.
    private static func cosine(_ degrees: Double) -> Double {
        let turn = degrees * .pi / 180
        return 1 - turn * turn / 2 + turn * turn * turn * turn / 24
    }
}
