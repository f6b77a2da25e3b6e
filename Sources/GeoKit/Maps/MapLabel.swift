/// A label with its place.
struct MapLabel {
    /// Which part of the text is at its place. It is the one beside the marker, because fonts differ in width.
    enum Anchor: String {
        case start, middle, end
    }

    let site: Int
    /// What the label says, escaped for display.
    let wording: Wording
    let box: MapBox
    let anchor: Anchor
    /// The thin line from the marker to the label, if the label is not beside it.
    let leader: MapStroke?

    /// What a label says.
    struct Wording {
        /// The name of the place, or the number by which the legend has it.
        let text: String
        /// The round trip.
        var note = ""
        /// Whether the legend says what the number means.
        var isNumber = false

        /// The font size of the text at a scale.
        func fontSize(_ scale: MapScale) -> Double { isNumber ? scale.noteSize : scale.fontSize }

        /// The room that it needs at a scale.
        func size(_ scale: MapScale) -> SIMD2<Double> {
            let textSize = fontSize(scale)
            let width = MapText.width(text, size: textSize, isBold: true)
            guard !note.isEmpty else { return [width, textSize * 1.12] }
            return [width + scale.fontSize * 0.4 + MapText.width(note, size: scale.noteSize), textSize * 1.12]
        }
    }

    /// Whether both can be in one picture.
    func isApart(from other: MapLabel, by gap: Double) -> Bool {
        if other.box.grown(gap).overlaps(box) { return false }
        if let leader, other.box.grown(gap / 2).meets(leader) { return false }
        guard let line = other.leader else { return true }
        if box.grown(gap / 2).meets(line) { return false }
        return leader.map { !$0.crosses(line) } ?? true
    }
}
