/// The container for a map.
struct RecordKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoding: RecordDecoding
    let map: Range<Int>
    let level: Int
    /// The length of the path to the map.
    let depth: Int
    /// The path to the map, if it was opened through another container.
    let base: [any CodingKey]?

    var codingPath: [any CodingKey] { base ?? Array(decoding.path.prefix(depth)) }
    var allKeys: [Key] { decoding.keys(of: map).compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { decoding.find(key.stringValue, in: map) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { false }

    /// Calls the body with a decoder of the value for a key; nil if there is none.
    @inline(__always)
    private func present<Value>(
        _ key: some CodingKey, _ body: (RecordDecoder) throws -> Value
    ) throws -> Value? {
        guard let offset = decoding.find(key.stringValue, in: map) else { return nil }
        return try decoding.within(key, base) {
            try body(RecordDecoder(decoding: decoding, offset: offset, level: level &+ 1))
        }
    }

    @inline(__always)
    private func required<Value>(
        _ key: some CodingKey, _ body: (RecordDecoder) throws -> Value
    ) throws -> Value {
        guard let value = try present(key, body) else { throw decoding.missing(key) }
        return value
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try required(key) { try $0.decode(type) } }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try required(key) { try $0.decode(type) } }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try required(key) { try $0.decode(type) } }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try required(key) { try $0.decode(type) } }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try required(key) { try $0.decode(type) } }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try required(key) { try $0.decode(type) } }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try required(key) { try $0.decode(type) } }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try required(key) { try $0.decode(type) } }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try required(key) { try $0.decode(type) } }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try required(key) { try $0.decode(type) } }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try required(key) { try $0.decode(type) } }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try required(key) { try $0.decode(type) } }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try required(key) { try $0.decode(type) } }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try required(key) { try $0.decode(type) } }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try required(key) { try $0.decode(type) } }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try required(key) { try $0.decode(type) } }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try required(key) { try $0.decode(type) }
    }

    // Each searches for its key once. The default implementations search three times.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key) { try $0.decode(type) } }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try present(key) { try $0.decode(type) }
    }
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try present(key) { try $0.decode(type) }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let path = codingPath + [key]
        return KeyedDecodingContainer(
            try required(key) { try $0.keyed(type, at: $0.offset, level: $0.level, base: path) })
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        let path = codingPath + [key]
        return try required(key) { try $0.unkeyed(at: $0.offset, level: $0.level, base: path) }
    }

    func superDecoder() throws -> any Decoder { try required(SuperKey()) { $0 } }
    func superDecoder(forKey key: Key) throws -> any Decoder { try required(key) { $0 } }
}

/// The key under which a class stores its superclass.
private struct SuperKey: CodingKey {
    init() {}
    init?(intValue: Int) { return nil }
    init?(stringValue: String) { return nil }

    var intValue: Int? { nil }
    var stringValue: String { "super" }
}
