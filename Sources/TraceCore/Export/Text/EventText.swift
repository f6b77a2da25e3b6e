/// Turns the events of a run into lines of text as they come.
///
/// The same events always give the same lines, so a recorded run gives the lines of the live one.
public protocol EventText: Sendable {
    /// Takes in the next event; returns the lines that can be shown now, without line ends.
    mutating func apply(_ event: ProbeEvent) -> [String]
}

extension EventText {
    /// All lines of a recorded run.
    public func lines(of events: some Sequence<ProbeEvent>) -> [String] {
        var text = self
        return events.flatMap { text.apply($0) }
    }
}

extension ProbeError {
    /// The message and the remedy with everything escaped that could write to a terminal: a recorded run may come from
    /// anyone.
    var harmlessText: String { UntrustedText(description).escaped }
}

extension RunEnd {
    /// Why the run did not do what was asked, as one line; nil if it did.
    public var remark: String? { TraceReport.Text.remark(on: self) }
}
