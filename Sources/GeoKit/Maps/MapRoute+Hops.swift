public import TraceCore

extension MapRoute {
    /// A path through the places of its hops. Consecutive hops in one place are one stop.
    ///
    /// Hops without a place do not separate two hops in the same place. Between two different places they mark the
    /// second stop as following a gap.
    public init(name: UntrustedText, hops: [Hop], notes: [UntrustedText] = []) {
        self.init(name: name, stops: [], notes: notes)
        var members: [[Hop]] = []
        var gaps: Set<Int> = []
        var isInGap = false
        for hop in hops {
            guard hop.coordinate != nil else {
                unplaced.append(hop)
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
                Stop(
                    coordinate: coordinate, label: label, details: hops.map(\.line),
                    hops: Hop.ranges(of: hops.map(\.number)), rtt: hops.compactMap(\.rtt).min(),
                    followsGap: gaps.contains(index)))
        }
    }
}

extension MapRoute.Hop {
    /// Whether both are in one place: within 10 km, or within 60 km with the same label.
    ///
    /// Databases put the middle of a city at points that are some kilometres apart.
    fileprivate func sharesPlace(with other: Self) -> Bool {
        guard let coordinate, let there = other.coordinate else { return false }
        let distance = coordinate.distanceKm(to: there)
        return distance < 10 || (distance < 60 && label == other.label && !label.raw.isEmpty)
    }

    /// The number and the details of the hop, with its round trip.
    var line: UntrustedText {
        UntrustedText("\(number)  \(detail.raw)" + (rtt.map { "  \($0.millisecondsText(decimals: 1)) ms" } ?? ""))
    }

    /// Ascending numbers as text, with consecutive ones joined: `4–6, 8`.
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
