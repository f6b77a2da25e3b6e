extension Unicode.Scalar {
    /// Whether printing this scalar could do more than show one visible character: move the cursor,
    /// reorder its neighbours, hide, or look like a plain space.
    ///
    /// Controls, formats (the bidi controls, the tags, the byte order mark), line separators, private use
    /// and unassigned scalars all count; so do the "default ignorable" ones, which hide among letters and
    /// marks (the Hangul fillers, the variation selectors), and every space but U+0020.
    @inlinable var isHazardous: Bool {
        if value < 0x7F { return value < 0x20 }
        // DEL, the C1 controls and the no-break space; the rest of Latin-1 prints, save the soft hyphen.
        if value < 0x100 { return value <= 0xA0 || value == 0xAD }
        return isHazardousBeyondLatin1
    }

    // Kept out of the inlined test: the property look-ups are a table search each.
    @usableFromInline var isHazardousBeyondLatin1: Bool {
        // The blank of Braille is a symbol by its category, and a space to the eye.
        if value == 0x2800 { return true }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            true
        default:
            properties.isDefaultIgnorableCodePoint
        }
    }
}

/// Counts the marks (accents and the like) that text piles up on a character.
struct MarkCount {
    /// No language puts more of them on one letter; what is piled higher reaches into the lines around.
    private static let most = 4

    /// As if the text came after too many of them: a mark with nothing before it would sit on whatever was printed last.
    private var inARow = most

    /// Whether the next scalar of the text is a mark too many.
    mutating func isTooMuch(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isMark else {
            inARow = 0
            return false
        }
        inARow += 1
        return inARow > Self.most
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        guard value >= 0x300 else { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
