// Its sources may be cancelled from any thread, which their types do not say.
@preconcurrency internal import Dispatch
internal import Glibc
internal import Synchronization

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

    /// Takes over the given signals, until the iteration ends.
    ///
    /// `lastWords` is called before the second request to end takes effect; a program that draws on the
    /// whole screen gives the terminal back there.
    public init(_ signals: Signal..., lastWords: @escaping @Sendable () -> Void = {}) {
        // A resize or two may be lost where nobody reads; a request to end is among the newest.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingNewest(16))
        let queue = DispatchQueue(label: "signals", qos: .userInitiated)
        let requests = Requests()
        let sources = signals.map { signal in
            // The default action has to go, or the program ends before it hears of the signal.
            Glibc.signal(signal.rawValue, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal.rawValue, queue: queue)
            source.setEventHandler {
                // Two that come close together are one event with a count of two.
                if signal.isRequestToEnd, requests.add(Int(source.data)) > 1 {
                    lastWords()
                    _exit(128 + signal.rawValue)
                }
                continuation.yield(signal)
            }
            source.setCancelHandler { Glibc.signal(signal.rawValue, SIG_DFL) }
            source.resume()
            return source
        }
        continuation.onTermination = { _ in
            for source in sources { source.cancel() }
        }
        self.stream = stream
    }

    /// An iterator over the signals to come.
    public func makeAsyncIterator() -> AsyncStream<Signal>.Iterator { stream.makeAsyncIterator() }
}

/// How often the program was asked to end.
private final class Requests: Sendable {
    private let count = Atomic(0)

    /// The number after as many more.
    func add(_ more: Int) -> Int { count.add(more, ordering: .relaxed).newValue }
}
