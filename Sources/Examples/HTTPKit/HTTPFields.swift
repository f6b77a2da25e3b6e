/// The fields of a message, in their order. Names are lower-case.
public struct HTTPFields: Sendable, Hashable {
    /// A field.
    public struct Field: Sendable, Hashable {
        /// The name, in lower case.
        public let name: String
        /// The value, without the spaces around it.
        public let value: String
    }

    /// All fields.
    public private(set) var all: [Field] = []

    /// No fields.
    public init() {}

    /// The fields of a message that is made here.
    public init(_ fields: KeyValuePairs<String, String>) { for (name, value) in fields { add(name, value) } }

    /// The values of a name, in their order.
    public subscript(name: String) -> [String] { all.filter { $0.name == name }.map(\.value) }

    /// The first value of a name.
    public func first(_ name: String) -> String? { all.first { $0.name == name }?.value }

    /// The words of a list, from all fields of a name, in lower case.
    func words(_ name: String) -> [String] {
        self[name].flatMap { $0.split(separator: ",") }.map { word in
            String(word.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
                .lowercased()
        }.filter { !$0.isEmpty }
    }

    /// Adds a field. What could end it, or begin another, is left out of it.
    public mutating func add(_ name: String, _ value: String) {
        append(
            Field(
                name: String(decoding: name.utf8.filter(Octet.isToken), as: UTF8.self).lowercased(),
                value: Octet.safe(value)))
    }

    /// Adds all of other fields.
    public mutating func add(_ fields: HTTPFields) { all += fields.all }

    /// Sets a field in the place of all of its name.
    public mutating func set(_ name: String, _ value: String) {
        all.removeAll { $0.name == name }
        add(name, value)
    }

    mutating func append(_ field: Field) { all.append(field) }
}

/// What octets may be where (RFC 9110, 5.5 and 5.6.2; RFC 3986, 2 and 3).
enum Octet {
    /// A letter, digit or one of the marks of a token.
    static func isToken(_ octet: UInt8) -> Bool { tokens[Int(octet)] }
    /// What a field value may have.
    static func isFieldValue(_ octet: UInt8) -> Bool { octet >= 0x20 && octet != 0x7F || octet == 0x09 }
    /// What a path or a query may have, beside percent signs.
    static func isTarget(_ octet: UInt8) -> Bool { targets[Int(octet)] }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x41...0x46: octet - 0x41 + 10
        case 0x61...0x66: octet - 0x61 + 10
        default: nil
        }
    }

    static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    private static let alphanumerics = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let tokens = table("!#$%&'*+-.^_`|~")
    private static let targets = table("-._~!$&'()*+,;=:@/?")

    private static func table(_ marks: String) -> [Bool] {
        let octets = alphanumerics.union(marks.utf8)
        return (0...255).map { octets.contains(UInt8($0)) }
    }

    /// Octets without the spaces and tabs around them.
    static func trimmed(_ octets: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var octets = octets
        while octets.first == 0x20 || octets.first == 0x09 { octets.removeFirst() }
        while octets.last == 0x20 || octets.last == 0x09 { octets.removeLast() }
        return octets
    }

    /// A text that can stand in one line: without controls.
    static func safe(_ text: String) -> String {
        text.utf8.allSatisfy(isFieldValue) ? text : String(decoding: text.utf8.filter(isFieldValue), as: UTF8.self)
    }

    /// Percent-decodes once; nil for a broken escape, for NUL, and for what is no UTF-8.
    static func decoded(_ octets: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        var rest = octets[...]
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal)
                else { return nil }
                result.append(high << 4 | low)
            } else {
                result.append(plusIsSpace && octet == UInt8(ascii: "+") ? 0x20 : octet)
            }
        }
        guard !result.contains(0) else { return nil }
        return String(validating: result, as: UTF8.self)
    }
}
