/// The widths on the screen for which a picture has layers.
///
/// One picture serves screens of all sizes. Its shapes stay the same; text, markers and lines are there in three sizes,
/// and the style sheet shows one of them.
enum MapScale: String, CaseIterable {
    /// Up to 560 pixels: little text, in large type.
    case small
    /// In between, and where style sheets are not supported.
    case medium
    /// From 1,100 pixels: more text, in small type.
    case large

    /// The factor by which things are larger than in the large layer.
    var factor: Double {
        switch self {
        case .small: 2.45
        case .medium: 1.4
        case .large: 1
        }
    }

    /// The font size of labels.
    var fontSize: Double { 11.5 * factor }
    /// The font size of notes beside labels.
    var noteSize: Double { self == .small ? 9.4 * factor : 9.8 * factor }
    /// The font size of route names in the legend.
    var nameSize: Double { self == .small ? 26 : self == .medium ? 17.5 : 14 }
    /// The font size of other text in the legend.
    var remarkSize: Double { self == .small ? 23 : self == .medium ? 14.5 : 12 }
    /// The font size of the title.
    var titleSize: Double { self == .small ? 33 : self == .medium ? 26 : 21 }
    /// Half the width of a marker.
    var radius: Double { self == .small ? 6.6 : self == .medium ? 5 : 4 }
    /// The width of the line of a route.
    var stroke: Double { self == .small ? 4.6 : 2 * factor }
    /// The maximum width of a label, in terminal columns.
    var labelColumns: Int { self == .small ? 16 : 26 }
}
