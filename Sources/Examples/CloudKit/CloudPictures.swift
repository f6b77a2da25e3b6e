package import GeoKit
internal import TraceCore

/// The round trips of regions as bars: the median, and a thin bar as far as the 90th percentile.
package struct CloudBars: Sendable {
    let report: CloudReport
    /// How many are drawn.
    let most: Int

    package init(_ report: CloudReport, most: Int = 40) { (self.report, self.most) = (report, most) }

    /// The picture.
    package var svg: String { svg(width: 800) }

    package func svg(width: Int) -> String {
        var canvas = ChartCanvas(width: width)
        let results = Array(report.results.filter { $0.rank != nil }.prefix(most))
        let title = "Round trips to cloud regions"
        canvas.text(title, at: [ChartCanvas.margin, 28], size: ChartText.titleSize, classes: "title")
        let label = canvas.isNarrow ? 116.0 : 250.0
        let longest = results.compactMap { $0.rttMs?.p90 }.max() ?? 1
        // Beside the longest bar there is room for its figure.
        let scale = (canvas.room - label - 64) / max(longest, 0.001)
        var (bars, thin) = (PathData(), PathData())
        var figures: [String] = []
        for (index, result) in results.enumerated() {
            guard let rtt = result.rttMs else { continue }
            let top = 44 + Double(index) * 22
            let text = canvas.isNarrow ? result.region.id : "\(result.region.id), \(result.region.city)"
            let name = ChartText.cut(UntrustedText(text), room: label - 8)
            let left = ChartCanvas.margin + label
            canvas.text(name, at: [left - 8, top + 13], anchor: .end)
            bars.add(box: [left, top + 2], to: [left + max(1, rtt.median * scale), top + 16])
            thin.add(box: [left + rtt.median * scale, top + 6], to: [left + rtt.p90 * scale, top + 12])
            let loss = (result.lossPercent ?? 0) > 0 ? ", \(Int((result.lossPercent ?? 0).rounded())) % lost" : ""
            canvas.text(
                "\(CloudText.number(rtt.median)) ms\(canvas.isNarrow ? "" : loss)",
                at: [left + rtt.p90 * scale + 6, top + 13],
                classes: "soft")
            figures.append("\(UntrustedText(text).escaped): \(CloudText.number(rtt.median)) ms\(loss)")
        }
        canvas.path(thin, classes: "narrow")
        canvas.path(bars, classes: "beyond")
        if results.isEmpty { canvas.text("nothing was measured", at: [ChartCanvas.margin, 60], classes: "soft") }
        return canvas.document(height: 56 + Double(max(1, results.count)) * 22, title: title, figures: figures)
    }
}

