/// A signal that a program reacts to.
public enum Signal: Int32, Sendable, Hashable, CaseIterable {
    /// Ctrl-C: the person wants an end, and the summary.
    case interrupt = 2
    /// Ctrl-\: ping prints a summary on the way.
    case quit = 3
    /// The system wants an end.
    case terminate = 15
    /// The terminal has another size.
    case resize = 28

    /// Whether the program is asked to end.
    public var isRequestToEnd: Bool { self == .interrupt || self == .terminate }
}
