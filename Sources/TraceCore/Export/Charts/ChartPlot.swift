/// The part of a picture in which round trips are drawn over time, with its axes.
struct ChartPlot {
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    /// The times at the left and at the right end.
    let start: Int64
    let end: Int64
    let scale: Scale
    /// When the time at the left end is 0, where times are told by the clock.
    let clock: UTCTime?

    var right: Double { left + width }
    var bottom: Double { top + height }

    /// A part of a picture with a scale for round trips up to the longest of those that matter.
    init(
        left: Double, top: Double, width: Double, height: Double, start: Int64, end: Int64, scale: Scale,
        clock: UTCTime? = nil
    ) {
        self.clock = clock
        self.left = left
        self.top = top
        self.width = max(1, width)
        self.height = max(1, height)
        self.start = max(0, start)
        self.end = max(self.start + 1, min(end, .max - 1))
        self.scale = scale
    }

    /// The round trips at the bottom and at the top, in nanoseconds.
    struct Scale {
        let base: Double
        let limit: Double

        /// A scale without a round trip.
        static let unknown = Scale(shortest: 0, usual: 1_000_000, longest: 1_000_000)

        /// A scale on which one very long round trip does not flatten all the others, and equal ones do not stick to the top.
        ///
        /// - Parameters:
        ///   - shortest: The shortest round trip.
        ///   - usual: What most do not exceed.
        ///   - longest: The longest round trip, which need not fit.
        init(shortest: Double, usual: Double, longest: Double) {
            let fits = usual > 0 && longest > usual * 3 ? usual * 2 : longest
            // Points need no zero. But a scale so fine that every jitter looks like an alp would mislead.
            let spread = max((fits - shortest) * 1.2, fits * 0.12)
            base = spread < fits / 2 ? max(0, fits - spread) : 0
            // Some room above the longest. Without any time there is still a scale.
            limit = base + max(1000, (fits - base) * 1.08)
        }
    }

    /// The place of a time, no farther than the edge.
    func x(_ time: Duration) -> Double { x(time.wholeNanoseconds) }

    func x(_ nanoseconds: Int64) -> Double {
        let share = (Double(nanoseconds) - Double(start)) / (Double(end) - Double(start))
        return left + min(1, max(0, share)) * width
    }

    /// The place of a round trip, no farther than the edge.
    func y(_ roundTrip: Duration) -> Double { y(Double(roundTrip.sampleNanoseconds)) }

    func y(_ nanoseconds: Double) -> Double {
        bottom - min(1, max(0, (nanoseconds - scale.base) / (scale.limit - scale.base))) * height
    }

    /// Whether a round trip is too long for the scale.
    func isBeyond(_ roundTrip: Duration) -> Bool { Double(roundTrip.sampleNanoseconds) > scale.limit }

    private var latencyTicks: [ChartTicks.Tick] { Self.latencyTicks(scale, height: height) }

    private static func latencyTicks(_ scale: Scale, height: Double) -> [ChartTicks.Tick] {
        ChartTicks.latency(
            from: Int64(scale.base), upTo: Int64(scale.limit), count: max(2, Int(height / 36)))
    }

    /// The room that the labels of such a scale need on the left.
    static func labelRoom(_ scale: Scale, height: Double) -> Double {
        (latencyTicks(scale, height: height).map { ChartText.width($0.label) }.max() ?? 0) + 8
    }

    /// The room that the labels of the times need below.
    static let timeRoom = 20.0

    /// Lines and labels of the round trips.
    func drawLatencyAxis(on canvas: inout ChartCanvas) {
        var lines = PathData()
        for tick in latencyTicks {
            let y = y(Double(tick.nanoseconds))
            if y < bottom { lines.add([[left, y], [right, y]]) }
            canvas.text(tick.label, at: [left - 6, y + 4], anchor: .end, classes: "soft")
        }
        canvas.path(lines, classes: "grid")
    }

    /// Lines from the top of the plot down to a height, and the labels of the times below.
    func drawTimeAxis(on canvas: inout ChartCanvas, downTo foot: Double, within page: ClosedRange<Double>) {
        let count = max(2, Int(width / 80))
        let ticks =
            clock.map { ChartTicks.clock(since: $0, from: start, to: end, count: count) }
            ?? ChartTicks.time(from: start, to: end, count: count)
        var lines = PathData()
        var taken = page.lowerBound
        for tick in ticks {
            let x = x(tick.nanoseconds)
            lines.add([[x, top], [x, foot]])
            let half = ChartText.width(tick.label) / 2
            // A label at an end moves inwards, and one without room is left out.
            let middle = min(x, page.upperBound - half)
            guard middle - half >= taken else { continue }
            canvas.text(tick.label, at: [middle, foot + 15], anchor: .middle, classes: "soft")
            taken = middle + half + 6
        }
        canvas.path(lines, classes: "grid")
        var frame = PathData()
        frame.add([[left, bottom], [right, bottom]])
        canvas.path(frame, classes: "axis")
    }
}
