/// A signal that a program reacts to, by its number on Linux.
public enum Signal: Int32, Sendable, Hashable, CaseIterable {
    /// The terminal is gone.
    case hangUp = 1
    /// Ctrl-C: the person wants an end, and the summary.
    case interrupt = 2
    /// Ctrl-\: ping prints a summary on the way.
    case quit = 3
    /// The system wants an end.
    case terminate = 15
    /// The program goes on after it was stopped.
    case resume = 18
    /// Ctrl-Z: the person wants the shell back for a while.
    case suspend = 20
    /// The terminal has another size.
    case resize = 28

    /// Whether the program is asked to end.
    public var isRequestToEnd: Bool { self == .interrupt || self == .terminate || self == .hangUp }
}
