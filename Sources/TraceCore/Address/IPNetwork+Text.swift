extension IPNetwork {
    /// The network that a text spells (`192.0.2.0/24`); bits set beyond the prefix are an error.
    public init(parsing text: String) throws(IPAddress.ParsingError) {
        let (network, hostBits) = try Self.read(text, requiresPrefix: true)
        if let hostBits { throw IPAddress.ParsingError(.hostBitsSet, at: hostBits, in: text) }
        self = network
    }

    /// The network that a text means: host bits are cleared (`192.0.2.77/24`), and an address alone is a
    /// network of one.
    public init(lenient text: String) throws(IPAddress.ParsingError) {
        self = try Self.read(text, requiresPrefix: false).network
    }

    /// The network, and the offset of its address where bits are set beyond the prefix.
    private static func read(
        _ text: String, requiresPrefix: Bool
    ) throws(IPAddress.ParsingError) -> (network: IPNetwork, hostBits: Int?) {
        do throws(AddressParser.Failure) {
            return try read(text.utf8Span.span, requiresPrefix: requiresPrefix)
        } catch {
            throw IPAddress.ParsingError(error.reason, at: error.offset, in: text)
        }
    }

    private static func read(
        _ text: Span<UInt8>, requiresPrefix: Bool
    ) throws(AddressParser.Failure) -> (network: IPNetwork, hostBits: Int?) {
        var slash = text.count
        for index in 0..<text.count where text[index] == UInt8(ascii: "/") {
            slash = index
            break
        }
        let address = try AddressParser.address(in: text, from: 0, to: slash)
        guard slash < text.count else {
            if requiresPrefix { throw AddressParser.Failure(reason: .missingPrefixLength, offset: slash) }
            return (IPNetwork(address), nil)
        }
        var length = 0
        for index in slash + 1..<text.count {
            let digit = Int(text[index]) - Int(UInt8(ascii: "0"))
            guard digit >= 0, digit <= 9 else {
                throw AddressParser.Failure(reason: .unexpectedCharacter, offset: index)
            }
            if index > slash + 1, length == 0 {
                throw AddressParser.Failure(reason: .leadingZero, offset: slash + 1)
            }
            length = length * 10 + digit
            if length > address.family.bitWidth {
                throw AddressParser.Failure(reason: .prefixTooLong, offset: slash + 1)
            }
        }
        guard slash + 1 < text.count,
            let network = IPNetwork(containing: address, prefixLength: length)
        else { throw AddressParser.Failure(reason: .missingPrefixLength, offset: text.count) }
        return (network, network.first == address ? nil : 0)
    }
}

extension IPNetwork: LosslessStringConvertible {
    /// The network that a text spells, or nil where it spells none; see ``init(parsing:)``.
    public init?(_ text: String) {
        guard let result = try? Self.read(text.utf8Span.span, requiresPrefix: true), result.hostBits == nil
        else { return nil }
        self = result.network
    }

    /// The canonical text: the first address, `/` and the prefix length.
    public var description: String { "\(first)/\(prefixLength)" }
}

extension IPNetwork: Codable {
    /// Reads the network from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(IPAddress.ParsingError) {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the network as its canonical text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
