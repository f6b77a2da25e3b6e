import TraceCore

/// The runs of the page that are going on, and the events of those that are over: for links, copies and downloads.
///
/// The memory is bounded. When there is no more room, the oldest go.
final class KeptRuns: Sendable {
    /// A run, and what was seen of it.
    struct Run: Sendable {
        let request: RunRequest
        let query: [(String, String)]
        let vantage: String?
        /// The events as lines.
        let lines: [UInt8]

        var events: [ProbeEvent] { (try? EventLog.events(from: lines, name: "run")) ?? [] }
    }

    private struct State {
        var runs: [String: Run] = [:]
        /// From the oldest on.
        var order: [String] = []
        var bytes = 0
        var stops: [String: @Sendable () -> Void] = [:]
    }

    private let limit: Int
    private let state = Lock(State())

    /// - Parameter limit: How many bytes of events are kept.
    init(limit: Int) { self.limit = limit }

    /// The most bytes of one run.
    var largest: Int { limit / 8 }

    /// A name that nobody guesses.
    static func name() -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<20).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    subscript(name: String) -> Run? { state.withLock { $0.runs[name] } }

    func keep(_ run: Run, as name: String) {
        guard run.lines.count <= largest else { return }
        state.withLock { state in
            state.runs[name] = run
            state.order.append(name)
            state.bytes += run.lines.count
            while state.bytes > limit, let oldest = state.order.first {
                state.order.removeFirst()
                state.bytes -= state.runs.removeValue(forKey: oldest)?.lines.count ?? 0
            }
        }
    }

    // MARK: Runs that are going on

    func begin(_ name: String, stop: @escaping @Sendable () -> Void) { state.withLock { $0.stops[name] = stop } }
    func end(_ name: String) { state.withLock { $0.stops[name] = nil } }

    /// Ends a run, which still says what it knows; whether there is one.
    func stop(_ name: String) -> Bool {
        let stop = state.withLock { $0.stops[name] }
        stop?()
        return stop != nil
    }
}
