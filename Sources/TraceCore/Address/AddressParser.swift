/// Reads an address from ASCII: dotted quads and RFC 4291 section 2.2, nothing looser.
///
/// It holds offsets and numbers only and takes the bytes with each call, so that reading a million
/// addresses allocates nothing.
struct AddressParser {
    /// A reason and the offset it applies to; the caller adds the text.
    struct Failure: Error {
        let reason: IPAddress.ParsingError.Reason
        let offset: Int
    }

    /// The offset of the next byte to read.
    var offset: Int
    /// The offset just past the last byte of the address.
    let end: Int

    /// Reads an address, without a zone, that fills the whole range.
    static func address(in text: Span<UInt8>, from start: Int, to end: Int) throws(Failure) -> IPAddress {
        guard start < end else { throw Failure(reason: start == 0 ? .empty : .incomplete, offset: start) }
        // Whichever separator comes first says which kind of address was meant.
        var isV6 = false
        for index in start..<end where text[index] == UInt8(ascii: ":") || text[index] == UInt8(ascii: ".") {
            isV6 = text[index] == UInt8(ascii: ":")
            break
        }
        var parser = AddressParser(offset: start, end: end)
        return isV6
            ? IPAddress(v6: try parser.groups(in: text))
            : IPAddress(v4: try parser.quad(in: text))
    }

    private func fail(_ reason: IPAddress.ParsingError.Reason) -> Failure {
        Failure(reason: reason, offset: offset)
    }

    /// Four decimal numbers with dots between them, up to the end.
    private mutating func quad(in text: Span<UInt8>) throws(Failure) -> UInt32 {
        var bits: UInt32 = 0
        for place in 0..<4 {
            if place > 0 {
                guard offset < end else { throw fail(.incomplete) }
                guard text[offset] == UInt8(ascii: ".") else { throw fail(.unexpectedCharacter) }
                offset += 1
            }
            bits = bits << 8 | UInt32(try decimalByte(in: text))
        }
        guard offset == end else {
            throw fail(text[offset] == UInt8(ascii: ".") ? .tooManyNumbers : .unexpectedCharacter)
        }
        return bits
    }

    private mutating func decimalByte(in text: Span<UInt8>) throws(Failure) -> UInt8 {
        let start = offset
        var value = 0
        while offset < end {
            let digit = Int(text[offset]) - Int(UInt8(ascii: "0"))
            guard digit >= 0, digit <= 9 else { break }
            if offset > start, value == 0 { throw Failure(reason: .leadingZero, offset: start) }
            value = value * 10 + digit
            if value > 255 { throw Failure(reason: .numberTooLarge, offset: start) }
            offset += 1
        }
        guard offset > start else { throw fail(offset < end ? .unexpectedCharacter : .incomplete) }
        return UInt8(truncatingIfNeeded: value)
    }

    /// Eight groups of hexadecimal digits, up to the end; `::` and a dotted quad at the end allowed.
    private mutating func groups(in text: Span<UInt8>) throws(Failure) -> UInt128 {
        var bits: UInt128 = 0
        var count = 0
        var gap: Int?
        var gapOffset = offset

        if isDoubleColon(in: text) {
            gap = 0
            offset += 2
        }
        while offset < end {
            guard count < 8 else { throw fail(.tooManyNumbers) }
            let start = offset
            guard let group = try hexGroup(in: text) else {
                // The digits belonged to a dotted quad: it takes two groups and ends the address.
                offset = start
                guard count <= 6 else { throw fail(.tooManyNumbers) }
                bits = bits << 32 | UInt128(try quad(in: text))
                count += 2
                break
            }
            bits = bits << 16 | UInt128(group)
            count += 1
            guard offset < end else { break }
            guard text[offset] == UInt8(ascii: ":") else { throw fail(.unexpectedCharacter) }
            if isDoubleColon(in: text) {
                guard gap == nil, count < 8 else { throw fail(.misplacedDoubleColon) }
                gap = count
                gapOffset = offset
                offset += 2
            } else {
                offset += 1
                guard offset < end else { throw fail(.incomplete) }
            }
        }

        guard let gap else {
            guard count == 8 else { throw fail(.incomplete) }
            return bits
        }
        // RFC 5952 section 4.2.2 asks writers not to shorten one group; RFC 4291 lets readers take it.
        guard count < 8 else { throw Failure(reason: .misplacedDoubleColon, offset: gapOffset) }
        let tail = UInt128(count - gap) * 16
        let head = bits >> tail
        let low = bits & ((1 << tail) - 1)
        return head << (UInt128(8 - gap) * 16) | low
    }

    private func isDoubleColon(in text: Span<UInt8>) -> Bool {
        offset + 1 < end && text[offset] == UInt8(ascii: ":") && text[offset + 1] == UInt8(ascii: ":")
    }

    /// One group of one to four hexadecimal digits, or nil where its digits run into a dot.
    private mutating func hexGroup(in text: Span<UInt8>) throws(Failure) -> UInt16? {
        let start = offset
        var value: UInt32 = 0
        while offset < end, let digit = Self.hexDigit(text[offset]) {
            guard offset < start + 4 else { throw Failure(reason: .numberTooLarge, offset: start) }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        guard offset > start else { throw fail(offset < end ? .unexpectedCharacter : .incomplete) }
        if offset < end, text[offset] == UInt8(ascii: ".") { return nil }
        return UInt16(truncatingIfNeeded: value)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
