import TraceCore

/// What the marks of a map mean at one scale, and the names of the places that have none on the map.
struct MapKey {
    private enum Mark {
        case start, end, gap
        case number(String)
    }

    private var items: [(mark: Mark, meaning: UntrustedText)] = []
    /// The places that have neither a name nor a number on the map.
    private let unlabelled: [UntrustedText]

    init(_ map: GeoMap, _ picture: MapPicture, labels: [MapLabel]) {
        if map.routes.contains(where: { $0.stops.count > 1 }) { items += [(.start, "start"), (.end, "end")] }
        if map.routes.contains(where: { $0.stops.dropFirst().contains(where: \.followsGap) }) {
            items.append((.gap, "hops without a place between"))
        }
        for label in labels where label.wording.isNumber {
            items.append((.number(label.wording.text), picture.sites[label.site].label))
        }
        let labelled = Set(labels.map(\.site))
        unlabelled = picture.sites.indices.filter { !labelled.contains($0) }.map { picture.sites[$0].label }
            .filter { !$0.raw.isEmpty }
    }

    /// The elements of the key, and where they end.
    func drawn(_ scale: MapScale, top: Double) -> (svg: String, bottom: Double) {
        guard !items.isEmpty || !unlabelled.isEmpty else { return ("", top) }
        let size = scale.remarkSize
        let right = MapLegend.margin + MapLegend.room
        var svg = ""
        var place = SIMD2(MapLegend.margin, top + size)
        for item in items {
            let indent = indent(of: item.mark, size: size)
            let text = MapText.cut(item.meaning, size: size, room: MapLegend.room - indent)
            let width = indent + MapText.width(text, size: size)
            if place.x > MapLegend.margin, place.x + width > right { place = [MapLegend.margin, place.y + size * 1.5] }
            svg += drawn(item.mark, at: place, size: size)
            svg += MapSVG.text(text, at: place + [indent, size * 0.35], size: size, classes: "soft")
            place.x += width + size * 1.2
        }
        guard !unlabelled.isEmpty else { return (svg, place.y + size) }
        let lines = MapText.lines(
            unlabelled, opening: "not labelled:", separator: ",", size: size, room: MapLegend.room, limit: 3)
        for line in lines {
            if place.x > MapLegend.margin { place = [MapLegend.margin, place.y + size * 1.5] }
            svg += MapSVG.text(line, at: place + [0, size * 0.35], size: size, classes: "soft")
            place.x += size
        }
        return (svg, place.y + size)
    }

    /// The room from a mark to its meaning.
    private func indent(of mark: Mark, size: Double) -> Double {
        switch mark {
        case .start, .end: size * 1.3
        case .gap: size * 3.2
        case .number(let text): MapText.width(text, size: size, isBold: true) + size * 0.35
        }
    }

    private func drawn(_ mark: Mark, at place: SIMD2<Double>, size: Double) -> String {
        let radius = size * 0.32
        switch mark {
        case .start: return MapMarker.ring(at: place + [radius * 1.3, 0], radius: radius, color: "shared")
        case .end: return MapMarker.square(at: place + [radius * 1.15, 0], radius: radius, color: "shared")
        case .gap:
            var path = PathData()
            path.add([place, place + [size * 2.6, 0]])
            return "<path class=\"way gap shared\" d=\"\(path.text)\"/>\n"
        case .number(let text):
            return MapSVG.text(text, at: place + [0, size * 0.35], size: size, classes: "name")
        }
    }
}
