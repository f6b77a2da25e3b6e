/// The output that all containers of an encoding write to.
final class JSONWriter {
    private var output: JSONOutput

    init(style: JSON.Style) {
        output = JSONOutput(style: style)
    }

    var bytes: [UInt8] { output.bytes }
    var path: [any CodingKey] { output.path }

    func removeAll() { output.removeAll() }
    func newline() { output.newline() }

    /// Writes one whole value; an error leaves the buffer as it was.
    func writeDocument(_ value: some Encodable) throws {
        let start = output.bytes.count
        do {
            try encode(value, level: 0)
        } catch {
            output.rollBack(to: start)
            throw error
        }
    }

    /// Writes a value of any type at a level, and closes what it opened.
    func encode<T: Encodable>(_ value: T, level: Int) throws {
        // Every event has two addresses: they are written directly, without a String and a container for each.
        if T.self == IPAddress.self, let address = value as? IPAddress { return output.write(address) }
        let start = output.bytes.count
        try value.encode(to: JSONValueEncoder(writer: self, level: level))
        guard output.bytes.count > start else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "The value encoded nothing at all"))
        }
        output.close(to: level)
    }

    func open(isObject: Bool, level: Int) -> (serial: Int, isNew: Bool) {
        output.open(isObject: isObject, level: level)
    }

    func beginMember(_ key: String, level: Int, serial: Int) throws {
        try output.beginMember(key, level: level, serial: serial)
    }

    func beginElement(level: Int, serial: Int) throws {
        try output.beginElement(level: level, serial: serial)
    }

    func count(level: Int) -> Int { output.count(level: level) }

    func writeNull() { output.writeNull() }
    func write(_ value: Bool) { output.write(value) }
    func write(_ value: some FixedWidthInteger) { output.write(value) }
    func write(_ value: some BinaryFloatingPoint & CustomStringConvertible) throws { try output.write(value) }
    func write(string: String) { output.write(string: string) }
}
