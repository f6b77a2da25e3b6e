internal import Glibc
internal import TraceCore

/// The signals that arrive while it is iterated, one after the other.
///
/// The first request to end is delivered, so that the program can print its summary. The second ends
/// the program at once, whatever it is doing, with 128 and the signal's number: 130 after Ctrl-C.
///
///     for await signal in Signals(.interrupt, .quit) { … }
public struct Signals: AsyncSequence, Sendable {
    /// A signal.
    public typealias Element = Signal
    /// Signals cannot fail.
    public typealias Failure = Never

    private let stream: AsyncStream<Signal>

    /// Takes over the given signals at once, until the iteration ends.
    ///
    /// Of the requests to end, the second ends the program at once. A signal that means something else to the program, as
    /// `SIGHUP` does to a server, is none of them.
    ///
    /// `lastWords` is called before the second request to end takes effect; a program that draws on the
    /// whole screen gives the terminal back there.
    public init(_ signals: Signal..., besides other: Signal? = nil, lastWords: @escaping @Sendable () -> Void = {}) {
        // A resize may be lost while nothing reads; a request to end is among the newest signals.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingNewest(16))
        let requests = Lock(0)
        let listener = SignalPipe.shared.listen(to: signals + (other.map { [$0] } ?? [])) { signal in
            let isSecond = requests.withLock { count in
                guard signal.isRequestToEnd, signal != other else { return false }
                count += 1
                return count > 1
            }
            if isSecond {
                lastWords()
                _exit(128 + signal.rawValue)
            }
            continuation.yield(signal)
        }
        continuation.onTermination = { _ in SignalPipe.shared.remove(listener) }
        self.stream = stream
    }

    /// An iterator over the signals to come.
    public func makeAsyncIterator() -> AsyncStream<Signal>.Iterator { stream.makeAsyncIterator() }
}

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

/// Stops the program as Ctrl-Z does, and returns when it is continued.
///
/// By the signal itself and not by `SIGSTOP`: where no shell could ever let it go on, the kernel does not stop it.
func suspendProgram() {
    var before = sigaction()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = SIG_DFL
    sigaction(SIGTSTP, &action, &before)
    kill(getpid(), SIGTSTP)
    sigaction(SIGTSTP, &before, nil)
}
