extension IPAddress: CustomStringConvertible {
    /// The canonical text: a dotted quad, or RFC 5952 with the zone's index (`fe80::1%3`).
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(56)
        appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the canonical text, all ASCII, for encoders that fill one buffer.
    func appendText(to text: inout [UInt8]) {
        switch family {
        case .v4:
            Self.appendQuad(low, to: &text)
        case .v6:
            appendGroups(to: &text)
            guard zone != 0 else { return }
            text.append(UInt8(ascii: "%"))
            text.append(contentsOf: String(zone).utf8)
        }
    }

    /// One of the eight groups of an IPv6 address, from the left.
    private func group(_ index: Int) -> UInt16 {
        let word = index < 4 ? high : low
        return UInt16(truncatingIfNeeded: word >> UInt64(48 - (index & 3) * 16))
    }

    private func appendGroups(to text: inout [UInt8]) {
        // RFC 5952 section 5 writes the quad where the prefix says that the rest is an IPv4 address.
        if high == 0, low >> 32 == 0xFFFF {
            for byte in "::ffff:".utf8 { text.append(byte) }
            Self.appendQuad(low, to: &text)
            return
        }
        let zeros = longestZeroRun
        var index = 0
        while index < 8 {
            if index == zeros.lowerBound, !zeros.isEmpty {
                text.append(UInt8(ascii: ":"))
                text.append(UInt8(ascii: ":"))
                index = zeros.upperBound
                continue
            }
            if index > 0, index != zeros.upperBound || zeros.isEmpty { text.append(UInt8(ascii: ":")) }
            Self.appendHex(group(index), to: &text)
            index += 1
        }
    }

    /// The groups that `::` stands for: the first of the longest runs of two or more zeros.
    private var longestZeroRun: Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0..<8 {
            if group(index) != 0 {
                start = index + 1
            } else if index + 1 - start > max(best.count, 1) {
                best = start..<index + 1
            }
        }
        return best
    }

    private static func appendHex(_ group: UInt16, to text: inout [UInt8]) {
        var shift: UInt16 = group > 0xFFF ? 12 : group > 0xFF ? 8 : group > 0xF ? 4 : 0
        while true {
            text.append(hexDigit(UInt8(truncatingIfNeeded: group >> shift) & 15))
            guard shift > 0 else { return }
            shift -= 4
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    private static func appendQuad(_ bits: UInt64, to text: inout [UInt8]) {
        var shift: UInt64 = 24
        while true {
            appendDecimal(UInt8(truncatingIfNeeded: bits >> shift), to: &text)
            guard shift > 0 else { return }
            text.append(UInt8(ascii: "."))
            shift -= 8
        }
    }

    private static func appendDecimal(_ byte: UInt8, to text: inout [UInt8]) {
        if byte >= 100 { text.append(UInt8(ascii: "0") + byte / 100) }
        if byte >= 10 { text.append(UInt8(ascii: "0") + byte / 10 % 10) }
        text.append(UInt8(ascii: "0") + byte % 10)
    }
}

extension IPAddress {
    /// The name whose PTR record names this address: `1.2.0.192.in-addr.arpa`, or 32 nibbles and `ip6.arpa`.
    public var reverseLookupName: String {
        var name: [UInt8] = []
        name.reserveCapacity(72)
        switch family {
        case .v4:
            for shift in 0..<4 {
                Self.appendDecimal(UInt8(truncatingIfNeeded: low >> UInt64(shift * 8)), to: &name)
                name.append(UInt8(ascii: "."))
            }
            name.append(contentsOf: "in-addr.arpa".utf8)
        case .v6:
            for nibble in 0..<32 {
                let word = nibble < 16 ? low : high
                name.append(Self.hexDigit(UInt8(truncatingIfNeeded: word >> UInt64((nibble & 15) * 4)) & 15))
                name.append(UInt8(ascii: "."))
            }
            name.append(contentsOf: "ip6.arpa".utf8)
        }
        return String(decoding: name, as: UTF8.self)
    }
}

extension IPAddress: Codable {
    /// Reads the address from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(IPAddress.ParsingError) {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the address as its canonical text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