/// Regions on a map of the world: the darker, the slower; rings are front ends, crosses are silent.
package struct CloudMap: Sendable {
    let report: CloudReport

    package init(_ report: CloudReport) { self.report = report }

    package var svg: String { svg(width: 1000) }

    package func svg(width: Int) -> String {
        var canvas = ChartCanvas(width: width)
        let center = report.run.here?.longitude ?? 0
        // The poles have no regions: from 60 degrees south to 75 north.
        let unit = canvas.room / 360
        func place(_ east: Double, _ north: Double) -> SIMD2<Double> {
            var x = east - center
            if x < -180 { x += 360 }
            if x > 180 { x -= 360 }
            return [ChartCanvas.margin + (x + 180) * unit, 44 + (75 - min(75, max(-60, north))) * unit * 1.15]
        }
        let title = "Cloud regions, by their round trips"
        canvas.text(title, at: [ChartCanvas.margin, 28], size: ChartText.titleSize, classes: "title")
        var land = PathData()
        for ring in GeoMap.land {
            var line: [SIMD2<Double>] = []
            for point in ring {
                guard (-60...75).contains(point.y) else {
                    land.add(line, distance: 0.7)
                    line = []
                    continue
                }
                let next = place(point.x, point.y)
                // Cut where the map ends.
                if let last = line.last, abs(last.x - next.x) > canvas.room / 2 {
                    land.add(line, distance: 0.7)
                    line = []
                }
                line.append(next)
            }
            land.add(line, distance: 0.7)
        }
        canvas.path(land, classes: "grid")
        draw(ways: &canvas, center: center, place)
        let figures = draw(regions: &canvas, place)
        if let here = report.run.here {
            var mark = PathData()
            let point = place(here.longitude, here.latitude)
            mark.add([point + [0, -7], point + [6, 5], point + [-6, 5]], closed: true)
            canvas.path(mark, classes: "change")
        }
        let bottom = 44 + 135 * unit * 1.15
        let key = key(&canvas, top: bottom + 18)
        return canvas.document(height: key, title: title, figures: figures)
    }

    /// The traced ways, through the places of their routers.
    private func draw(ways canvas: inout ChartCanvas, center: Double, _ place: (Double, Double) -> SIMD2<Double>) {
        var ways = PathData()
        for result in report.results.prefix(60) {
            guard let path = result.path else { continue }
            let stops = MapRoute(path).stops.map(\.coordinate)
            for (from, to) in zip(stops, stops.dropFirst()) {
                for line in GeoMap.way(from: from, to: to, center: center) {
                    ways.add(line.map { place($0.x + center, $0.y) }, distance: 2)
                }
            }
        }
        canvas.path(ways, classes: "whisker")
    }

    private static let limits = [50.0, 120, 220]
    private static let names = ["up to 50 ms", "up to 120 ms", "up to 220 ms", "more"]

    private func draw(regions canvas: inout ChartCanvas, _ place: (Double, Double) -> SIMD2<Double>) -> [String] {
        var shades = [PathData](repeating: PathData(), count: Self.names.count)
        var (fronts, silent) = (PathData(), PathData())
        var figures: [String] = []
        for result in report.results {
            guard let coordinate = result.region.coordinate else { continue }
            let point = place(coordinate.longitude, coordinate.latitude)
            switch (result.rank, result.verdict) {
            case (_?, _):
                let median = result.rttMs?.median ?? 0
                shades[Self.limits.count { median > $0 }].add(Self.disc(point, 4.5), closed: true)
                figures.append("\(UntrustedText(result.region.id).escaped): \(CloudText.number(median)) ms")
            case (_, .frontEnd): fronts.add(Self.disc(point, 4), closed: true)
            case (_, .silent), (_, .unresolved), (_, .refused):
                silent.add([point + [-4, -4], point + [4, 4]])
                silent.add([point + [-4, 4], point + [4, -4]])
            default: break
            }
        }
        for (index, shade) in shades.enumerated() { canvas.path(shade, classes: Self.shade(index)) }
        canvas.path(fronts, classes: "hollow")
        canvas.path(silent, classes: "lost")
        return figures
    }

    /// From light to dark, and the slowest in the colour of loss.
    private static func shade(_ index: Int) -> String { ["s1", "s2", "s3", "l2"][index] }

    private static func disc(_ center: SIMD2<Double>, _ radius: Double) -> [SIMD2<Double>] {
        let half = radius * 0.7071
        return [
            [radius, 0], [half, half], [0, radius], [-half, half], [-radius, 0], [-half, -half], [0, -radius],
            [half, -half],
        ].map { center + $0 }
    }

    /// What the marks mean; gives where it ends.
    private func key(_ canvas: inout ChartCanvas, top: Double) -> Double {
        var (x, y) = (ChartCanvas.margin + 6, top)
        func next(_ text: String, _ draw: (inout ChartCanvas, SIMD2<Double>) -> Void) {
            let width = ChartText.width(text) + 30
            if x + width > canvas.right, x > ChartCanvas.margin + 6 { (x, y) = (ChartCanvas.margin + 6, y + 20) }
            draw(&canvas, [x, y - 4])
            canvas.text(text, at: [x + 10, y], classes: "soft")
            x += width
        }
        for (index, name) in Self.names.enumerated() {
            next(name) { canvas, point in
                var mark = PathData()
                mark.add(Self.disc(point, 4.5), closed: true)
                canvas.path(mark, classes: Self.shade(index))
            }
        }
        next(report.run.from == nil ? "front end near here" : "front end") { canvas, point in
            var mark = PathData()
            mark.add(Self.disc(point, 4), closed: true)
            canvas.path(mark, classes: "hollow")
        }
        next("silent") { canvas, point in
            var mark = PathData()
            mark.add([point + [-4, -4], point + [4, 4]])
            mark.add([point + [-4, 4], point + [4, -4]])
            canvas.path(mark, classes: "lost")
        }
        return y + 14
    }
}

