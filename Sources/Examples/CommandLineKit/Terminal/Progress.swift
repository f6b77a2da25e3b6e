internal import TraceCore

/// A line on standard error that shows a waiting person how far the program is.
///
/// It is drawn in place and removed at the end. Where standard error is not a terminal, nothing is written.
public final class Progress: Sendable {
    private struct State {
        var isDrawn = false
        var nextDrawing: ContinuousClock.Instant
    }

    private let isShown: Bool
    private let interval: Duration
    private let state: Lock<State>

    /// A line that says nothing yet.
    ///
    /// - Parameters:
    ///   - delay: For how long nothing is drawn: who waits for a moment only needs no line.
    ///   - interval: The time between two drawings; what is to be shown in between is left out.
    public init(after delay: Duration = .zero, every interval: Duration = .zero) {
        isShown = Terminal.error.allowsAnimation
        self.interval = interval
        state = Lock(State(nextDrawing: .now + delay))
    }

    /// Says how far it is; the text is made only if it is shown.
    public func show(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let isDue = state.withLock { state in
            let now = ContinuousClock.now
            guard now >= state.nextDrawing else { return false }
            state.nextDrawing = now + interval
            state.isDrawn = true
            return true
        }
        // A line that is as wide as the terminal would go on in the next one, and stay there.
        if isDue { write("\r\(text().prefix(max(1, Terminal.error.width - 1)))\u{1B}[K") }
    }

    /// Removes the line, until the next call of `show`.
    public func clear() {
        guard isShown else { return }
        let isDrawn = state.withLock { state in
            defer { state.isDrawn = false }
            return state.isDrawn
        }
        if isDrawn { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        Output.error.write(text)
        Output.error.flush()
    }
}

extension Int {
    /// The number with a comma between each three digits, as people read it: 262,144.
    public var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + text
    }
}
