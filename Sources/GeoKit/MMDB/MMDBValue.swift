public import TraceCore

/// A value of a database, of any type: for writing records, and for tools that do not know what a record holds.
///
/// Maps, arrays and strings can be written as literals: `["country": ["iso_code": "NL"], "asn": .uint32(64500)]`.
/// Keys and strings of a database may contain anything.
public enum MMDBValue: Sendable, Hashable {
    /// Pairs in the order of the file.
    case map([Pair])
    case array([MMDBValue])
    case string(UntrustedText)
    case bytes([UInt8])
    case double(Double)
    case float(Float)
    case int32(Int32)
    case uint16(UInt16)
    case uint32(UInt32)
    case uint64(UInt64)
    case uint128(UInt128)
    case boolean(Bool)

    /// A key of a map and its value.
    public struct Pair: Sendable, Hashable {
        /// The key.
        public var key: UntrustedText
        /// The value.
        public var value: MMDBValue

        /// A key and its value.
        public init(_ key: UntrustedText, _ value: MMDBValue) {
            self.key = key
            self.value = value
        }
    }
}

extension MMDBValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    /// A map with its pairs in the order of the literal.
    public init(dictionaryLiteral pairs: (UntrustedText, MMDBValue)...) {
        self = .map(pairs.map { Pair($0.0, $0.1) })
    }

    /// An array.
    public init(arrayLiteral elements: MMDBValue...) { self = .array(elements) }

    /// A string.
    public init(stringLiteral text: String) { self = .string(UntrustedText(text)) }
}
