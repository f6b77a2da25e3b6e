/// A line on standard error that says how far a program is, for a person who waits.
///
/// It is drawn in place and taken away at the end; where standard error is no terminal, nothing is written at all.
public final class Progress: Sendable {
    private let isShown: Bool

    /// A line that says nothing yet.
    public init() { isShown = Terminal.error.allowsAnimation }

    /// Says how far it is.
    public func show(_ text: String) {
        write("\r\(text)\u{1B}[K")
    }

    /// Takes the line away.
    public func clear() {
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        guard isShown else { return }
        Output.error.write(text)
        Output.error.flush()
    }
}
