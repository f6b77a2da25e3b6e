/// Makes keys of the bytes that a terminal sends for them.
///
/// A terminal sends one byte for most keys, UTF-8 for letters beyond ASCII, and a sequence that begins with the
/// byte of the escape key for all others; what it does not know it passes over whole.
struct KeyParser {
    /// Longer than any sequence of a key.
    private static let longestSequence = 32

    private var pending: [UInt8] = []

    /// Whether bytes are held back because more of their sequence may come, or nothing but an escape key.
    var isWaiting: Bool { !pending.isEmpty }

    /// The keys that are complete with these bytes.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        return parse(isComplete: false)
    }

    /// The keys that the bytes held back stand for if nothing follows them.
    mutating func finish() -> [Key] { parse(isComplete: true) }

    private mutating func parse(isComplete: Bool) -> [Key] {
        var keys: [Key] = []
        while let first = pending.first {
            let (key, length): (Key?, Int)
            switch first {
            case 0x1B: (key, length) = escape(isComplete: isComplete)
            case 0x80...: (key, length) = letter(isComplete: isComplete)
            default: (key, length) = (Self.key(of: first), 1)
            }
            if length == 0 { break }
            pending.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    private static func key(of byte: UInt8) -> Key? {
        switch byte {
        case 0x0A, 0x0D: .enter
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20..<0x7F: .character(Character(Unicode.Scalar(byte)))
        default: nil
        }
    }

    /// A letter in UTF-8; a length of 0 says that more has to come.
    private func letter(isComplete: Bool) -> (Key?, Int) {
        let length = pending[0] >= 0xF0 ? 4 : pending[0] >= 0xE0 ? 3 : pending[0] >= 0xC0 ? 2 : 1
        guard pending.count >= length else { return (nil, isComplete ? pending.count : 0) }
        guard let text = String(validating: pending.prefix(length), as: UTF8.self), let letter = text.first else {
            return (nil, 1)
        }
        return (.character(letter), length)
    }

    /// The escape key, or a sequence; a length of 0 says that more has to come.
    private func escape(isComplete: Bool) -> (Key?, Int) {
        guard pending.count > 1 else { return isComplete ? (.escape, 1) : (nil, 0) }
        switch pending[1] {
        case UInt8(ascii: "["): return controlSequence(isComplete: isComplete)
        case UInt8(ascii: "O"):
            guard pending.count > 2 else { return isComplete ? (nil, 2) : (nil, 0) }
            // The keypad's Enter, and else what follows `ESC [` too.
            return (pending[2] == UInt8(ascii: "M") ? .enter : Self.key(final: pending[2], parameter: nil), 3)
        // Another key right behind: the escape key was pressed, or Alt held; neither of which has a meaning of its own.
        default: return (.escape, 1)
        }
    }

    /// `ESC [`, parameters, a final byte (ECMA-48, 5.4).
    private func controlSequence(isComplete: Bool) -> (Key?, Int) {
        let body = pending.dropFirst(2)
        guard let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
            let isEndless = pending.count > Self.longestSequence
            return (nil, isComplete || isEndless ? pending.count : 0)
        }
        // A byte that ends no sequence belongs to the next key.
        guard (0x40...0x7E).contains(pending[end]) else { return (nil, end) }
        let digits = body[..<end].prefix { (0x30...0x39).contains($0) }
        return (Self.key(final: pending[end], parameter: Int(String(decoding: digits, as: UTF8.self))), end + 1)
    }

    private static func key(final: UInt8, parameter: Int?) -> Key? {
        switch (final, parameter) {
        case (UInt8(ascii: "A"), _): .up
        case (UInt8(ascii: "B"), _): .down
        case (UInt8(ascii: "C"), _): .right
        case (UInt8(ascii: "D"), _): .left
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), 1), (UInt8(ascii: "~"), 7): .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), 4), (UInt8(ascii: "~"), 8): .end
        case (UInt8(ascii: "~"), 2): .insert
        case (UInt8(ascii: "~"), 3): .delete
        case (UInt8(ascii: "~"), 5): .pageUp
        case (UInt8(ascii: "~"), 6): .pageDown
        default: nil
        }
    }
}

/// A key that a person pressed.
enum Key: Sendable, Hashable {
    /// A key that writes something.
    case character(Character)
    /// A letter with the control key held, as a lower-case letter.
    case control(Character)
    case enter, escape, backspace, tab
    case up, down, left, right, pageUp, pageDown, home, end, insert, delete
}
