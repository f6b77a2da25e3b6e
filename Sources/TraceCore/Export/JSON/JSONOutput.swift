/// JSON while it is written: the bytes, and the objects and arrays that are open.
///
/// A container knows its frame by position and serial number. Writing to it closes what was opened inside; a
/// container that was closed that way refuses to be written to again.
///
/// A struct and not part of ``JSONWriter``: each access to a stored property of a class is checked for
/// exclusivity at run time, and byte by byte that took half of the time of an encoding.
///
/// Who writes thousands of rows writes their members with it, too.
package struct JSONOutput: Sendable {
    private struct Frame {
        let isObject: Bool
        let serial: Int
        var count = 0
        /// The key that is being encoded, for error messages.
        var key = ""
    }

    package var bytes: [UInt8] = []
    private var frames: [Frame] = []
    private var serial = 0
    private let isPretty: Bool

    package init(style: JSON.Style = .compact) {
        isPretty = style == .pretty
        bytes.reserveCapacity(512)
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    package mutating func newline() { bytes.append(UInt8(ascii: "\n")) }

    /// Removes what was written after the first `count` bytes, and forgets what is open.
    mutating func rollBack(to count: Int) {
        bytes.removeLast(bytes.count - count)
        frames.removeAll()
    }

    // MARK: Frames

    /// The path to the current position.
    var path: [any CodingKey] {
        frames.map { $0.isObject ? JSONPathKey($0.key) : JSONPathKey(index: max(0, $0.count - 1)) }
    }

    /// Opens an object or an array at a level, or finds the one that the same value has opened there before.
    mutating func open(isObject: Bool, level: Int) -> (serial: Int, isNew: Bool) {
        if frames.count > level {
            close(to: level + 1)
            if frames[level].isObject == isObject { return (frames[level].serial, false) }
        }
        serial += 1
        bytes.append(UInt8(ascii: isObject ? "{" : "["))
        frames.append(Frame(isObject: isObject, serial: serial))
        return (serial, true)
    }

    /// Closes everything that is open above a level.
    mutating func close(to level: Int) {
        while frames.count > level, let frame = frames.popLast() {
            if isPretty, frame.count > 0 { indent(frames.count) }
            bytes.append(UInt8(ascii: frame.isObject ? "}" : "]"))
        }
    }

    /// Prepares for the next value of an object.
    mutating func beginMember(_ key: String, level: Int, serial: Int) throws {
        try beginElement(level: level, serial: serial)
        frames[level].key = key
        write(string: key)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
    }

    /// Prepares for the next value of an array.
    mutating func beginElement(level: Int, serial: Int) throws {
        if frames.count != level + 1 {
            if frames.count > level + 1 { close(to: level + 1) }
            guard frames.count == level + 1 else { throw closedContainer() }
        }
        guard frames[level].serial == serial else { throw closedContainer() }
        if frames[level].count > 0 { bytes.append(UInt8(ascii: ",")) }
        frames[level].count += 1
        if isPretty { indent(level + 1) }
    }

    func count(level: Int) -> Int { level < frames.count ? frames[level].count : 0 }

    private func closedContainer() -> EncodingError {
        .invalidValue(
            "",
            .init(codingPath: path, debugDescription: "A container was written to after its value had ended"))
    }

    private mutating func indent(_ level: Int) {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<level {
            bytes.append(UInt8(ascii: " "))
            bytes.append(UInt8(ascii: " "))
        }
    }
}

/// A step of the path to a value: a member's name or an element's number.
struct JSONPathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init(index: Int) {
        stringValue = "\(index)"
        intValue = index
    }

    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}
