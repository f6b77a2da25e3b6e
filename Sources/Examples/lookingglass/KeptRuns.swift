import TraceCore
import TraceCorePages

/// The runs of the page that are going on, and the events of those that are over: for links, copies and downloads.
///
/// The memory is bounded, with the events of runs that go on. When there is no more room, the oldest results go.
final class KeptRuns: Sendable {
    /// A run, and what was seen of it.
    struct Run: Sendable {
        let request: RunRequest
        let query: [(String, String)]
        /// The events as lines.
        let lines: [UInt8]
        /// What the page shows of it.
        let html: HTML
        var size: Int { lines.count + html.size }

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

    /// Takes room for the events of a run that goes on; whether there is any.
    func grow(by bytes: Int) -> Bool {
        state.withLock { state in
            guard makeRoom(bytes, in: &state) else { return false }
            state.bytes += bytes
            return true
        }
    }

    /// Gives room back.
    func shrink(by bytes: Int) { state.withLock { $0.bytes -= bytes } }

    /// Keeps a result; whether there is room.
    func keep(_ run: Run, as name: String) -> Bool {
        guard run.size <= largest else { return false }
        return state.withLock { state in
            guard makeRoom(run.size, in: &state) else { return false }
            state.runs[name] = run
            state.order.append(name)
            state.bytes += run.size
            return true
        }
    }

    /// Lets the oldest results go until there is room.
    private func makeRoom(_ bytes: Int, in state: inout State) -> Bool {
        while state.bytes + bytes > limit, let oldest = state.order.first {
            state.order.removeFirst()
            state.bytes -= state.runs.removeValue(forKey: oldest)?.size ?? 0
        }
        return state.bytes + bytes <= limit
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
