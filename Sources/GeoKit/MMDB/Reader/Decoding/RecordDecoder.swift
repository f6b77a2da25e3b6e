internal import TraceCore

/// Decodes the value at a position of a record. Only the requested parts are read.
struct RecordDecoder: Decoder {
    let decoding: RecordDecoding
    let offset: Int
    let level: Int

    var codingPath: [any CodingKey] { decoding.path }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try keyed(type, at: offset, level: level, base: nil))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try unkeyed(at: offset, level: level, base: nil)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    fileprivate func keyed<Key: CodingKey>(
        _ type: Key.Type, at offset: Int, level: Int, base: [any CodingKey]?
    ) throws -> RecordKeyedContainer<Key> {
        guard let map = try decoding.openMap(at: offset, level: level) else {
            throw try decoding.mismatch([String: Any].self, at: offset)
        }
        return RecordKeyedContainer(
            decoding: decoding, map: map, level: level, depth: base?.count ?? decoding.path.count, base: base)
    }

    fileprivate func unkeyed(at offset: Int, level: Int, base: [any CodingKey]?) throws -> RecordUnkeyedContainer {
        guard let (first, count) = try decoding.openArray(at: offset, level: level) else {
            throw try decoding.mismatch([Any].self, at: offset)
        }
        return RecordUnkeyedContainer(
            decoding: decoding, size: count, at: first, level: level, depth: base?.count ?? decoding.path.count,
            base: base)
    }
}

extension RecordDecoder: SingleValueDecodingContainer {
    // The format has no null.
    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) throws -> Bool { try decoding.boolean(at: offset) }
    func decode(_ type: String.Type) throws -> String { try decoding.string(at: offset) }
    func decode(_ type: Double.Type) throws -> Double { try decoding.real(at: offset) }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoding.real(at: offset)) }
    func decode(_ type: Int.Type) throws -> Int { try decoding.integer(type, at: offset) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoding.integer(type, at: offset) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoding.integer(type, at: offset) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoding.integer(type, at: offset) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoding.integer(type, at: offset) }
    func decode(_ type: Int128.Type) throws -> Int128 { try decoding.integer(type, at: offset) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoding.integer(type, at: offset) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoding.integer(type, at: offset) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoding.integer(type, at: offset) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoding.integer(type, at: offset) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoding.integer(type, at: offset) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try decoding.integer(type, at: offset) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        // These types need no container, and UntrustedText keeps text that is not UTF-8.
        if type == String.self, let value = try decoding.string(at: offset) as? Value { return value }
        if type == UntrustedText.self, let value = try decoding.text(at: offset) as? Value { return value }
        if type == [UInt8].self, let value = try decoding.data(at: offset) as? Value { return value }
        try Budget.check(level: level, at: offset)
        return try Value(from: self)
    }
}

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

/// The key under which a class stores its superclass.
private struct SuperKey: CodingKey {
    init() {}
    init?(intValue: Int) { return nil }
    init?(stringValue: String) { return nil }

    var intValue: Int? { nil }
    var stringValue: String { "super" }
}

extension RecordDecoding {
    /// Calls the body with a key added to the path.
    @inline(__always)
    fileprivate func within<Value>(
        _ key: some CodingKey, _ base: [any CodingKey]?, _ body: () throws -> Value
    ) throws -> Value {
        guard let base else {
            path.append(key)
            defer { path.removeLast() }
            return try body()
        }
        let before = path
        path = base + [key]
        defer { path = before }
        return try body()
    }
}

extension MMDBRecord {
    /// Decodes the record as a type. Keys that the type does not use are not read.
    ///
    /// A record that does not fit the type throws a `DecodingError`. One that breaks a rule of the format throws an
    /// ``MMDBError``. Both contain the path to the value, as in "/city/names/en".
    public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try RecordDecoder(decoding: RecordDecoding(file: file), offset: offset, level: 1).decode(type)
    }
}
