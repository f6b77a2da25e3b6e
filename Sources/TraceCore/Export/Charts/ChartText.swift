/// Text that fits into a chart. Where it does not, it is cut or broken into lines.
package enum ChartText {
    /// The font size of most text. Smaller text is hard to read on a phone.
    package static let size = 12.0
    /// The font size of the title.
    package static let titleSize = 15.0

    /// The width of a text, rather too large than too small: nobody knows which font a reader has, and fonts such as DejaVu
    /// Sans are wide.
    package static func width(_ text: String, size: Double = size, isBold: Bool = false) -> Double {
        TextExtent.width(text, size: size) * allowance(isBold)
    }

    private static func allowance(_ isBold: Bool) -> Double { isBold ? 1.3 : 1.2 }

    /// As much of a stranger's text as fits, escaped for display, or nothing.
    package static func cut(_ text: UntrustedText, size: Double = size, isBold: Bool = false, room: Double) -> String {
        let shown = TextExtent.cut(text, size: size, room: room / allowance(isBold))
        return width(shown, size: size, isBold: isBold) <= room ? shown : ""
    }

    /// As much of our own text as fits.
    static func cut(_ text: String, size: Double = size, room: Double) -> String {
        guard width(text, size: size) > room else { return text }
        var scalars = Array(text.unicodeScalars)
        var shown = ""
        repeat {
            scalars.removeLast(min(scalars.count, max(1, scalars.count / 16)))
            shown = ""
            shown.unicodeScalars.append(contentsOf: scalars)
            shown += "\u{2026}"
        } while !scalars.isEmpty && width(shown, size: size) > room
        return width(shown, size: size) <= room ? shown : ""
    }

    /// Parts of text in as few lines as fit, with a dot between parts on one line; a part is broken only where it is too long.
    static func lines(_ parts: [String], size: Double = size, room: Double) -> [String] {
        var lines: [String] = []
        for part in parts {
            if let last = lines.last, width(last + " \u{B7} " + part, size: size) <= room {
                lines[lines.count - 1] = last + " \u{B7} " + part
                continue
            }
            var line = ""
            for word in part.split(separator: " ") {
                let longer = line.isEmpty ? String(word) : line + " " + word
                if !line.isEmpty, width(longer, size: size) > room {
                    lines.append(cut(line, size: size, room: room))
                    line = String(word)
                } else {
                    line = longer
                }
            }
            lines.append(cut(line, size: size, room: room))
        }
        return lines
    }

    /// A time with its unit, in about three digits: `12.3 ms`.
    static func time(_ duration: Duration) -> String {
        let nanoseconds = duration.wholeNanoseconds.magnitude
        return switch nanoseconds {
        case 10_000_000_000...: duration.secondsText(decimals: 1) + " s"
        case 100_000_000...: duration.millisecondsText(decimals: 0) + " ms"
        case 10_000_000...: duration.millisecondsText(decimals: 1) + " ms"
        case 10_000...: duration.millisecondsText(decimals: 2) + " ms"
        case 0: "0 ms"
        default: duration.millisecondsText(decimals: 4) + " ms"
        }
    }

    /// A share of loss with its unit, or a dash where it is not known.
    static func percent(_ share: Double?) -> String {
        share.map { PingReport.Text.percent($0) + " %" } ?? "\u{2013}"
    }

    /// A number with the right form of a word: `1 probe`, `2 probes`.
    static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
