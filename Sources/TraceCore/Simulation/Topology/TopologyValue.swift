/// Reads the values of attributes: times, shares, numbers, lists.
struct TopologyValue {
    let text: String
    let position: TopologyPosition

    func mistake(expected: String) -> TopologyMistake {
        TopologyMistake("\"\(UntrustedText(text))\" does not fit here", at: position, expected: expected)
    }

    /// The parts between commas, each with its own place.
    func list() -> [TopologyValue] { split(",") }

    /// The parts between a sign, each with its own place.
    func split(_ sign: Character) -> [TopologyValue] {
        var column = position.column
        return text.split(separator: sign, omittingEmptySubsequences: false).map { part in
            defer { column += part.utf8.count + 1 }
            return TopologyValue(
                text: String(part), position: TopologyPosition(line: position.line, column: column))
        }
    }

    /// A time in nanoseconds: `0.4ms`, `3s`, `250us`, `10m`, `1h`.
    func nanoseconds() throws(TopologyMistake) -> Int64 {
        let units: [(suffix: String, size: Int64)] = [
            ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
            ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ]
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = Self.decimal(text.dropLast(unit.suffix.count)) else { break }
            let product = number.multipliedReportingOverflow(by: unit.size / min(unit.size, 1_000_000))
            guard !product.overflow else { break }
            return unit.size >= 1_000_000
                ? product.partialValue : product.partialValue * unit.size / 1_000_000
        }
        if text == "0" { return 0 }
        throw mistake(expected: "a time such as 0.4ms, 250us, 3s or 2m")
    }

    /// A share in 2³²nds: `5%`, `0.1%`.
    func share() throws(TopologyMistake) -> UInt64 {
        guard text.hasSuffix("%"), let number = Self.decimal(text.dropLast()), number <= 100_000_000 else {
            throw mistake(expected: "a share between 0% and 100%")
        }
        return (UInt64(number) << 32) / 100_000_000
    }

    /// A whole number within a range.
    func number<Value: FixedWidthInteger>(_ range: ClosedRange<Value>) throws(TopologyMistake) -> Value {
        guard let value = Value(text), range.contains(value) else {
            throw mistake(expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func address() throws(TopologyMistake) -> IPAddress {
        guard let address = IPAddress(text) else { throw mistake(expected: "an IPv4 or IPv6 address") }
        return address
    }

    /// One or two addresses, at most one of each family.
    func addresses() throws(TopologyMistake) -> AddressPair {
        var pair = AddressPair()
        for value in list() {
            guard pair.set(try value.address()) else {
                throw value.mistake(expected: "at most one address of each family")
            }
        }
        return pair
    }

    /// Ports and ranges of them: `80,443,8000-8010`; `all`; `none`.
    func ports() throws(TopologyMistake) -> [PortRange] {
        if text == "all" { return [PortRange(first: 0, last: .max)] }
        if text == "none" { return [] }
        var ranges: [PortRange] = []
        for value in list() {
            let ends = value.split("-")
            guard ends.count <= 2, let first = UInt16(ends[0].text),
                let last = UInt16(ends[ends.count - 1].text),
                first <= last
            else { throw value.mistake(expected: "ports such as 80,443,8000-8010, or all, or none") }
            ranges.append(PortRange(first: first, last: last))
        }
        return ranges
    }

    /// A decimal number of up to six digits after the point, in millionths.
    private static func decimal(_ text: some StringProtocol) -> Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].count <= 9 else { return nil }
        var value: Int64 = 0
        for digit in parts[0] {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        value *= 1_000_000
        guard parts.count == 2 else { return value }
        guard (1...6).contains(parts[1].count) else { return nil }
        var unit: Int64 = 100_000
        for digit in parts[1] {
            guard (0x30...0x39).contains(digit) else { return nil }
            value += Int64(digit - 0x30) * unit
            unit /= 10
        }
        return value
    }
}

/// Ports from one to another.
struct PortRange: Sendable, Hashable {
    let first: UInt16
    let last: UInt16

    func contains(_ port: UInt16) -> Bool { first <= port && port <= last }
}
