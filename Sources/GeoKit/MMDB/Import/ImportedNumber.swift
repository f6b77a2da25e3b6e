extension MMDBValue {
    /// A whole number in the smallest type of the format that can hold it.
    static func whole(_ magnitude: UInt128, isNegative: Bool) throws(ImportFault) -> MMDBValue {
        if isNegative, magnitude > 0 {
            guard magnitude <= UInt128(Int32.min.magnitude) else {
                throw ImportFault(
                    "-\(magnitude) fits no type: the only signed type has 32 bits",
                    remedy: "Give it a decimal point to make it a double")
            }
            return .int32(Int32(truncatingIfNeeded: 0 &- Int128(truncatingIfNeeded: magnitude)))
        }
        if let small = UInt32(exactly: magnitude) { return .uint32(small) }
        if let middle = UInt64(exactly: magnitude) { return .uint64(middle) }
        return .uint128(magnitude)
    }
}

/// A number in a cell: `12`, `-3`, `4.5`. Neither `007` nor `1e5` count, because they may be identifiers.
struct NumberSpelling {
    let isNegative: Bool
    let isWhole: Bool
    /// The digits before the decimal point, or nil if they do not fit 128 bits.
    let magnitude: UInt128?

    init?(_ cell: some Sequence<UInt8>) {
        var bytes = cell.makeIterator()
        var next = bytes.next()
        isNegative = next == UInt8(ascii: "-")
        if isNegative { next = bytes.next() }
        let first = next
        var count = 0
        // Most numbers are short, and 64 bits are faster.
        var short: UInt64 = 0
        var long: UInt128? = 0
        while let byte = next, case let digit = byte &- 0x30, digit <= 9 {
            count += 1
            if count <= 19 {
                short = short &* 10 &+ UInt64(digit)
                long = UInt128(short)
            } else {
                let (product, overflow) = (long ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt128(digit))
                long = long == nil || overflow || carry ? nil : sum
            }
            next = bytes.next()
        }
        guard count > 0, count == 1 || first != 0x30 else { return nil }
        magnitude = long
        isWhole = next == nil
        guard !isWhole else { return }
        guard next == UInt8(ascii: "."), bytes.next().map({ $0 &- 0x30 <= 9 }) == true else { return nil }
        while let byte = bytes.next() { guard byte &- 0x30 <= 9 else { return nil } }
    }
}
