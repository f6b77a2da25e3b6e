import TraceCore

extension MapSVG {
    /// The markers, each with a tooltip.
    func pins(_ scale: MapScale) -> String {
        // The larger below the smaller, so that none is hidden by a neighbour.
        let sites =
            picture.sites.filter(\.begins) + picture.sites.filter { !$0.begins && $0.ends }
            + picture.sites.filter { !$0.isEnd }
        return sites.map { site in
            let color = site.routes.count == 1 ? MapStyle.color(site.routes[0]) : "shared"
            let name = site.label.raw.isEmpty ? "" : site.label.html + "\n"
            let lines = site.lines.filter { !$0.raw.isEmpty }.map(\.html).joined(separator: "\n")
            return "<g><title>\(name)\(lines)</title>\(marker(site, color, scale))</g>\n"
        }.joined()
    }

    private func marker(_ site: MapPicture.Site, _ color: String, _ scale: MapScale) -> String {
        let radius = scale.radius
        return switch (site.begins, site.ends) {
        case (true, true): MapMarker.squareInRing(at: site.place, radius: radius, color: color)
        case (true, false): MapMarker.ring(at: site.place, radius: radius, color: color)
        case (false, true): MapMarker.square(at: site.place, radius: radius, color: color)
        case (false, false): MapMarker.dot(at: site.place, radius: radius, color: color)
        }
    }

    /// The labels, with their leaders.
    func labels(_ scale: MapScale) -> String {
        labels[scale, default: []].map { label in
            var svg = ""
            if let leader = label.leader {
                var path = PathData()
                path.add([leader.start, leader.end])
                svg += "<path class=\"leader\" stroke-width=\"\(number(0.9 * scale.factor))\" d=\"\(path.text)\"/>\n"
            }
            let (low, high) = (label.box.low, label.box.high)
            let x = label.anchor == .start ? low.x : label.anchor == .end ? high.x : label.box.middle.x
            let size = label.wording.fontSize(scale)
            let anchor = label.anchor == .start ? "" : " text-anchor=\"\(label.anchor.rawValue)\""
            let note =
                label.wording.note.isEmpty
                ? ""
                : "<tspan class=\"soft\" dx=\"\(number(scale.fontSize * 0.4))\" font-weight=\"400\" "
                    + "font-size=\"\(number(scale.noteSize))\">\(label.wording.note.markup)</tspan>"
            return svg
                + "<text class=\"label halo\" x=\"\(number(x))\" y=\"\(number(low.y + (high.y - low.y) * 0.8))\" "
                + "font-size=\"\(number(size))\" stroke-width=\"\(number(size * 0.26))\"\(anchor)>"
                + "\(label.wording.text.markup)\(note)</text>\n"
        }.joined()
    }
}
