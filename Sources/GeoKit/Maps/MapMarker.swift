import TraceCore

/// The markers at stops.
enum MapMarker {
    /// A dot: an intermediate stop.
    static func dot(at place: SIMD2<Double>, radius: Double, color: String) -> String {
        circle(place, radius, classes: "pin fill \(color)", stroke: radius * 0.4)
    }

    /// A ring: the beginning of a route.
    static func ring(at place: SIMD2<Double>, radius: Double, color: String) -> String {
        circle(place, radius * 1.8, classes: "pin bare", stroke: radius * 0.4)
            + circle(place, radius * 1.25, classes: "ring \(color)", stroke: radius * 0.62)
    }

    /// A square: the end of a route.
    static func square(at place: SIMD2<Double>, radius: Double, color: String) -> String {
        square(place, half: radius * 1.15, color: color, stroke: radius * 0.4)
    }

    /// A square in a ring: the beginning of one route and the end of the same or another one.
    static func squareInRing(at place: SIMD2<Double>, radius: Double, color: String) -> String {
        ring(at: place, radius: radius, color: color) + square(place, half: radius * 0.5, color: color, stroke: 0)
    }

    private static func circle(_ place: SIMD2<Double>, _ radius: Double, classes: String, stroke: Double) -> String {
        "<circle class=\"\(classes)\" cx=\"\(number(place.x))\" cy=\"\(number(place.y))\" r=\"\(number(radius))\" "
            + "stroke-width=\"\(number(stroke))\"/>"
    }

    private static func square(_ place: SIMD2<Double>, half: Double, color: String, stroke: Double) -> String {
        "<rect class=\"pin fill \(color)\" x=\"\(number(place.x - half))\" y=\"\(number(place.y - half))\" "
            + "width=\"\(number(2 * half))\" height=\"\(number(2 * half))\" stroke-width=\"\(number(stroke))\"/>"
    }

    private static func number(_ value: Double) -> String { PathData.number(value) }
}
