/// The container for an array.
struct RecordUnkeyedContainer: UnkeyedDecodingContainer {
    let decoding: RecordDecoding
    let size: Int
    /// The position of the next element.
    var at: Int
    let level: Int
    let depth: Int
    let base: [any CodingKey]?
    private(set) var currentIndex = 0

    init(decoding: RecordDecoding, size: Int, at: Int, level: Int, depth: Int, base: [any CodingKey]?) {
        self.decoding = decoding
        self.size = size
        self.at = at
        self.level = level
        self.depth = depth
        self.base = base
    }

    var count: Int? { size }
    var isAtEnd: Bool { currentIndex >= size }
    var codingPath: [any CodingKey] { base ?? Array(decoding.path.prefix(depth)) }

    @inline(__always)
    private mutating func element<Value>(_ body: (RecordDecoder) throws -> Value) throws -> Value {
        let key = IndexKey(currentIndex)
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                Value.self,
                DecodingError.Context(
                    codingPath: codingPath + [key], debugDescription: "the array has only \(size) elements"))
        }
        let value = try decoding.within(key, base) {
            try body(RecordDecoder(decoding: decoding, offset: at, level: level &+ 1))
        }
        currentIndex &+= 1
        if currentIndex < size { at = try decoding.next(after: at) }
        return value
    }

    mutating func decodeNil() throws -> Bool { false }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try element { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try element { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try element { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try element { try $0.decode(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try element { try $0.decode(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try element { try $0.decode(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try element { try $0.decode(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try element { try $0.decode(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try element { try $0.decode(type) } }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try element { try $0.decode(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try element { try $0.decode(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try element { try $0.decode(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try element { try $0.decode(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try element { try $0.decode(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try element { try $0.decode(type) } }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try element { try $0.decode(type) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try element { try $0.decode(type) } }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let path = codingPath + [IndexKey(currentIndex)]
        return KeyedDecodingContainer(
            try element { try $0.keyed(type, at: $0.offset, level: $0.level, base: path) })
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let path = codingPath + [IndexKey(currentIndex)]
        return try element { try $0.unkeyed(at: $0.offset, level: $0.level, base: path) }
    }

    mutating func superDecoder() throws -> any Decoder { try element { $0 } }
}

/// The index of an element of an array.
private struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { index = intValue }
    init?(stringValue: String) { return nil }

    var intValue: Int? { index }
    var stringValue: String { String(index) }
}
