public import TraceCore

/// What people are told of the events of a run that lack its beginning or its end.
public enum IncompleteRun {
    /// The error of events that no run begins.
    public static var noBeginning: ProbeError {
        ProbeError(
            .badInput, "There is no run to report: the events hold no \"started\"",
            remedy: "Record a run with --ndjson")
    }

    /// Says on standard error that the run has no end.
    public static func warnOfMissingEnd() {
        Output.error.print("\(programName): the recording stops before the run ended: the rest is missing")
    }
}
