import TraceCore

/// The legend below a map: the routes with their stops, what could not be drawn, and what the marks mean.
struct MapLegend {
    let map: GeoMap
    /// What the marks mean, at each scale.
    let keys: [MapScale: MapKey]
    private let unplaced: MapUnplaced
    /// The number of columns: two if all names fit at the smallest scale.
    private let columns: Int

    static let margin = 24.0
    static let room = MapFrame.width - 2 * margin
    private static let gutter = 24.0

    private struct Line {
        var text = ""
        var isName = false
        /// The hops before the text, and the round trip behind it, each in a column of its own.
        var cells: (hops: String, rtt: String)?

        func height(_ scale: MapScale) -> Double {
            (isName ? scale.nameSize : scale.remarkSize) * (scale == .large ? 1.6 : scale == .medium ? 1.32 : 1.26)
        }
    }

    init(map: GeoMap, keys: [MapScale: MapKey]) {
        self.map = map
        self.keys = keys
        unplaced = MapUnplaced(map.routes)
        let room = Self.width(columns: 2) - Self.indent(.small)
        let fits = map.routes.allSatisfy {
            MapText.width($0.name.escaped, size: MapScale.small.nameSize, isBold: true) <= room
        }
        columns = map.routes.count > 1 && fits ? 2 : 1
    }

    private static func width(columns: Int) -> Double { (room - Double(columns - 1) * gutter) / Double(columns) }

    /// The indentation of the names, behind the sample of the route.
    private static func indent(_ scale: MapScale) -> Double { scale == .small ? 60 : 40 * scale.factor }

    // MARK: - Texts

    private func lines(of index: Int, _ scale: MapScale) -> [Line] {
        let route = map.routes[index]
        let size = scale.remarkSize
        let room = Self.width(columns: columns) - Self.indent(scale)
        let name = MapText.cut(route.name, size: scale.nameSize, room: room, isBold: true)
        var remarks: [String] = []
        for note in route.notes.prefix(scale == .small ? 1 : 6) {
            remarks.append(MapText.cut(note, size: size, room: room))
        }
        if !unplaced.own[index].isEmpty {
            remarks += MapText.lines(
                unplaced.own[index], opening: "not placed:", separator: ",", size: size, room: room,
                limit: scale == .small ? 2 : 4)
        }
        return [Line(text: name, isName: true)]
            + (scale == .small ? running(route.stops, room: room) : table(route.stops, scale, room: room))
            + remarks.map { Line(text: $0) }
    }

    /// The stops as running text, where there is little room. Only the last one has its round trip.
    private func running(_ stops: [MapRoute.Stop], room: Double) -> [Line] {
        guard let last = stops.last else { return [] }
        var names = stops.map { $0.label.raw.isEmpty ? UntrustedText($0.hops) : $0.label }
        if let rtt = last.rtt {
            names[names.count - 1] = UntrustedText("\(names.last?.raw ?? "") \(MapText.time(rtt))")
        }
        return MapText.lines(
            names, separator: " \u{2192}", size: MapScale.small.remarkSize, room: room, limit: 3
        ).map { Line(text: $0) }
    }

    /// The stops as a table: hops, place, round trip.
    private func table(_ stops: [MapRoute.Stop], _ scale: MapScale, room: Double) -> [Line] {
        let size = scale.remarkSize
        let limit = 16
        let shown = stops.count > limit ? stops.prefix(limit - 1) : stops[...]
        let lines = shown.map { stop in
            Line(
                text: MapText.cut(stop.label, size: size, room: size * 13),
                cells: (
                    MapText.cut(UntrustedText(stop.hops), size: size, room: size * 5), stop.rtt.map(MapText.time) ?? ""
                ))
        }
        return lines + (stops.count > limit ? [Line(text: "and \(stops.count - limit + 1) more")] : [])
    }

    // MARK: - Layout

    /// The elements of the legend at a scale, from a given height, and where they end.
    func drawn(_ scale: MapScale, top: Double) -> (svg: String, bottom: Double) {
        guard !map.routes.isEmpty else { return ("", top) }
        var svg = ""
        var bottom = top
        for (column, routes) in columns(scale).enumerated() {
            let left = Self.margin + Double(column) * (Self.width(columns: columns) + Self.gutter)
            var y = top + 16
            for index in routes {
                svg += sample(index, scale, left: left, middle: y + scale.nameSize * 0.69)
                add(lines(of: index, scale), scale, left: left + Self.indent(scale), to: &svg, y: &y)
                y += scale.remarkSize * 0.6
            }
            bottom = max(bottom, y)
        }
        if !unplaced.shared.isEmpty {
            let texts = MapText.lines(
                unplaced.shared, opening: "not placed:", separator: ",", size: scale.remarkSize, room: Self.room,
                limit: 4)
            add(texts.map { Line(text: $0) }, scale, left: Self.margin, to: &svg, y: &bottom)
            bottom += scale.remarkSize * 0.5
        }
        let key = keys[scale]?.drawn(scale, top: bottom)
        return (svg + (key?.svg ?? ""), key?.bottom ?? bottom)
    }

    /// The routes of each column, from top to bottom, so that the columns are about equally long.
    private func columns(_ scale: MapScale) -> [Range<Int>] {
        let count = map.routes.count
        guard columns == 2 else { return [0..<count] }
        let heights = (0..<count).map { index in
            lines(of: index, scale).reduce(scale.remarkSize * 0.6) { $0 + $1.height(scale) }
        }
        let total = heights.reduce(0, +)
        var first = 0.0
        var split = 0
        while split < count, first + heights[split] / 2 <= total / 2 {
            first += heights[split]
            split += 1
        }
        return [0..<split, split..<count]
    }

    private func add(_ lines: [Line], _ scale: MapScale, left: Double, to svg: inout String, y: inout Double) {
        let size = scale.remarkSize
        for line in lines {
            let height = line.height(scale)
            let baseline = y + height * 0.74
            y += height
            guard let cells = line.cells else {
                svg += MapSVG.text(
                    line.text, at: [left, baseline], size: line.isName ? scale.nameSize : size,
                    classes: line.isName ? "name" : "soft")
                continue
            }
            svg += MapSVG.text(cells.hops, at: [left, baseline], size: size, classes: "soft")
            svg += MapSVG.text(line.text, at: [left + size * 5.5, baseline], size: size, classes: "place")
            svg += MapSVG.text(
                cells.rtt, at: [left + size * 23.5, baseline], size: size, classes: "soft", isAtEnd: true)
        }
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
