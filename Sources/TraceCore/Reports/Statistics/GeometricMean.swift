/// The n-th root of a product of n numbers, without overflow and without a logarithm for each number.
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
        let total = Double(exponent) + Logarithm.log2(product)
        return Logarithm.exp2(total / Double(count))
    }

    @inline(never)
    private mutating func normalize() {
        exponent += Int(product.exponent)
        product = product.significand
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
