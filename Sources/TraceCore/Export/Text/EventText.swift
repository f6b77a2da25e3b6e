/// Turns the events of a run into lines for people, as they come.
///
/// The same events always give the same lines, so a recorded run reads as the live one did.
public protocol EventText: Sendable {
    /// Takes in the next event; returns the lines that can be shown now, without line ends.
    mutating func apply(_ event: ProbeEvent) -> [String]
}

extension EventText {
    /// All lines of a recorded run.
    public static func lines(of events: some Sequence<ProbeEvent>, startingWith text: Self) -> [String] {
        var text = text
        return events.flatMap { text.apply($0) }
    }
}

extension ProbeError {
    /// The message and the remedy without anything that could write to a terminal: a recorded run may have been
    /// written by a stranger.
    var harmlessText: String { UntrustedText(description).escaped }
}

extension RunEnd {
    /// Why the run is not what was asked for, as a line for people; nil if it is.
    public var remark: String? { TraceText.remark(on: self) }
}
