public import TraceCore

/// A value of a database's data section, of whatever type: for tools that do not know their records beforehand.
///
/// Texts of maps' keys and of strings come from strangers.
public enum MMDBValue: Sendable, Hashable {
    /// Pairs in the order in which they stand in the file.
    case map([MMDBPair])
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
}

/// A key of a map and its value.
public struct MMDBPair: Sendable, Hashable {
    /// The key.
    public var key: UntrustedText
    /// What stands under it.
    public var value: MMDBValue

    /// A key and its value.
    public init(_ key: UntrustedText, _ value: MMDBValue) {
        self.key = key
        self.value = value
    }
}
