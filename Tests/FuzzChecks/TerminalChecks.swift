import TraceCore

/// Rules for everything that a program writes to a terminal, a pipe or a file of lines, with text from anyone: it is
/// UTF-8, and nothing in it moves the cursor, reorders, hides, rings or adds lines, except for its line ends.
///
/// - Parameter sequences: The final letters of the control sequences (`ESC [ … letter`) that the program itself
///   draws its screen with. One with ``HostileNames/mark`` among its numbers is none of its own.
public func checkTerminalText(_ bytes: [UInt8], sequences: Set<Character> = []) throws(Violation) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Violation("the output is not UTF-8") }
    var line = 1
    var marks = 0
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
        if scalar == "\n" {
            line += 1
        } else if scalar == "\u{1B}", let sequence = takeSequence(from: &rest), sequences.contains(sequence.final) {
            try require(
                !sequence.numbers.contains(HostileNames.mark), "line \(line): a control sequence of a stranger's")
        } else {
            marks = isMark(scalar) ? marks + 1 : 0
            try require(
                marks <= 4 && !isHarmful(scalar), "line \(line): U+\(String(scalar.value, radix: 16, uppercase: true))")
        }
    }
}

/// Takes what follows the escape character if it is a whole control sequence (ECMA-48 section 5.4).
private func takeSequence(
    from rest: inout Substring.UnicodeScalarView.SubSequence
) -> (numbers: String, final: Character)? {
    var left = rest
    guard left.popFirst() == "[" else { return nil }
    var numbers = ""
    while let scalar = left.popFirst() {
        switch scalar.value {
        case 0x20...0x3F: numbers.unicodeScalars.append(scalar)
        case 0x40...0x7E:
            rest = left
            return (numbers, Character(scalar))
        default: return nil
        }
    }
    return nil
}

/// Written here instead of taken from the library, which would otherwise judge itself.
private func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0xA0, 0xAD: true
    case 0x20...0x7E: false
    // Joiners, fillers and selectors that show nothing; the bidi controls and separators; tags.
    case 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x2028...0x202F,
        0x205F...0x206F, 0x2800, 0x3000, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xE0000...0xE0FFF:
        true
    // Private use, where the bytes that are not UTF-8 are kept too.
    case 0xE000...0xF8FF, 0xF0000...0x10FFFF: true
    default:
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: true
        default: false
        }
    }
}

private func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
}
