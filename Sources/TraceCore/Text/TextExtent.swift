/// Estimates the width of text without its font.
package enum TextExtent {
    /// The width of a text at a font size, for a common sans-serif font. It is rather too large than too small.
    package static func width(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + Self.width($1) } * size
    }

    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "|", "'", ".", ",", ":", ";", "!", " ", "f", "t", "r", "(", ")", "[", "]", "/": 0.34
        case "m", "w", "M", "W", "@", "%", "\u{2014}": 0.92
        case "A"..."Z": 0.7
        default: scalar.value < 0x250 ? 0.58 : scalar.columns == 2 ? 1.02 : Double(scalar.columns) * 0.62
        }
    }

    /// As much of a text as fits, escaped for display.
    package static func cut(_ text: UntrustedText, size: Double, room: Double) -> String {
        var columns = 120
        var shown = text.escaped(columns: columns)
        while width(shown, size: size) > room, columns > 4 {
            columns -= max(1, columns / 16)
            shown = text.escaped(columns: columns)
        }
        return shown
    }
}
