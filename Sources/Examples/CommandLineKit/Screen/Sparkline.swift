/// Round trips as a line of bars.
enum Sparkline {
    /// From short to long.
    static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// A probe without an answer.
    static let lost: Character = "x"
    /// A probe that could not be sent.
    static let failed: Character = "!"
    /// A probe that is out.
    static let out: Character = "."

    /// The bar for a value between a least and a greatest one.
    static func bar(_ value: Double, from least: Double, to greatest: Double) -> Character {
        guard greatest > least else { return bars[0] }
        let share = (value - least) / (greatest - least)
        return bars[min(max(Int(share * Double(bars.count)), 0), bars.count - 1)]
    }
}