/// The way to a region: the round trip of each hop, and what each adds.
package struct CloudHops: Sendable {
    /// A hop, with the least of its round trips, and how much more that is than at any hop before.
    package struct Hop: Sendable, Hashable {
        package let ttl: Int
        package let who, place, network: String
        package let least: Double?
        package let added: Double?
    }

    package let hops: [Hop]
    /// The countries and networks on the way, each once, in their order.
    package let countries, networks: [String]

    package init(_ path: LocatedTrace) {
        var hops: [Hop] = []
        var reached = 0.0
        var (countries, networks): ([String], [String]) = ([], [])
        for hop in path.hops {
            let reports = path.trace.hops.first { $0.ttl == hop.ttl }
            let least = reports?.rtt?.min.inMilliseconds
            let responder = hop.responders.first
            let place = responder?.place
            let system = responder?.systems.first
            if let country = place?.country?.escaped, countries.last != country, !countries.contains(country) {
                countries.append(country)
            }
            if let name = system?.shortName, !networks.contains(name) { networks.append(name) }
            let name = reports?.replies.first { $0.name != nil }?.name
            // A router may answer slower than it forwards: what is less later was no way.
            let later = path.trace.hops.filter { $0.ttl >= hop.ttl }.compactMap { $0.rtt?.min.inMilliseconds }.min()
            let added = later.map { max(0, $0 - reached) }
            reached = max(reached, later ?? reached)
            hops.append(
                Hop(
                    ttl: hop.ttl, who: name.map(\.escaped) ?? responder.map { "\($0.address)" } ?? "no answer",
                    place: place?.shortName ?? "", network: system?.shortName ?? "", least: least,
                    added: least == nil ? nil : added))
        }
        (self.hops, self.countries, self.networks) = (hops, countries, networks)
    }

    /// The round trips as bars, each with what its hop adds in another colour.
    package func svg(title: String, width: Int) -> String {
        var canvas = ChartCanvas(width: width)
        canvas.text(
            ChartText.cut(UntrustedText(title), size: ChartText.titleSize, isBold: true, room: canvas.room),
            at: [ChartCanvas.margin, 28], size: ChartText.titleSize, classes: "title")
        let label = canvas.isNarrow ? 130.0 : 280.0
        let longest = hops.compactMap(\.least).max() ?? 1
        let scale = (canvas.room - label - 64) / max(longest, 0.001)
        var (bars, added) = (PathData(), PathData())
        var figures: [String] = []
        for (index, hop) in hops.enumerated() {
            let (top, left) = (44 + Double(index) * 20, ChartCanvas.margin + label)
            let name = ChartText.cut(UntrustedText("\(hop.ttl) \(hop.who)"), room: label - 8)
            canvas.text(name, at: [left - 8, top + 12], anchor: .end, classes: hop.least == nil ? "soft" : "")
            guard let least = hop.least else { continue }
            let more = min(least, hop.added ?? 0)
            bars.add(box: [left, top + 2], to: [left + (least - more) * scale, top + 14])
            added.add(box: [left + (least - more) * scale, top + 2], to: [left + least * scale, top + 14])
            canvas.text("\(CloudText.number(least)) ms", at: [left + least * scale + 6, top + 12], classes: "soft")
            figures.append(
                "\(hop.ttl) \(UntrustedText(hop.who).escaped): \(CloudText.number(least)) ms, \(CloudText.number(more)) ms more"
            )
        }
        canvas.path(bars, classes: "narrow")
        canvas.path(added, classes: "l2")
        return canvas.document(height: 58 + Double(max(1, hops.count)) * 20, title: title, figures: figures)
    }
}
