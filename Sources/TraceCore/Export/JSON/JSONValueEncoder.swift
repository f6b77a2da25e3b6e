/// Gives a value the containers that write it at a level.
struct JSONValueEncoder: Encoder {
    let writer: JSONWriter
    let level: Int

    var codingPath: [any CodingKey] { writer.path }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let frame = writer.open(isObject: true, level: level)
        return KeyedEncodingContainer(JSONObjectEncoder(writer: writer, level: level, serial: frame.serial))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        let frame = writer.open(isObject: false, level: level)
        return JSONArrayEncoder(writer: writer, level: level, serial: frame.serial)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingleEncoder(writer: writer, level: level)
    }
}

/// Writes the members of an object.
struct JSONObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: JSONWriter
    let level: Int
    let serial: Int

    var codingPath: [any CodingKey] { writer.path }

    private func begin(_ key: Key) throws {
        try writer.beginMember(key.stringValue, level: level, serial: serial)
    }

    func encodeNil(forKey key: Key) throws {
        try begin(key)
        writer.writeNull()
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try begin(key)
        try writer.encode(value, level: level + 1)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        try? begin(key)
        return JSONValueEncoder(writer: writer, level: level + 1).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        try? begin(key)
        return JSONValueEncoder(writer: writer, level: level + 1).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        try? writer.beginMember("super", level: level, serial: serial)
        return JSONValueEncoder(writer: writer, level: level + 1)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        try? begin(key)
        return JSONValueEncoder(writer: writer, level: level + 1)
    }

    func encode(_ value: Bool, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: Int, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: Int8, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: Int16, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: Int32, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: Int64, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: UInt, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: UInt8, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: UInt16, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: UInt32, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: UInt64, forKey key: Key) throws {
        try begin(key)
        writer.write(value)
    }

    func encode(_ value: Double, forKey key: Key) throws {
        try begin(key)
        try writer.write(value)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        try begin(key)
        try writer.write(value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try begin(key)
        writer.write(string: value)
    }
}

/// Writes the elements of an array.
struct JSONArrayEncoder: UnkeyedEncodingContainer {
    let writer: JSONWriter
    let level: Int
    let serial: Int

    var codingPath: [any CodingKey] { writer.path }
    var count: Int { writer.count(level: level) }

    private func begin() throws { try writer.beginElement(level: level, serial: serial) }

    func encodeNil() throws {
        try begin()
        writer.writeNull()
    }

    func encode<T: Encodable>(_ value: T) throws {
        try begin()
        try writer.encode(value, level: level + 1)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        try? begin()
        return JSONValueEncoder(writer: writer, level: level + 1).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        try? begin()
        return JSONValueEncoder(writer: writer, level: level + 1).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        try? begin()
        return JSONValueEncoder(writer: writer, level: level + 1)
    }
}

/// Writes a value that is neither an object nor an array.
struct JSONSingleEncoder: SingleValueEncodingContainer {
    let writer: JSONWriter
    let level: Int

    var codingPath: [any CodingKey] { writer.path }

    func encodeNil() throws { writer.writeNull() }
    func encode<T: Encodable>(_ value: T) throws { try writer.encode(value, level: level) }
    func encode(_ value: Bool) throws { writer.write(value) }
    func encode(_ value: Int) throws { writer.write(value) }
    func encode(_ value: Int8) throws { writer.write(value) }
    func encode(_ value: Int16) throws { writer.write(value) }
    func encode(_ value: Int32) throws { writer.write(value) }
    func encode(_ value: Int64) throws { writer.write(value) }
    func encode(_ value: UInt) throws { writer.write(value) }
    func encode(_ value: UInt8) throws { writer.write(value) }
    func encode(_ value: UInt16) throws { writer.write(value) }
    func encode(_ value: UInt32) throws { writer.write(value) }
    func encode(_ value: UInt64) throws { writer.write(value) }
    func encode(_ value: UInt128) throws { writer.write(value) }
    func encode(_ value: Int128) throws { writer.write(value) }
    func encode(_ value: Double) throws { try writer.write(value) }
    func encode(_ value: Float) throws { try writer.write(value) }
    func encode(_ value: String) throws { writer.write(string: value) }
}
