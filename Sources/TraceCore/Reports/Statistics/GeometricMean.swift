/// The n-th root of a product of n numbers, without overflow and with no logarithm for each number.
///
/// The product is kept as `product * 2^exponent`. Each multiplication errs by at most 2⁻⁵³ of itself and the
/// root divides the sum of these errors by n, so the mean is good to the last few bits however many there are.
struct GeometricMean: Sendable, Equatable {
    private(set) var product = 1.0
    private(set) var exponent = 0

    init() {}

    /// Takes in one number of at least 1 and below 2⁶⁴.
    @inline(__always)
    mutating func add(_ number: Double) {
        product *= number
        if product >= 0x1p+900 { normalize() }
    }

    /// Takes in all numbers of another product.
    mutating func merge(_ other: GeometricMean) {
        normalize()
        product *= other.product.significand
        exponent += other.exponent + Int(other.product.exponent)
    }

    /// The geometric mean of the `count` numbers that were added.
    func value(count: Int) -> Double {
        let total = Double(exponent) + Self.log2(product)
        return Self.exp2(total / Double(count))
    }

    @inline(never)
    private mutating func normalize() {
        exponent += Int(product.exponent)
        product = product.significand
    }

    private static let ln2 = 0.693_147_180_559_945_309_417

    /// The binary logarithm of a positive, finite number.
    ///
    /// The significand is brought to √½…√2, where ln m = 2 artanh((m−1)/(m+1)) gains a digit and a half with
    /// each term.
    static func log2(_ number: Double) -> Double {
        var significand = number.significand
        var exponent = Double(number.exponent)
        if significand > 2.0.squareRoot() {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        for odd in stride(from: 23.0, through: 1.0, by: -2) { sum = sum * square + 1 / odd }
        return exponent + 2 * ratio * sum / ln2
    }

    /// Two to the given power, for powers whose result is an ordinary number.
    static func exp2(_ power: Double) -> Double {
        let whole = power.rounded()
        let rest = (power - whole) * ln2
        // |rest| < 0.35: the 16th term of the exponential series is below 10⁻²⁰.
        var sum = 1.0
        for term in stride(from: 15.0, through: 1.0, by: -1) { sum = 1 + sum * rest / term }
        return Double(sign: .plus, exponent: Int(whole), significand: sum)
    }
}

extension GeometricMean {
    /// The product as it was coded, or nil when it is not one that `add` can lead to.
    init?(coded product: Double, exponent: Int) {
        guard product.isFinite, product >= 1, product < 0x1p+1000, (0...(1 << 53)).contains(exponent) else {
            return nil
        }
        self.init()
        self.product = product
        self.exponent = exponent
    }
}
