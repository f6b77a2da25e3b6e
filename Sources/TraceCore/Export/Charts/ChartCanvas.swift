/// Writes the elements of a chart, and the picture around them.
///
/// Every text goes through one function that escapes it for markup. What a stranger wrote is an `UntrustedText`, and has to be
/// cut to the room there is before it comes here.
package struct ChartCanvas {
    /// The end of a text that is at its place.
    package enum Anchor: String {
        case start, middle, end
    }

    /// The narrowest picture that can be read, and the widest that is drawn.
    static let widths = 280...10_000
    /// The empty rim on all sides.
    package static let margin = 12.0

    /// The width of the picture.
    package let width: Double
    private var elements = ""

    /// A canvas of this width, or of the nearest that is possible.
    package init(width: Int) {
        self.width = Double(min(max(width, Self.widths.lowerBound), Self.widths.upperBound))
    }

    /// The room between the margins.
    package var room: Double { width - 2 * Self.margin }
    /// The end of the room.
    package var right: Double { width - Self.margin }
    /// Whether the picture is as narrow as a phone.
    package var isNarrow: Bool { width < 560 }

    /// Adds a text that is escaped for display.
    package mutating func text(
        _ text: String, at place: SIMD2<Double>, size: Double = ChartText.size, anchor: Anchor = .start,
        classes: String = ""
    ) {
        guard !text.isEmpty else { return }
        let anchoring = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        let style = classes.isEmpty ? "" : " class=\"\(classes)\""
        elements +=
            "<text\(style) x=\"\(PathData.number(place.x))\" y=\"\(PathData.number(place.y))\" "
            + "font-size=\"\(PathData.number(size))\"\(anchoring)>\(text.markup)</text>\n"
    }

    /// Adds a path, unless it is of nothing.
    package mutating func path(_ path: PathData, classes: String) {
        guard !path.text.isEmpty else { return }
        elements += "<path class=\"\(classes)\" d=\"\(path.text)\"/>\n"
    }

    /// The picture, with the same figures as text for those who cannot see it.
    ///
    /// - Parameters:
    ///   - height: The height that the elements need.
    ///   - title: What the picture is of, escaped for display.
    ///   - figures: The figures, escaped for display, one line each.
    package func document(height: Double, title: String, figures: [String]) -> String {
        let size = "width=\"\(PathData.number(width))\" height=\"\(PathData.number(height))\""
        let view = "\(PathData.number(width)) \(PathData.number(height))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(view)" role="img" class="tracechart">
            <title>\(title.markup)</title>
            <desc>\(figures.map(\.markup).joined(separator: "\n"))</desc>
            <style>
            \(ChartStyle.css)</style>
            <rect class="paper" \(size)/>
            \(elements)</svg>

            """
    }
}
