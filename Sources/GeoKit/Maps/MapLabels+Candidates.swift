extension MapLabels {
    /// A place for a label, and how bad it is.
    struct Candidate {
        let label: MapLabel
        let cost: Double
    }

    /// The places where a label can be, whatever other labels there are.
    func candidates(_ index: Int, saying wording: MapLabel.Wording) -> [Candidate] {
        let size = wording.size(scale)
        let neighbours = neighbours(of: index, within: size.x + 9 * scale.fontSize)
        return (beside(index, wording, size) + led(index, wording, size))
            .filter { isClear($0.label, of: neighbours) }
            .map { Candidate(label: $0.label, cost: $0.cost + cost(of: $0.label, near: neighbours)) }
            .filter { wording.isNumber || $0.cost < 120 }
    }

    /// Another marker.
    private struct Neighbour {
        let place: SIMD2<Double>
        let reach: Double
        let distance: Double
    }

    /// The other markers that a label could come near to, the nearest first.
    private func neighbours(of index: Int, within limit: Double) -> [Neighbour] {
        let own = picture.sites[index].place
        var neighbours: [Neighbour] = []
        for (other, site) in picture.sites.enumerated() where other != index {
            let distance = MapPicture.distance(own, site.place)
            guard distance < limit else { continue }
            neighbours.append(Neighbour(place: site.place, reach: reach(site), distance: distance))
        }
        return neighbours.sorted { $0.distance < $1.distance }
    }

    /// How far a marker reaches from its middle at this scale.
    func reach(_ site: MapPicture.Site) -> Double { scale.radius * (site.begins ? 2 : site.ends ? 1.5 : 1.2) }

    // MARK: - Places

    /// The places beside the marker, in the order in which mapmakers like them.
    private func beside(_ index: Int, _ wording: MapLabel.Wording, _ size: SIMD2<Double>) -> [Candidate] {
        let site = picture.sites[index].place
        let reach = reach(picture.sites[index])
        let away = reach + wording.fontSize(scale) * 0.2
        let slant = reach * 0.7
        let offsets: [SIMD2<Double>] = [
            [away, 0], [slant, -slant], [slant, slant], [-away, 0], [-slant, -slant], [-slant, slant], [0, -away],
            [0, away],
            [away, -size.y * 0.35], [away, size.y * 0.35], [-away, -size.y * 0.35], [-away, size.y * 0.35],
        ]
        return offsets.enumerated().map { rank, offset in
            // To the sides the label keeps its height; above and below it begins where the marker ends.
            let lift = abs(offset.x) == away ? 0 : (offset.y < 0 ? -1 : 1) * size.y / 2
            let label = label(index, wording, size, at: site + offset, lift: lift, leader: nil)
            return Candidate(label: label, cost: Double(rank) * 0.8)
        }
    }

    /// The places at the end of a leader.
    private func led(_ index: Int, _ wording: MapLabel.Wording, _ size: SIMD2<Double>) -> [Candidate] {
        let site = picture.sites[index].place
        let reach = reach(picture.sites[index])
        return [0.7, 1.2, 1.8, 2.6, 3.6, 4.8].flatMap { length in
            (0..<16).map { step in
                let angle = Double(step) * .pi / 8
                let along = SIMD2(Trigonometry.cosine(angle), Trigonometry.sine(angle))
                let end = site + along * (reach + length * wording.fontSize(scale))
                let gap = along * (wording.fontSize(scale) * 0.2)
                let label = label(
                    index, wording, size, at: end + gap, lift: along.y * size.y / 2,
                    leader: MapStroke(start: site, end: end))
                return Candidate(label: label, cost: 14 + 8 * length)
            }
        }
    }

    /// A label whose end, or middle, is at a place to a side, or straight above or below.
    private func label(
        _ index: Int, _ wording: MapLabel.Wording, _ size: SIMD2<Double>, at place: SIMD2<Double>, lift: Double,
        leader: MapStroke?
    ) -> MapLabel {
        let offset = place.x - picture.sites[index].place.x
        let anchor: MapLabel.Anchor = abs(offset) < 0.01 ? .middle : offset > 0 ? .start : .end
        let shift = anchor == .middle ? 0 : anchor == .start ? size.x / 2 : -size.x / 2
        let middle = place + [shift, lift]
        return MapLabel(
            site: index, wording: wording, box: MapBox(low: middle - size / 2, high: middle + size / 2),
            anchor: anchor, leader: leader)
    }

    // MARK: - Judging

    /// Whether a label is in the picture, off all markers, and nearer to its own marker than to any other.
    private func isClear(_ label: MapLabel, of neighbours: [Neighbour]) -> Bool {
        guard bounds.contains(label.box) else { return false }
        let own = picture.sites[label.site]
        let reach = reach(own)
        // A label that is this near to a marker seems to belong to it.
        let margin = label.wording.isNumber ? scale.noteSize * 0.3 : scale.fontSize * 0.5
        let near = (label.leader == nil ? label.box.distance(to: own.place) : reach) + margin
        let length = label.leader.map { MapPicture.distance(own.place, $0.end) } ?? 0
        // Where the leader comes out of its own marker, it must not be on another one.
        let visible = label.leader.map {
            MapStroke(start: own.place + ($0.end - own.place) * min(1, reach / length), end: $0.end)
        }
        for other in neighbours {
            guard label.box.distance(to: other.place) > max(other.reach, near) else { return false }
            guard let visible else { continue }
            guard MapPicture.distance(visible.end, other.place) > length * 1.15,
                visible.distance(to: other.place) > other.reach
            else { return false }
        }
        return true
    }

    /// How much a label hides, and how easily it is taken for that of a neighbour.
    private func cost(of label: MapLabel, near neighbours: [Neighbour]) -> Double {
        let size = scale.fontSize
        // The length of the routes beneath, in heights of the label. A leader along routes is not seen.
        let hidden = Double(ways.count(in: label.box.grown(-1))) * MapGrid.cell / size
        let crossed = label.leader.map { Double(ways.count(along: $0)) * MapGrid.cell / size } ?? 0
        let crowd = neighbours.reduce(0.0) { sum, other in
            sum + max(0, 1 - (label.box.distance(to: other.place) - other.reach) / (size * 1.5))
        }
        // A label across the rim of the world is hard to read.
        let ends = [label.box.low.x, label.box.high.x].map { SIMD2($0, label.box.middle.y) }
        return hidden * 6 + crossed * 6 + crowd * 16 + Double(ends.count { !picture.frame.isOnMap($0) }) * 8
    }
}
