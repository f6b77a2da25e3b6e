import TraceCore

/// How wide text is. Nobody knows which font a reader has, so text is measured as the widest of those in the style sheet.
enum MapText {
    /// The width of a text, rather too large than too small: text that is wider than thought leaves the picture.
    static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
        text.unicodeScalars.reduce(0) { $0 + width($1) } * size * (isBold ? 1.18 : 1)
    }

    /// The width of a sign in DejaVu Sans at size 1. Its bold signs are up to 1.18 times as wide.
    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "'", "i", "j", "l", "I", "J": 0.32
        case " ", ",", ".", "/", ":", ";", "\\", "|", "\u{B7}": 0.34
        case "f", "-", "(", ")", "[", "]", "t", "!", "r": 0.42
        case "\"", "*", "_", "`", "s", "z", "?", "c", "\u{2013}": 0.55
        case "A", "B", "C", "K", "R", "V", "X", "Z": 0.7
        case "D", "G", "H", "N", "O", "Q", "U", "&", "\u{C0}"..."\u{DF}": 0.8
        case "w", "M", "#", "+", "<", "=", ">", "^", "~", "\u{2192}": 0.87
        case "m", "%", "@", "W", "\u{E6}", "\u{2026}": 1
        case "\u{20}"..."\u{7E}", "\u{E0}"..."\u{FF}": 0.65
        // Other scripts are as wide as most of their signs are; two columns are a square.
        default: scalar.columns == 2 ? 1.02 : Double(scalar.columns) * 0.95
        }
    }

    /// As much of a text as fits, escaped for display, or nothing.
    static func cut(_ text: UntrustedText, size: Double, room: Double, isBold: Bool = false) -> String {
        var columns = 120
        var shown = text.escaped(columns: columns)
        while width(shown, size: size, isBold: isBold) > room, columns > 0 {
            columns -= max(1, columns / 16)
            shown = text.escaped(columns: columns)
        }
        return shown
    }

    /// A list as running text in a limited number of lines, ending with how many items are left out.
    ///
    /// An item is not broken. One that is longer than a line is cut.
    static func lines(
        _ items: [UntrustedText], opening: String = "", separator: String, size: Double, room: Double, limit: Int
    ) -> [String] {
        func fits(_ words: [String]) -> Bool { width(words.joined(separator: " "), size: size) <= room }
        var lines = [opening.isEmpty ? [] : [opening]]
        for (index, item) in items.enumerated() {
            let ending = index == items.count - 1 ? "" : separator
            let taken = width(index == 0 ? opening + " " + ending : ending, size: size)
            let word = cut(item, size: size, room: room - taken) + ending
            if index == 0 || fits(lines[lines.count - 1] + [word]) {
                lines[lines.count - 1].append(word)
            } else {
                lines.append([word])
            }
        }
        var more = lines.dropFirst(limit).reduce(0) { $0 + $1.count }
        guard more > 0 else { return lines.map { $0.joined(separator: " ") } }
        lines.removeLast(lines.count - limit)
        var last = lines.removeLast()
        while !fits(last + ["and \(more) more"]), !last.isEmpty, last != [opening] {
            last.removeLast()
            more += 1
        }
        return (lines + [last + ["and \(more) more"]]).map { $0.joined(separator: " ") }
    }

    /// A round trip as text, to what can be told apart on a map: `12.3 ms`, `287 ms`.
    static func time(_ rtt: Duration) -> String {
        rtt.millisecondsText(decimals: rtt.inMilliseconds < 100 ? 1 : 0) + " ms"
    }
}
