/// Builds a report from a run's events, one at a time.
///
/// A fold reads nothing but events, so it cannot tell a live run from a recorded one.
public protocol EventFold: Sendable {
    /// What the fold builds.
    associatedtype Report: Sendable

    /// A fold that has seen nothing.
    init()

    /// Takes in the next event.
    mutating func apply(_ event: ProbeEvent)

    /// The report of what has been seen so far, or nil before the run's first event.
    func report() -> Report?
}

extension EventFold {
    /// The report of a recorded run.
    ///
    /// - Throws: `badInput` if the events do not begin with the start of a run.
    @inlinable public static func replay(_ events: some Sequence<ProbeEvent>) throws(ProbeError) -> Report {
        var fold = Self()
        for event in events { fold.apply(event) }
        guard let report = fold.report() else {
            throw ProbeError(
                .badInput, "The event log holds no run: no event in it is a \"started\"",
                remedy: "Record one with --ndjson")
        }
        return report
    }
}
