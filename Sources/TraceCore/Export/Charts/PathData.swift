/// The `d` attribute of an SVG path, in tenths of a unit. It uses relative steps, which are shorter.
package struct PathData {
    /// The attribute's value.
    package private(set) var text = ""
    private var here = (x: 0, y: 0)

    /// A path of nothing.
    package init() {}

    /// Adds a line. Points closer together than the distance are left out, except the last one.
    package mutating func add(_ line: [SIMD2<Double>], closed: Bool = false, distance: Double = 0) {
        var steps: [(x: Int, y: Int)] = []
        var kept = SIMD2<Double>(repeating: .infinity)
        for (index, point) in line.enumerated() {
            guard point.x.isFinite, point.y.isFinite else { continue }
            let isLast = index == line.count - 1
            let offset = point - kept
            if !isLast, (offset * offset).sum() < distance * distance { continue }
            kept = point
            let rounded = (x: Self.roundedTenths(point.x), y: Self.roundedTenths(point.y))
            if let last = steps.last, last == rounded { continue }
            steps.append(rounded)
        }
        guard steps.count >= (closed ? 3 : 2) else { return }
        text += "M" + Self.pair(steps[0].x, steps[0].y) + "l"
        here = steps[0]
        for (index, step) in steps.dropFirst().enumerated() {
            let pair = Self.pair(step.x - here.x, step.y - here.y)
            text += index == 0 || pair.hasPrefix("-") ? pair : " " + pair
            here = step
        }
        if closed { text += "z" }
    }

    /// Adds a point: a line without length, which round caps make a dot.
    mutating func add(dot place: SIMD2<Double>) {
        text += "M" + Self.pair(Self.roundedTenths(place.x), Self.roundedTenths(place.y)) + "h0"
    }

    /// Adds a rectangle; one without an area is left out.
    package mutating func add(box low: SIMD2<Double>, to high: SIMD2<Double>) {
        let (left, top) = (Self.roundedTenths(low.x), Self.roundedTenths(low.y))
        let (width, height) = (Self.roundedTenths(high.x) - left, Self.roundedTenths(high.y) - top)
        guard width > 0, height > 0 else { return }
        text += "M\(Self.pair(left, top))h\(Self.tenths(width))v\(Self.tenths(height))h\(Self.tenths(-width))z"
    }

    private static func pair(_ x: Int, _ y: Int) -> String {
        y < 0 ? tenths(x) + tenths(y) : tenths(x) + " " + tenths(y)
    }

    private static func tenths(_ value: Int) -> String {
        let sign = value < 0 ? "-" : ""
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 10)
        if rest == 0 { return "\(sign)\(whole)" }
        return whole == 0 ? "\(sign).\(rest)" : "\(sign)\(whole).\(rest)"
    }

    /// Without `rounded()`, which may need the C mathematics library.
    private static func roundedTenths(_ value: Double) -> Int {
        guard value.isFinite, value.magnitude < 1e9 else { return 0 }
        return value < 0 ? -Int(0.5 - value * 10) : Int(value * 10 + 0.5)
    }

    /// A number as text, with at most one decimal.
    package static func number(_ value: Double) -> String {
        // Places in a picture are finite numbers. If one is not, 0 keeps the picture valid.
        tenths(roundedTenths(value))
    }
}
