extension ChangeReport.Change {
    /// The change as one line: its time, its place, and the values before and after.
    public var text: String { "\(at.secondText) \(sentence)" }

    /// What happened, without the time.
    public var sentence: String {
        switch what {
        case .routers(let before, let after):
            "hop \(hop): \(Self.list(before)) → \(Self.list(after))"
        case .hopCount(let before, let after):
            "the target is \(Self.list(after)) hops away, not \(Self.list(before))"
        case .slower(let before, let after):
            "slower from hop \(hop) on: \(Self.text(before)) → \(Self.text(after)) there"
        case .faster(let before, let after):
            "faster from hop \(hop) on: \(Self.text(before)) → \(Self.text(after)) there"
        case .aboveLimit(let limit, let after):
            "above the limit of \(Self.text(limit)) from hop \(hop) on: \(Self.text(after)) there"
        case .withinLimit(let limit, let after):
            "within the limit of \(Self.text(limit)) again: \(Self.text(after))"
        case .moreLoss(let before, let after):
            "more loss at the target: \(Self.percent(before)) → \(Self.percent(after))"
        case .lessLoss(let before, let after):
            "less loss at the target: \(Self.percent(before)) → \(Self.percent(after))"
        case .targetLost(let error?):
            "nothing can be sent to the target any longer: \(UntrustedText(error.message).escaped)"
        case .targetLost: "the target does not answer any longer"
        case .targetBack(let outage):
            "the target answers again, after \(outage.secondsText(decimals: 1)) s"
        }
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.isEmpty ? "nobody" : values.map(\.description).joined(separator: ", ")
    }

    private static func text(_ time: Duration) -> String { "\(time.millisecondsText(decimals: 1)) ms" }

    private static func percent(_ share: Double) -> String { "\(Int((min(max(share, 0), 100) * 10 + 0.5))  / 10) %" }
}
