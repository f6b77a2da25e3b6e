import TraceCore

/// The legend below a map: the names of the routes, and what could not be drawn.
struct MapLegend {
    let map: GeoMap

    private static let margin = 24.0
    private static let gutter = 32.0

    private struct Line {
        let text: String
        let isName: Bool
    }

    /// The number of columns: two if all names fit at the smallest scale.
    private let columns: Int

    init(map: GeoMap) {
        self.map = map
        let room = Self.width(columns: 2) - Self.indent(.small)
        let fits = map.routes.allSatisfy {
            TextExtent.width($0.name.escaped, size: MapScale.small.nameSize) * 1.14 <= room
        }
        columns = map.routes.count > 1 && fits ? 2 : 1
    }

    private static func width(columns: Int) -> Double {
        (MapFrame.width - 2 * margin - Double(columns - 1) * gutter) / Double(columns)
    }

    /// The indentation of the names, behind the sample of the route.
    private static func indent(_ scale: MapScale) -> Double { scale == .small ? 70 : 40 * scale.factor }

    private func lineHeight(_ line: Line, _ scale: MapScale) -> Double {
        (line.isName ? scale.nameSize : scale.remarkSize) * 1.32
    }

    // MARK: - Texts

    private func lines(of route: MapRoute, _ scale: MapScale) -> [Line] {
        let room = Self.width(columns: columns) - Self.indent(scale)
        var lines = [Line(text: TextExtent.cut(route.name, size: scale.nameSize, room: room / 1.14), isName: true)]
        if scale != .small, !route.stops.isEmpty {
            lines += Self.filled(
                "", route.stops.map(\.summary), separator: " \u{2192}", room: room, size: scale.remarkSize, limit: 3
            ).map { Line(text: $0, isName: false) }
        }
        for note in route.notes.prefix(scale == .small ? 1 : 6) {
            lines.append(Line(text: TextExtent.cut(note, size: scale.remarkSize, room: room), isName: false))
        }
        if !route.unplaced.isEmpty {
            let texts = Self.filled(
                "not placed:", route.unplaced, separator: ",", room: room, size: scale.remarkSize,
                limit: scale == .small ? (columns == 1 ? 2 : 1) : scale == .medium ? 4 : 6)
            lines += texts.map { Line(text: $0, isName: false) }
        }
        return lines
    }

    /// A list as running text in a limited number of lines, ending with how many items are left out.
    private static func filled(
        _ opening: String, _ list: [UntrustedText], separator: String, room: Double, size: Double, limit: Int
    ) -> [String] {
        var lines: [String] = []
        var line = opening
        for (index, item) in list.enumerated() {
            let isLast = index == list.count - 1
            let space = line.isEmpty ? "" : " "
            let more = " and \(list.count - index) more"
            // The last line needs room to say that there is more.
            let reserve = lines.count == limit - 1 && !isLast ? TextExtent.width(more, size: size) : 0
            let taken = reserve + (lines.isEmpty ? TextExtent.width(opening + " ", size: size) : 0)
            let word = TextExtent.cut(item, size: size, room: room * 0.95 - taken) + (isLast ? "" : separator)
            guard index > 0, TextExtent.width(line + space + word, size: size) + reserve > room else {
                line += space + word
                continue
            }
            if lines.count == limit - 1 { return lines + [line + more] }
            lines.append(line)
            line = word
        }
        return lines + [line]
    }

    // MARK: - Layout

    /// The tops of the rows, counted from the top of the legend, and finally its height.
    private var tops: [Double] {
        guard !map.routes.isEmpty else { return [0] }
        var tops = [16.0]
        for first in stride(from: 0, to: map.routes.count, by: columns) {
            let row = map.routes[first..<min(first + columns, map.routes.count)]
            let height = row.flatMap { route in
                MapScale.allCases.map { scale in
                    lines(of: route, scale).reduce(0) { $0 + lineHeight($1, scale) }
                }
            }.max()
            tops.append(tops[tops.count - 1] + (height ?? 0) + 12)
        }
        return tops
    }

    private var hasKey: Bool { map.routes.contains { $0.stops.count > 1 } }

    /// The height of the legend.
    var height: Double { (tops.last ?? 0) + (hasKey ? 34 : 0) }

    /// The elements of the legend at a scale, from a given height.
    func svg(_ scale: MapScale, top: Double) -> String {
        var svg = ""
        let tops = tops
        for (index, route) in map.routes.enumerated() {
            let left = Self.margin + Double(index % columns) * (Self.width(columns: columns) + Self.gutter)
            var y = top + tops[index / columns]
            for (number, line) in lines(of: route, scale).enumerated() {
                let height = lineHeight(line, scale)
                if number == 0 { svg += sample(index, scale, left: left, middle: y + height * 0.52) }
                let size = line.isName ? scale.nameSize : scale.remarkSize
                svg += MapSVG.text(
                    line.text, at: [left + Self.indent(scale), y + height * 0.78], size: size,
                    classes: line.isName ? "name" : "soft")
                y += height
            }
        }
        return hasKey ? svg + key(scale, middle: top + (tops.last ?? 0) + 9) : svg
    }

    /// The meaning of the markers and dots, on one line.
    private func key(_ scale: MapScale, middle: Double) -> String {
        let size = scale.remarkSize
        var left = Self.margin
        var svg = ""
        func say(_ text: String, behind width: Double) {
            svg += MapSVG.text(text, at: [left + width, middle + size * 0.35], size: size, classes: "soft")
            left += width + TextExtent.width(text, size: size) + size * 1.4
        }
        let radius = size * 0.32
        svg += MapMarker.ring(at: [left + radius * 1.3, middle], radius: radius, color: "shared")
        say("start", behind: radius * 4)
        svg += MapMarker.square(at: [left + radius * 1.15, middle], radius: radius, color: "shared")
        say("end", behind: radius * 4)
        if map.routes.contains(where: { $0.stops.dropFirst().contains(where: \.followsGap) }) {
            var path = PathData()
            path.add([[left, middle], [left + size * 2.6, middle]])
            svg += "<path class=\"way gap shared\" d=\"\(path.text)\"/>\n"
            say("hops without a place between", behind: size * 3.2)
        }
        return svg
    }

    /// A sample of the line of a route.
    private func sample(_ route: Int, _ scale: MapScale, left: Double, middle: Double) -> String {
        let right = left + Self.indent(scale) - 12 * min(scale.factor, 1.4)
        var path = PathData()
        path.add([[left, middle], [right, middle]])
        let color = MapStyle.color(route)
        return "<path class=\"way \(color) \(MapStyle.dash(route))\" d=\"\(path.text)\"/>\n"
    }
}

extension MapRoute.Stop {
    /// The place and its hops.
    fileprivate var summary: UntrustedText {
        UntrustedText(hops.isEmpty ? label.raw : label.raw.isEmpty ? hops : "\(label.raw) \(hops)")
    }
}
