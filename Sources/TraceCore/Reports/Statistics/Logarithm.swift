/// The few functions of real numbers that statistics need, to within a few units in the last place.
///
/// The standard library has no logarithm, and its `rounded()`, `squareRoot()` and strides of `Double` may call
/// the C library's mathematics, which a program links only when something in it imports Glibc.
enum Logarithm {
    private static let ln2 = 0.693_147_180_559_945_309_417
    private static let squareRootOf2 = 1.414_213_562_373_095_048_80

    /// The binary logarithm of a positive, finite number.
    ///
    /// The significand is brought to √½…√2, where ln m = 2 artanh((m−1)/(m+1)) gains a digit and a half with
    /// each term.
    static func log2(_ number: Double) -> Double {
        var significand = number.significand
        var exponent = Double(number.exponent)
        if significand > squareRootOf2 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        for term in (0..<12).reversed() { sum = sum * square + 1 / Double(2 * term + 1) }
        return exponent + 2 * ratio * sum / ln2
    }

    /// Two to the given power, for powers from −1000 to 1000.
    static func exp2(_ power: Double) -> Double {
        let whole = Int(power + (power < 0 ? -0.5 : 0.5))
        let rest = (power - Double(whole)) * ln2
        // |rest| < 0.35: the 16th term of the exponential series is below 10⁻²⁰.
        var sum = 1.0
        for term in (1...15).reversed() { sum = 1 + sum * rest / Double(term) }
        return Double(sign: .plus, exponent: whole, significand: sum)
    }

    /// The square root of a finite number that is not negative.
    static func squareRoot(_ number: Double) -> Double {
        guard number > 0 else { return 0 }
        // The estimate is good to 14 digits, and Newton's step doubles them.
        let estimate = exp2(log2(number) / 2)
        return (estimate + number / estimate) / 2
    }
}
