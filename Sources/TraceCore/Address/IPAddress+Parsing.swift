extension IPAddress {
    /// The address that a text spells (`192.0.2.1`, `2001:db8::1`, `fe80::1%3`), or an error that says
    /// what is wrong with it and where.
    ///
    /// Strict: four decimal numbers without leading zeros, or RFC 4291 text; a zone is an interface index.
    public init(parsing text: String) throws(IPAddress.ParsingError) {
        try self.init(parsing: text, zone: { _ in nil })
    }

    /// The address that a text spells, where a zone may also be a name (`fe80::1%eth0`) that `zone` turns
    /// into an interface's index.
    public init(parsing text: String, zone: (String) -> UInt32?) throws(IPAddress.ParsingError) {
        do throws(AddressParser.Failure) {
            self = try Self.parse(text.utf8Span.span, zone: zone)
        } catch {
            throw IPAddress.ParsingError(error.reason, at: error.offset, in: text)
        }
    }

    /// Reads an address with its zone from bytes that it fills.
    static func parse(
        _ text: Span<UInt8>, zone: (String) -> UInt32? = { _ in nil }
    ) throws(AddressParser.Failure) -> IPAddress {
        var percent = text.count
        for index in 0..<text.count where text[index] == UInt8(ascii: "%") {
            percent = index
            break
        }
        let address = try AddressParser.address(in: text, from: 0, to: percent)
        guard percent < text.count else { return address }
        guard address.isV6 else { throw AddressParser.Failure(reason: .badZone, offset: percent) }
        let index = try zoneIndex(in: text, from: percent + 1, zone: zone)
        return IPAddress(high: address.high, low: address.low, zone: index, family: .v6)
    }

    private static func zoneIndex(
        in text: Span<UInt8>, from start: Int, zone: (String) -> UInt32?
    ) throws(AddressParser.Failure) -> UInt32 {
        guard start < text.count else { throw AddressParser.Failure(reason: .badZone, offset: start) }
        var value: UInt32? = 0
        var name: [UInt8] = []
        for index in start..<text.count {
            let byte = text[index]
            name.append(byte)
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), let before = value else {
                value = nil
                continue
            }
            let (product, over) = before.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt32(byte - UInt8(ascii: "0")))
            value = over || carry ? nil : sum
        }
        // Index 0 means "no zone" to every system; written out it is a mistake.
        if let value {
            guard value > 0 else { throw AddressParser.Failure(reason: .badZone, offset: start) }
            return value
        }
        guard let found = zone(String(decoding: name, as: UTF8.self)), found > 0 else {
            throw AddressParser.Failure(reason: .unknownZone, offset: start)
        }
        return found
    }
}

extension IPAddress: LosslessStringConvertible {
    /// The address that a text spells, or nil where it spells none; see ``init(parsing:)``.
    public init?(_ text: String) {
        guard let address = try? Self.parse(text.utf8Span.span) else { return nil }
        self = address
    }
}
