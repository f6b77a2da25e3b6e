extension GreatCircle {
    /// The way as lines on a map with this central meridian. It is cut where it crosses the edge of the map or a pole.
    ///
    /// Points are at most 1.5 degrees of the way and 5 degrees of longitude apart.
    func lines(center: Double = 0) -> [[MapPoint]] {
        var tracer = GreatCircleTracer(circle: self, center: center)
        return tracer.trace()
    }
}

/// Follows a great circle and cuts it at the edges of a map.
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
            // Close to a pole, a small step crosses many meridians. If a step of a few centimetres still does, the way
            // goes through the pole.
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
        // On the edge, both longitudes are the same meridian. Use the one on the side of the line.
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
        // The distances of the samples from the plane of the central meridian, which is also that of the edge.
        let angle = center * .pi / 180
        let normal = SIMD3(-Trigonometry.sine(angle), Trigonometry.cosine(angle), 0)
        let before = (first.direction * normal).sum()
        let after = (second.direction * normal).sum()
        guard before != after else { return first.point.latitude }
        // A point on the chord has the same direction as the point on the circle.
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

    /// Ends the line. A line without length is dropped.
    private mutating func cut() {
        let goesSomewhere = line.contains {
            abs($0.latitude - line[0].latitude) > 1e-7 || abs($0.longitude - line[0].longitude) > 1e-7
        }
        if goesSomewhere { lines.append(line) }
        line = []
    }
}
