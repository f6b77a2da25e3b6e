public import TraceCore

/// A hop on its way to a map: those that follow each other at one place become one stop.
public struct MapHop: Sendable, Hashable {
    /// How many hops away it is.
    public var number: Int
    /// Where it is; nil if nobody can say, or if what they say cannot be true.
    public var coordinate: Coordinate?
    /// What the map calls the place: the city.
    public var label: UntrustedText
    /// What is known of the hop, on a line: its name or address, its round trip.
    public var detail: UntrustedText

    /// A hop; without a coordinate it is listed and not drawn.
    public init(number: Int, coordinate: Coordinate?, label: UntrustedText = "", detail: UntrustedText) {
        self.number = number
        self.coordinate = coordinate
        self.label = label
        self.detail = detail
    }

    /// Whether both are at one place: as good as at one point, or in a city of one name at hardly another.
    ///
    /// Databases put the middle of one city at points that are a few kilometres apart.
    func sharesPlace(with other: MapHop) -> Bool {
        guard let coordinate, let there = other.coordinate else { return false }
        let distance = GreatCircle(from: coordinate, to: there).distanceKm
        return distance < 10 || (distance < 60 && label == other.label && !label.raw.isEmpty)
    }
}

extension MapRoute {
    /// A path through the places of its hops: those that follow each other at one place are one stop.
    ///
    /// Hops without a place between two hops at one place do not part them; between two places they make the second
    /// stop one that follows a gap.
    public init(name: UntrustedText, hops: [MapHop], notes: [UntrustedText] = []) {
        self.init(name: name, stops: [], notes: notes)
        var members: [[MapHop]] = []
        var gaps: Set<Int> = []
        var isInGap = false
        for hop in hops {
            guard hop.coordinate != nil else {
                unplaced.append(hop.line)
                isInGap = true
                continue
            }
            if let last = members.last?.first, last.sharesPlace(with: hop) {
                members[members.count - 1].append(hop)
            } else {
                if isInGap, !members.isEmpty { gaps.insert(members.count) }
                members.append([hop])
            }
            isInGap = false
        }
        for (index, hops) in members.enumerated() {
            guard let coordinate = hops.first?.coordinate else { continue }
            let label = hops.first { !$0.label.raw.isEmpty }?.label ?? ""
            stops.append(
                MapStop(
                    coordinate: coordinate, label: label, details: hops.map(\.line),
                    hops: MapHop.ranges(of: hops.map(\.number)), followsGap: gaps.contains(index)))
        }
    }
}

extension MapHop {
    /// The number and what is known of the hop.
    var line: UntrustedText { UntrustedText("\(number)  \(detail.raw)") }

    /// Numbers in their order as text, those that follow each other joined: `4–6, 8`.
    static func ranges(of numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, number == last.upperBound || number - 1 == last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)\u{2013}\($0.upperBound)" }
            .joined(separator: ", ")
    }
}
