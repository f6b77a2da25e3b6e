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
