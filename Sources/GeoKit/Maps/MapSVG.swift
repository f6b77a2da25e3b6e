import TraceCore

/// The picture of a map as SVG.
struct MapSVG {
    let map: GeoMap
    let picture: MapPicture
    let labels: [MapScale: [MapLabel]]
    let legend: MapLegend
    /// The height of the picture: that of its highest layer.
    let height: Double
    let style: MapStyle

    init(_ map: GeoMap) {
        self.map = map
        let picture = MapPicture(map)
        self.picture = picture
        var labels: [MapScale: [MapLabel]] = [:]
        for scale in MapScale.allCases { labels[scale] = MapLabels(picture, scale: scale).placed() }
        self.labels = labels
        let keys = labels.mapValues { MapKey(map, picture, labels: $0) }
        let legend = MapLegend(map: map, keys: keys)
        self.legend = legend
        let top = Self.head(map) + picture.frame.height
        height = MapScale.allCases.reduce(top) { max($0, legend.drawn($1, top: top).bottom) }
        style = MapStyle(appearance: map.appearance, routes: map.routes.count)
    }

    private static func head(_ map: GeoMap) -> Double { map.title == nil ? 0 : 58 }
    private var head: Double { Self.head(map) }

    var document: String {
        let mapHeight = number(picture.frame.height)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 \(number(height))" role="img" \
            class="\(style.classes)">
            <title>\((map.title ?? "Map of routes").html)</title>
            <desc>\(description)</desc>
            <style>
            \(style.css)</style>
            <rect class="paper" width="1000" height="\(number(height))"/>
            <svg y="\(number(head))" width="1000" height="\(mapHeight)" viewBox="0 0 1000 \(mapHeight)">
            \(MapBackground(frame: picture.frame).svg)\(ways)</svg>
            \(MapScale.allCases.map(layer).joined())</svg>

            """
    }

    /// What differs from scale to scale: text and marks.
    func layer(_ scale: MapScale) -> String {
        var title = ""
        if let text = map.title {
            let shown = MapText.cut(text, size: scale.titleSize, room: MapLegend.room, isBold: true)
            title = Self.text(shown, at: [MapLegend.margin, 38], size: scale.titleSize, classes: "title")
        }
        return """
            <g class="\(scale.rawValue)">
            \(title)<g transform="translate(0 \(number(head)))">
            \(arrows(scale))\(labels(scale))\(pins(scale))</g>
            \(legend.drawn(scale, top: head + picture.frame.height).svg)</g>

            """
    }

    /// The content of the picture as text, for screen readers.
    private var description: String {
        let routes = map.routes.map { route in
            var text = route.name.html + ": "
            let stops = route.stops.map { stop in
                let facts = [UntrustedText(stop.hops).html, stop.rtt.map(MapText.time) ?? ""].filter { !$0.isEmpty }
                return stop.label.html + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
            }
            text += stops.isEmpty ? "no place known" : stops.joined(separator: " \u{2192} ")
            if !route.unplaced.isEmpty {
                text += "; not placed: " + route.unplaced.map(\.line.html).joined(separator: ", ")
            }
            return text
        }
        return routes.isEmpty ? "No routes." : routes.joined(separator: ".\n") + "."
    }

    // MARK: - Routes

    private var ways: String {
        var cases = ""
        var ways = ""
        for segment in picture.segments {
            var path = PathData()
            for line in segment.lines { path.add(line, distance: 1.5) }
            guard !path.text.isEmpty else { continue }
            let dash = segment.followsGap ? "gap" : MapStyle.dash(segment.route)
            cases += "<path class=\"case\" d=\"\(path.text)\"/>\n"
            ways += "<path class=\"way \(MapStyle.color(segment.route)) \(dash)\" d=\"\(path.text)\"/>\n"
        }
        return cases + ways
    }

    /// Arrowheads in the middle of the lines that are long enough.
    private func arrows(_ scale: MapScale) -> String {
        let size = 5 * min(scale.factor, 2)
        return picture.segments.compactMap { segment in
            guard let line = segment.lines.max(by: { MapPicture.length(of: $0) < MapPicture.length(of: $1) })
            else { return nil }
            let length = MapPicture.length(of: line)
            guard length > size * 6, let (tip, along) = Self.point(of: line, at: length / 2 + size * 0.6)
            else { return nil }
            let across = SIMD2(-along.y, along.x)
            var path = PathData()
            path.add(
                [
                    tip, tip - along * (size * 1.7) + across * (size * 0.85), tip - along * (size * 1.25),
                    tip - along * (size * 1.7) - across * (size * 0.85),
                ], closed: true)
            let width = number(0.7 * scale.factor)
            return "<path class=\"arrow fill \(MapStyle.color(segment.route))\" stroke-width=\"\(width)\" "
                + "d=\"\(path.text)\"/>\n"
        }.joined()
    }

    /// The point at a distance along a line, and the direction there.
    private static func point(
        of line: [SIMD2<Double>], at distance: Double
    ) -> (place: SIMD2<Double>, along: SIMD2<Double>)? {
        var left = distance
        for (before, point) in zip(line, line.dropFirst()) {
            let length = MapPicture.distance(before, point)
            if length >= left, length > 0 {
                let along = (point - before) / length
                return (before + along * left, along)
            }
            left -= length
        }
        return nil
    }

    // MARK: - Text

    /// A text element that begins, or ends, at a place. The text is already escaped for display, and is escaped for markup
    /// here.
    static func text(
        _ text: String, at place: SIMD2<Double>, size: Double, classes: String, isAtEnd: Bool = false
    ) -> String {
        guard !text.isEmpty else { return "" }
        return "<text class=\"\(classes)\" x=\"\(PathData.number(place.x))\" y=\"\(PathData.number(place.y))\" "
            + "font-size=\"\(PathData.number(size))\"\(isAtEnd ? " text-anchor=\"end\"" : "")>\(text.markup)</text>\n"
    }

    func number(_ value: Double) -> String { PathData.number(value) }
}

extension GeoMap {
    /// The map as a picture that needs no fonts, files or scripts.
    ///
    /// It is 1,000 units wide and scales to any width. Text and lines have three sizes, and the width of the image
    /// decides which is shown. If the elements are part of a page, the width of the page decides.
    public func svg() -> String { MapSVG(self).document }
}
