extension Unicode.Scalar {
    /// Whether printing the scalar shows one visible character, or a mark upon one, and does nothing else.
    package var isHarmless: Bool { !isHazardous }

    /// How many columns of a terminal the scalar takes: 0 for a mark upon the one before, 2 for a wide one.
    ///
    /// Wide is what UAX 11 calls wide or full-width. Terminals do not agree on all of them, so a table
    /// should set the cursor again after anything but ASCII.
    package var columns: Int {
        if value < 0x300 { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        // The vowels and final consonants that join the wide letter before them to one syllable.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        return isWide ? 2 : 1
    }

    private var isWide: Bool {
        if value < 0x1100 { return false }
        if Self.wideRanges.contains(where: { $0.contains(value) }) { return true }
        // The letters that make flags are emoji too, but narrow each.
        return properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF).contains(value)
    }

    /// The wide scalars that are no emoji, with the gaps in which nothing else is assigned.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // leading consonants of Hangul
        0x2329...0x232A,  // angle brackets
        0x2E80...0x303E,  // radicals, ideographic punctuation
        0x3041...0x3247,  // Hiragana, Katakana, Bopomofo, Hangul letters
        0x3250...0x4DBF,  // enclosed letters, squared words, ideographs
        0x4E00...0xA4C6,  // ideographs, Yi
        0xA960...0xA97C,  // more leading consonants
        0xAC00...0xD7A3,  // syllables of Hangul
        0xF900...0xFAD9,  // compatibility ideographs
        0xFE10...0xFE19, 0xFE30...0xFE6B,  // vertical and small forms
        0xFF01...0xFF60, 0xFFE0...0xFFE6,  // full-width forms
        0x16FE0...0x1B2FB,  // Tangut, Khitan, Kana and Nushu
        0x1F200...0x1F265,  // squared ideographs
        0x20000...0x3FFFD,  // more ideographs, and the room for them
    ]
}

extension StringProtocol {
    /// How many columns of a terminal the text takes, none of whose characters moves the cursor.
    package var columns: Int {
        // Printable ASCII, as nearly all there is.
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return unicodeScalars.reduce(0) { $0 + $1.columns }
    }
}
