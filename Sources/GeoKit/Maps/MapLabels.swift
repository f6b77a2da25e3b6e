import TraceCore

/// Finds places for the labels of a picture at one scale.
struct MapLabels {
    /// A rectangle of the picture.
    struct Box {
        var low: SIMD2<Double>
        var high: SIMD2<Double>

        func overlaps(_ other: Box) -> Bool {
            low.x < other.high.x && other.low.x < high.x && low.y < other.high.y && other.low.y < high.y
        }

        func grown(_ size: Double) -> Box {
            Box(low: low - SIMD2(repeating: size), high: high + SIMD2(repeating: size))
        }
    }

    /// A label with its place.
    struct Label {
        let site: Int
        let text: String
        let hops: String
        let box: Box
        /// Where a thin line from the marker ends, if the label is not beside it.
        let leader: SIMD2<Double>?
    }

    private let picture: MapPicture
    private let scale: MapScale
    private let bounds: Box
    private var pins: MapGrid
    private var ways: MapGrid

    init(_ picture: MapPicture, scale: MapScale) {
        self.picture = picture
        self.scale = scale
        bounds = Box(low: [3, 3], high: [MapFrame.width - 3, picture.frame.height - 3])
        pins = MapGrid(height: picture.frame.height)
        ways = pins
        for site in picture.sites { pins.add(site.place) }
        for line in picture.segments.lazy.flatMap(\.lines) { ways.add(line: line) }
    }

    /// The labels that have room. Those at the ends of routes come first, and only other labels can displace them.
    func placed() -> [Label] {
        let sites = picture.sites.indices.filter { !picture.sites[$0].label.raw.isEmpty }
        let ends = sites.filter { picture.sites[$0].begins || picture.sites[$0].ends }
        let others = sites.filter { !picture.sites[$0].begins && !picture.sites[$0].ends }
        var labels: [Label] = []
        for site in ends + others {
            if let label = place(site, among: labels, isNeeded: ends.contains(site)) { labels.append(label) }
        }
        return labels
    }

    private func place(_ index: Int, among labels: [Label], isNeeded: Bool) -> Label? {
        let site = picture.sites[index]
        let text = site.label.escaped(columns: scale.labelColumns)
        let hops =
            scale == .small || site.routes.count > 1
            ? "" : UntrustedText(site.hops.joined(separator: ", ")).escaped(columns: 12)
        let gap = scale.fontSize * 0.45
        let width =
            TextExtent.width(text, size: scale.fontSize) * 1.06
            + (hops.isEmpty ? 0 : TextExtent.width(hops, size: scale.noteSize) + gap)
        let size = SIMD2(width, scale.fontSize * 1.12)
        var best: (cost: Double, label: Label)?
        for (rank, candidate) in candidates(around: site, size: size).enumerated() {
            let box = candidate.box
            var cost = Double(rank % 8) * 0.6 + candidate.cost
            if box.low.x < bounds.low.x || box.low.y < bounds.low.y || box.high.x > bounds.high.x
                || box.high.y > bounds.high.y
            {
                cost += 10_000
            }
            cost += Double(labels.count { $0.box.grown(scale.factor * 2).overlaps(box) }) * 300
            cost += Double(pins.count(in: box.grown(scale.radius * 1.3), except: site.place)) * 120
            // A label close to another marker seems to belong to that one.
            cost += Double(pins.count(in: box.grown(scale.radius * 2.6), except: site.place)) * 18
            cost += Double(ways.count(in: box.grown(-1))) * 3
            // A label across the rim of the world is hard to read.
            let ends = [box.low.x, box.high.x].map { SIMD2($0, (box.low.y + box.high.y) / 2) }
            cost += Double(ends.count { !picture.frame.isOnMap($0) }) * 8
            if let best, best.cost <= cost { continue }
            best = (cost, Label(site: index, text: text, hops: hops, box: box, leader: candidate.leader))
        }
        guard let best else { return nil }
        // No label may cover labels or markers. A needed one may cover many routes.
        return best.cost < (isNeeded ? 120 : 60) ? best.label : nil
    }

    private struct Candidate {
        let box: Box
        let leader: SIMD2<Double>?
        let cost: Double
    }

    /// Eight places beside the marker of a site, then eight at each of two larger distances.
    private func candidates(around site: MapPicture.Site, size: SIMD2<Double>) -> [Candidate] {
        let directions: [SIMD2<Double>] = [
            [1, 0], [-1, 0], [0.8, -0.8], [0.8, 0.8], [-0.8, -0.8], [-0.8, 0.8], [0, -1], [0, 1],
        ]
        let beside = scale.radius * (site.begins ? 2.2 : 1.75)
        return [0.0, 18, 36].flatMap { ring in
            directions.map { direction in
                let anchor = site.place + direction * (beside + ring * min(scale.factor, 1.4))
                // The middle of the label is half its size beyond the anchor.
                let middle = anchor + SIMD2(Self.sign(direction.x) * size.x / 2, direction.y * size.y * 0.5)
                let box = Box(low: middle - size / 2, high: middle + size / 2)
                return Candidate(box: box, leader: ring == 0 ? nil : anchor, cost: ring * 0.9)
            }
        }
    }

    private static func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }
}
