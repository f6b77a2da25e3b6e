/// The `d` attribute of an SVG path, in tenths of a unit. It uses relative steps, which are shorter.
struct PathData {
    private(set) var text = ""
    private var here = (x: 0, y: 0)

    /// Adds a line. Points closer together than the distance are left out, except the last one.
    mutating func add(_ line: [SIMD2<Double>], closed: Bool = false, distance: Double = 0) {
        var steps: [(x: Int, y: Int)] = []
        var kept = SIMD2<Double>(repeating: .infinity)
        for (index, point) in line.enumerated() {
            guard point.x.isFinite, point.y.isFinite else { continue }
            let isLast = index == line.count - 1
            let offset = point - kept
            if !isLast, (offset * offset).sum() < distance * distance { continue }
            kept = point
            let rounded = (x: Int((point.x * 10).rounded()), y: Int((point.y * 10).rounded()))
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

    private static func pair(_ x: Int, _ y: Int) -> String {
        y < 0 ? tenths(x) + tenths(y) : tenths(x) + " " + tenths(y)
    }

    private static func tenths(_ value: Int) -> String {
        let sign = value < 0 ? "-" : ""
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 10)
        if rest == 0 { return "\(sign)\(whole)" }
        return whole == 0 ? "\(sign).\(rest)" : "\(sign)\(whole).\(rest)"
    }

    /// A number as text, with at most one decimal.
    static func number(_ value: Double) -> String {
        // Points on Earth give finite numbers. If one is not, 0 keeps the picture valid.
        guard value.isFinite, value.magnitude < 1e9 else { return "0" }
        return tenths(Int((value * 10).rounded()))
    }
}
