extension ValueKind where Value: FixedWidthInteger {
    /// A whole number within a range, decimal or (as for a type of service) `0x` hexadecimal.
    public static func integer(_ range: ClosedRange<Value> = .min ... .max) -> Self {
        let limits =
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max) where Value.bitWidth > 32: ""
            // The largest value of a narrow type is a limit that people run into: a port, a TTL.
            case (let least, .max) where Value.bitWidth > 32: ", at least \(least)"
            case (let least, let most): " from \(least) to \(most)"
            }
        return Self("N", expecting: "a whole number" + limits) { text in
            let lowered = text.lowercased()
            let value =
                lowered.hasPrefix("0x") ? unsigned(lowered.dropFirst(2)) : Value(text)
            return value.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A whole number that is not below a limit.
    public static func integer(_ range: PartialRangeFrom<Value>) -> Self {
        integer(range.lowerBound ... .max)
    }

    /// Hexadecimal digits alone; the standard parser would let a sign in.
    private static func unsigned(_ digits: Substring) -> Value? {
        digits.allSatisfy(\.isHexDigit) ? Value(digits, radix: 16) : nil
    }
}

extension ValueKind where Value == Double {
    /// A decimal number within a range.
    public static func decimal(_ range: ClosedRange<Double>) -> Self {
        Self(
            "NUMBER", expecting: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
            show: plain
        ) { text in
            // The standard parser also takes "nan", "inf" and hexadecimal, which are mistakes here.
            guard text.utf8.allSatisfy({ "0123456789.-eE".utf8.contains($0) }), let value = Double(text)
            else { return nil }
            return range.contains(value) ? value : nil
        }
    }

    /// A number without a fraction is shown as people write it: 5, not 5.0.
    @Sendable private static func plain(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}

extension ValueKind {
    /// Several values with commas between them, such as traceroute's `-w max,here,near`.
    public static func list<Element>(
        of kind: ValueKind<Element>, count: ClosedRange<Int> = 1 ... .max
    ) -> Self where Value == [Element] {
        let many =
            switch (count.lowerBound, count.upperBound) {
            case (let least, let most) where least == most: "a list of \(least)"
            case (1, .max): "a list"
            case (let least, .max): "a list of at least \(least)"
            case (let least, let most): "a list of \(least) to \(most)"
            }
        return ValueKind(
            "\(kind.placeholder),...", expecting: "\(many) with commas between, each \(kind.expectation)",
            show: { values in values.map(kind.show).joined(separator: ",") },
            read: { text in
                let parts = text.split(separator: ",", omittingEmptySubsequences: false)
                let values = parts.compactMap { kind.read(String($0)) }
                return values.count == parts.count && count.contains(values.count) ? values : nil
            })
    }
}
