/// Sine, cosine and arctangent, made of sums, products and roots only.
///
/// Those of the C library differ in the last digit between systems. With these, a map has the same bytes everywhere.
/// They are accurate to about 1e-15 for the angles on a sphere.
enum Trigonometry {
    static func sine(_ angle: Double) -> Double { wave(angle, quarterTurns: 0) }

    static func cosine(_ angle: Double) -> Double { wave(angle, quarterTurns: 1) }

    /// The sine of an angle plus a number of quarter turns.
    private static func wave(_ angle: Double, quarterTurns: Int) -> Double {
        guard angle.magnitude < 1e6 else { return .nan }
        let turns = (angle * 2 / .pi).rounded()
        // A quarter turn in two parts: subtracting the first one causes no rounding.
        let rest = (angle - turns * 1.5707963267341256) - turns * 6.077100506506192e-11
        let quadrant = (Int(turns) + quarterTurns) & 3
        let value = quadrant & 1 == 0 ? sineNearZero(rest) : cosineNearZero(rest)
        return quadrant & 2 == 0 ? value : -value
    }

    // Taylor series, good up to an eighth of a turn.
    private static func sineNearZero(_ x: Double) -> Double {
        var term = x
        var sum = x
        for n in stride(from: 2.0, through: 18, by: 2) {
            term *= -x * x / (n * (n + 1))
            sum += term
        }
        return sum
    }

    private static func cosineNearZero(_ x: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for n in stride(from: 1.0, through: 19, by: 2) {
            term *= -x * x / (n * (n + 1))
            sum += term
        }
        return sum
    }

    /// The angle of the point (x, y), from -π to π, and 0 for the origin.
    static func arctangent(_ y: Double, _ x: Double) -> Double {
        let (across, along) = (y.magnitude, x.magnitude)
        guard across > 0 || along > 0 else { return 0 }
        var angle = across <= along ? arctangent(across / along) : .pi / 2 - arctangent(along / across)
        if x < 0 { angle = .pi - angle }
        return y < 0 ? -angle : angle
    }

    /// The angle whose tangent is given, from 0 to 1.
    private static func arctangent(_ tangent: Double) -> Double {
        var z = tangent
        // Halving the angle three times leaves at most 5.7 degrees, where the series converges quickly.
        for _ in 0..<3 { z /= 1 + (1 + z * z).squareRoot() }
        var power = z
        var sum = 0.0
        for n in stride(from: 1.0, through: 21, by: 2) {
            sum += power / n
            power *= -z * z
        }
        return sum * 8
    }
}
