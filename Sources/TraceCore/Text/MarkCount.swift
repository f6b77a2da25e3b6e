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
