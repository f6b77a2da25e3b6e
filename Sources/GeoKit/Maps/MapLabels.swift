import TraceCore

/// Finds places for the labels of a picture at one scale.
///
/// A label is beside its marker, or at the end of a line that leads away from it. Both are nearer to its own marker than
/// to any other, so nobody can take it for the label of a neighbour. Where there is no such place for a name, a number
/// stands beside the marker, and the legend has the name.
struct MapLabels {
    let picture: MapPicture
    let scale: MapScale
    let bounds: MapBox
    let ways: MapGrid

    init(_ picture: MapPicture, scale: MapScale) {
        self.picture = picture
        self.scale = scale
        bounds = MapBox(low: [0, 0], high: [MapFrame.width, picture.frame.height]).grown(-3)
        var ways = MapGrid(height: picture.frame.height)
        for line in picture.segments.lazy.flatMap(\.lines) { ways.add(line: line) }
        self.ways = ways
    }

    /// The labels that have room.
    ///
    /// Each in turn gets the best place that is free: the ends of routes first, then the places of most routes. Where none is
    /// free, labels that are already there make room, if they can.
    func placed() -> [MapLabel] {
        let named = picture.sites.indices.filter { !picture.sites[$0].label.raw.isEmpty }
        let places = Dictionary(uniqueKeysWithValues: named.map { ($0, self.places(for: $0)) })
        var labels: [MapLabel] = []
        var unnamed: [Int] = []
        for site in named.sorted(by: isMoreNeeded) {
            if let place = places[site]?.first(where: { isFree($0.label, among: labels) }) {
                labels.append(place.label)
            } else if let moved = places[site]?.lazy.compactMap({ moved(labels, for: $0.label, places) }).first {
                labels = moved
            } else {
                unnamed.append(site)
            }
        }
        number(unnamed, among: &labels)
        return labels
    }

    /// The labels with another one, for which those in its way have gone elsewhere; nil if they cannot.
    private func moved(_ labels: [MapLabel], for label: MapLabel, _ places: [Int: [Candidate]]) -> [MapLabel]? {
        let gone = labels.filter { !isFree($0, among: [label]) }
        guard gone.count <= 3 else { return nil }
        var moved = labels.filter { isFree($0, among: [label]) } + [label]
        for other in gone {
            guard let place = places[other.site]?.first(where: { isFree($0.label, among: moved) }) else { return nil }
            moved.append(place.label)
        }
        return moved
    }

    /// Adds labels with numbers for the places that have no name, where there is room for one.
    private func number(_ unnamed: [Int], among labels: inout [MapLabel]) {
        var number = 1
        for site in unnamed.sorted() {
            let places = candidates(site, saying: MapLabel.Wording(text: "\(number)", isNumber: true))
            let free = places.filter { isFree($0.label, among: labels) }
            guard let best = free.min(by: { $0.cost < $1.cost }) else { continue }
            labels.append(best.label)
            number += 1
        }
    }

    /// Whether one place needs its name on the map more than another.
    private func isMoreNeeded(_ first: Int, _ second: Int) -> Bool {
        let (one, other) = (picture.sites[first], picture.sites[second])
        if one.isEnd != other.isEnd { return one.isEnd }
        return (one.routes.count, second) > (other.routes.count, first)
    }

    private func isFree(_ label: MapLabel, among labels: [MapLabel]) -> Bool {
        labels.allSatisfy { label.isApart(from: $0, by: scale.factor * 2) }
    }

    /// The places for a name, the best first.
    private func places(for index: Int) -> [Candidate] {
        let site = picture.sites[index]
        let name = MapLabel.Wording(text: site.label.escaped(columns: scale.labelColumns))
        var wordings = [name]
        if scale != .small, let rtt = site.rtt {
            wordings.insert(MapLabel.Wording(text: name.text, note: MapText.time(rtt)), at: 0)
        }
        // A name alone is better than one with its round trip that hides much.
        return wordings.enumerated().flatMap { rank, wording in
            candidates(index, saying: wording).map { Candidate(label: $0.label, cost: $0.cost + Double(rank) * 60) }
                .sorted { $0.cost < $1.cost }.prefix(40)
        }.sorted { $0.cost < $1.cost }
    }
}
