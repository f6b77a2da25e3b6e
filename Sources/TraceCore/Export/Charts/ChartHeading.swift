/// The head of a chart: what it is of, and the figures that matter most.
struct ChartHeading {
    /// What the picture is of, escaped for display.
    let title: String
    private let whole: UntrustedText
    /// What is shown where there is no room for the address in the title.
    private let short: (title: UntrustedText, address: IPAddress)?
    private let facts: [String]

    /// - Parameters:
    ///   - what: What was done, such as `Ping of`.
    ///   - run: The run that is drawn.
    ///   - facts: What is said below, escaped for display. The way of asking and the time of the start follow, if known.
    init(_ what: String, _ run: RunDescription, facts: [String]) {
        var text = what
        if let target = run.target {
            text += " " + target.text
            short = target.name == nil ? nil : (UntrustedText(text), target.address)
            if target.name != nil { text += " (\(target.address))" }
        } else {
            short = nil
        }
        whole = UntrustedText(text)
        title = whole.description
        let method = run.method.map { "by \(UntrustedText($0.rawValue))" }
        self.facts = facts + [method, run.startText.map { "begun \($0)" }].compactMap { $0 }
    }

    /// The lines of the figures.
    var figures: [String] { [facts.joined(separator: ", ") + "."] }

    /// Draws the head at the top of a picture, and returns where it ends.
    func draw(on canvas: inout ChartCanvas) -> Double {
        let size = ChartText.titleSize
        var (shown, facts) = (whole, facts)
        if let short, ChartText.width(whole.description, size: size, isBold: true) > canvas.room {
            shown = short.title
            facts.insert("\(short.address)", at: 0)
        }
        let title = ChartText.cut(shown, size: size, isBold: true, room: canvas.room)
        canvas.text(title, at: [ChartCanvas.margin, 26], size: size, classes: "title")
        var y = 45.0
        for line in ChartText.lines(facts, room: canvas.room) {
            canvas.text(line, at: [ChartCanvas.margin, y], classes: "soft")
            y += 16
        }
        return y
    }
}
