/// What the marks of a chart mean: samples with words, in as many lines as they need.
struct ChartLegend {
    /// A sample.
    enum Sample {
        case mark(ChartMark)
        /// A line of a class.
        case line(String)
        /// Areas on top of each other, each of a class, with its share of the height.
        case areas([(classes: String, height: Double)])
        /// The mark of a median on a bar.
        case median
        /// Nothing: words alone.
        case none
    }

    private static let lineHeight = 18.0
    private static let sampleWidth = 20.0
    private var items: [(sample: Sample, text: String)] = []

    mutating func add(_ sample: Sample, _ text: String) { items.append((sample, text)) }

    /// Says where the scale of round trips begins, unless it is at 0.
    mutating func note(_ scale: ChartPlot.Scale) {
        guard scale.base > 0 else { return }
        add(.none, "the scale begins at \(ChartText.time(.nanoseconds(Int64(scale.base))))")
    }

    /// Draws the legend from a height on, and returns where it ends.
    func draw(on canvas: inout ChartCanvas, top: Double) -> Double {
        var x = ChartCanvas.margin
        var y = top + Self.lineHeight / 2
        for item in items {
            let indent = if case .none = item.sample { 0.0 } else { Self.sampleWidth + 6 }
            let text = ChartText.cut(item.text, room: canvas.room - indent)
            let width = indent + ChartText.width(text)
            if x > ChartCanvas.margin, x + width > canvas.right {
                x = ChartCanvas.margin
                y += Self.lineHeight
            }
            draw(item.sample, on: &canvas, at: [x, y])
            canvas.text(text, at: [x + indent, y + 4], classes: "soft")
            x += width + 10
        }
        return items.isEmpty ? top : y + Self.lineHeight / 2
    }

    private func draw(_ sample: Sample, on canvas: inout ChartCanvas, at place: SIMD2<Double>) {
        let end = place + [Self.sampleWidth, 0]
        switch sample {
        case .mark(let mark):
            var marks = ChartMarks()
            marks.add(mark, at: place + [Self.sampleWidth / 2, mark == .arrow ? -3.5 : 0])
            marks.draw(on: &canvas)
        case .line(let classes):
            var path = PathData()
            path.add([place, end])
            canvas.path(path, classes: classes)
        case .areas(let areas):
            for area in areas {
                var path = PathData()
                path.add(box: place + [0, 6 - 12 * area.height], to: end + [0, 6])
                canvas.path(path, classes: area.classes)
            }
        case .median:
            var path = PathData()
            path.add([place + [Self.sampleWidth / 2, -6], place + [Self.sampleWidth / 2, 6]])
            canvas.path(path, classes: "median")
        case .none: break
        }
    }
}

/// The bar of a hop: a thin line for all round trips, a thick bar for most, and a mark for the median.
struct ChartBar {
    let low: Double
    let high: Double
    let shortest: Double
    let longest: Double
    let median: Double

    func draw(on canvas: inout ChartCanvas, middle: Double) {
        var whisker = PathData()
        whisker.add([[shortest, middle], [longest, middle]])
        for end in [shortest, longest] { whisker.add([[end, middle - 3], [end, middle + 3]]) }
        canvas.path(whisker, classes: "whisker")
        var bar = PathData()
        // A bar of one value would not be seen.
        bar.add(box: [min(low, median - 1), middle - 5], to: [max(high, median + 1), middle + 5])
        canvas.path(bar, classes: "narrow")
        var mark = PathData()
        mark.add([[median, middle - 7], [median, middle + 7]])
        canvas.path(mark, classes: "median")
    }
}
