/// A rule that must hold for any bytes and does not.
public struct Violation: Error, CustomStringConvertible {
    /// The rule, with the values that break it.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless a rule holds.
func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
    if !holds { throw Violation(rule()) }
}

/// Throws unless two values are equal.
func requireEqual<Value: Equatable>(
    _ left: Value, _ right: Value, _ rule: @autoclosure () -> String
) throws(Violation) {
    if left != right { throw Violation("\(rule()): \(left) is not \(right)") }
}

/// Throws unless a range lies within a buffer.
func requireWithin(
    _ range: Range<Int>, _ bytes: [UInt8], _ what: @autoclosure () -> String
) throws(Violation) {
    try require(
        range.lowerBound >= 0 && range.upperBound <= bytes.count,
        "\(what()) \(range) is not within \(bytes.count) bytes")
}
