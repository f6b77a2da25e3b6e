import TraceCore

/// For which width on the screen a layer of a picture is made.
///
/// One picture serves from a telephone to a wall: its shapes stay, and texts, markers and strokes come in three
/// sizes, of which its style shows one.
enum MapScale: String, CaseIterable {
    /// Up to 560 pixels: few and large.
    case small
    /// In between, and where no style is understood.
    case medium
    /// From 1,100 pixels on: many and fine.
    case large

    /// How much larger than in the large layer things are.
    var factor: Double {
        switch self {
        case .small: 2.45
        case .medium: 1.4
        case .large: 1
        }
    }

    /// The size of a label's text.
    var fontSize: Double { 11.5 * factor }
    /// The size of what is said beside it.
    var noteSize: Double { self == .small ? 9.4 * factor : 9.8 * factor }
    /// The size of a route's name in the legend.
    var nameSize: Double { self == .small ? 25.5 : self == .medium ? 17.5 : 14 }
    /// The size of what the legend says of a route.
    var remarkSize: Double { self == .small ? 21 : self == .medium ? 14.5 : 12 }
    /// The size of the title.
    var titleSize: Double { self == .small ? 33 : self == .medium ? 26 : 21 }
    /// Half the width of a marker.
    var radius: Double { 4 * factor }
    /// How thick a route is.
    var stroke: Double { self == .small ? 4.6 : 2 * factor }
    /// The widest label, in columns of a terminal.
    var labelColumns: Int { self == .small ? 16 : 26 }
}

/// How wide text is, as far as one can know without its font.
enum MapTextSize {
    /// The width of a text at a size; that of a common sans-serif, rather a little more than less.
    static func width(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + Self.width($1) } * size
    }

    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "|", "'", ".", ",", ":", ";", "!", " ", "f", "t", "r", "(", ")", "[", "]", "/": 0.34
        case "m", "w", "M", "W", "@", "%", "\u{2014}": 0.92
        case "A"..."Z": 0.7
        default: scalar.value < 0x250 ? 0.58 : Double(scalar.columns) * (scalar.columns == 2 ? 1.02 : 0.62)
        }
    }

    /// As much of a text as fits, in its escaped form.
    static func cut(_ text: UntrustedText, size: Double, room: Double) -> String {
        var columns = 120
        var shown = text.escaped(columns: columns)
        while width(shown, size: size) > room, columns > 4 {
            columns -= max(1, columns / 16)
            shown = text.escaped(columns: columns)
        }
        return shown
    }
}
