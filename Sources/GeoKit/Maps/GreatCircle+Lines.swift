extension GreatCircle {
    /// The way as lines on a map with a middle meridian: cut where it leaves the map at one edge and enters at the
    /// other, and where it goes through a pole.
    ///
    /// The points are at most 1.5 degrees of the way and 5 degrees of longitude apart.
    func lines(center: Double = 0) -> [[MapPoint]] {
        var tracer = GreatCircleTracer(circle: self, center: center)
        return tracer.trace()
    }
}

/// Walks along a great circle and cuts it at the edges of a map.
private struct GreatCircleTracer {
    let circle: GreatCircle
    let center: Double
    private var lines: [[MapPoint]] = []
    private var line: [MapPoint] = []

    init(circle: GreatCircle, center: Double) {
        self.circle = circle
        self.center = center
    }

    private struct Sample {
        let fraction: Double
        let direction: SIMD3<Double>
        let point: MapPoint
    }

    mutating func trace() -> [[MapPoint]] {
        let steps = max(1, Int((circle.angle * 180 / .pi / 1.5).rounded(.up)))
        var last = sample(at: 0)
        line = [last.point]
        for step in 1...steps {
            let next = sample(at: Double(step) / Double(steps))
            advance(from: last, to: next, depth: 0)
            last = next
        }
        cut()
        return lines
    }

    private func sample(at fraction: Double) -> Sample {
        let direction = circle.direction(at: fraction)
        return Sample(
            fraction: fraction, direction: direction, point: GreatCircle.point(direction, center: center))
    }

    private mutating func advance(from first: Sample, to second: Sample, depth: Int) {
        let turn = abs(MapPoint.wrapped(second.point.longitude - first.point.longitude))
        if turn > 5 {
            // Close to a pole a small step goes around a large part of the world. What still does so when the steps
            // are a hand's breadth goes through it.
            guard depth < 24 else { return passPole(to: second) }
            let middle = sample(at: (first.fraction + second.fraction) / 2)
            advance(from: first, to: middle, depth: depth + 1)
            advance(from: middle, to: second, depth: depth + 1)
        } else {
            join(first, second)
        }
    }

    private mutating func join(_ first: Sample, _ second: Sample) {
        guard let here = line.last else { return }
        var there = second.point
        // At the edge itself both longitudes mean one meridian: that on which the line already is.
        if abs(there.longitude) > 180 - 1e-9 { there.longitude = here.longitude < 0 ? -180 : 180 }
        if abs(there.longitude - here.longitude) > 180 {
            let edge: Double = here.longitude < 0 ? -180 : 180
            let latitude = crossing(first, second)
            line.append(MapPoint(longitude: edge, latitude: latitude))
            cut()
            line = [MapPoint(longitude: -edge, latitude: latitude)]
        }
        line.append(there)
    }

    /// The latitude at which the way between two samples crosses the edge of the map.
    private func crossing(_ first: Sample, _ second: Sample) -> Double {
        // How far the two are on either side of the plane of the middle meridian, which is the edge's as well.
        let angle = center * .pi / 180
        let normal = SIMD3(-Trigonometry.sine(angle), Trigonometry.cosine(angle), 0)
        let before = (first.direction * normal).sum()
        let after = (second.direction * normal).sum()
        guard before != after else { return first.point.latitude }
        // A point of the chord is above the point of the circle.
        let share = min(1, max(0, before / (before - after)))
        let chord = first.direction + (second.direction - first.direction) * share
        return GreatCircle.point(chord, center: center).latitude
    }

    private mutating func passPole(to second: Sample) {
        guard let here = line.last else { return }
        let pole: Double = here.latitude < 0 ? -90 : 90
        line.append(MapPoint(longitude: here.longitude, latitude: pole))
        cut()
        line = [MapPoint(longitude: second.point.longitude, latitude: pole), second.point]
    }

    /// Ends the line; one that goes nowhere is dropped.
    private mutating func cut() {
        let goesSomewhere = line.contains {
            abs($0.latitude - line[0].latitude) > 1e-7 || abs($0.longitude - line[0].longitude) > 1e-7
        }
        if goesSomewhere { lines.append(line) }
        line = []
    }
}
