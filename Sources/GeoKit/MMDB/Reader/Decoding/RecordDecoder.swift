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

    func keyed<Key: CodingKey>(
        _ type: Key.Type, at offset: Int, level: Int, base: [any CodingKey]?
    ) throws -> RecordKeyedContainer<Key> {
        guard let map = try decoding.openMap(at: offset, level: level) else {
            throw try decoding.mismatch([String: Any].self, at: offset)
        }
        return RecordKeyedContainer(
            decoding: decoding, map: map, level: level, depth: base?.count ?? decoding.path.count, base: base)
    }

    func unkeyed(at offset: Int, level: Int, base: [any CodingKey]?) throws -> RecordUnkeyedContainer {
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

extension MMDBRecord {
    /// Decodes the record as a type. Keys that the type does not use are not read.
    ///
    /// A record that does not fit the type throws a `DecodingError`. One that breaks a rule of the format throws an
    /// ``MMDBError``. Both contain the path to the value, as in "/city/names/en".
    public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try RecordDecoder(decoding: RecordDecoding(file: file), offset: offset, level: 1).decode(type)
    }
}
