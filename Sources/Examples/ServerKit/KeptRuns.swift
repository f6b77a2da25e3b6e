public import TraceCore
internal import TraceCoreCommandLine
public import TraceCoreHTTP
public import TraceCorePages

/// The runs of pages: those that are going on, and the events of those that are over, for links, copies and downloads.
///
/// The memory is bounded, with the events of runs that go on. When there is no more room, the oldest results go.
public final class KeptRuns: Sendable {
    /// A run that is over, and what was seen of it.
    public struct Run: Sendable {
        fileprivate let request: RunRequest
        /// What the page was asked.
        public let query: [(key: String, value: String)]
        /// The events as lines.
        fileprivate let lines: [UInt8]
        /// What the page shows of it.
        public let html: HTML
        fileprivate var size: Int { lines.count + html.size }
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

    /// Keeps nothing yet.
    ///
    /// - Parameter limit: How many bytes of events are kept.
    public init(limit: Int) { self.limit = limit }

    /// The most bytes of one run.
    private var largest: Int { limit / 8 }

    /// A name that nobody guesses.
    fileprivate static func name() -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<20).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    /// What is kept under a name.
    public subscript(name: String) -> Run? { state.withLock { $0.runs[name] } }

    /// Takes room for the events of a run that goes on; whether there is any.
    private func grow(by bytes: Int) -> Bool {
        state.withLock { state in
            guard makeRoom(bytes, in: &state) else { return false }
            state.bytes += bytes
            return true
        }
    }

    /// Gives room back.
    private func shrink(by bytes: Int) { state.withLock { $0.bytes -= bytes } }

    /// Keeps a result; whether there is room.
    private func keep(_ run: Run, as name: String) -> Bool {
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

    /// Ends a run, which still says what it knows; whether there is one.
    public func stop(_ name: String) -> Bool {
        let stop = state.withLock { $0.stops[name] }
        stop?()
        return stop != nil
    }

    /// Makes a run, shows it as it goes, and keeps what it was.
    ///
    /// - Parameters:
    ///   - open: Begins the run.
    ///   - onChange: Is told whenever the view has changed.
    public func follow(
        _ run: PageRun, from open: @escaping @Sendable () async throws -> RunFeed,
        onChange: @escaping @Sendable () -> Void
    ) async {
        let lines = Lock<[UInt8]>([])
        let isTooLarge = Lock(false)
        let task = Task {
            do {
                try await open().forEachBatch { events in
                    run.view.withLock { view in for event in events { view.apply(event) } }
                    if !isTooLarge.withLock({ $0 }) {
                        let more: [UInt8] = events.flatMap { ((try? JSON.encode($0)) ?? []) + [0x0A] }
                        if lines.withLock({ $0.count }) + more.count <= self.largest, self.grow(by: more.count) {
                            lines.withLock { $0 += more }
                        } else {
                            isTooLarge.withLock { $0 = true }
                        }
                    }
                    onChange()
                }
            } catch {
                run.view.withLock { $0.fail(Refusal(error).sentence) }
                onChange()
            }
        }
        state.withLock { $0.stops[run.name] = { task.cancel() } }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.stops[run.name] = nil }
        let recorded = lines.withLock { $0 }
        shrink(by: recorded.count)
        // What nobody was there to see has no link that leads to it.
        guard !recorded.isEmpty, !Task.isCancelled else { return }
        let html = run.view.withLock { view in
            view.settle(isKept: true)
            return view.html()
        }
        let isKept =
            !isTooLarge.withLock { $0 }
            && keep(Run(request: run.request, query: run.query, lines: recorded, html: html), as: run.name)
        run.view.withLock { $0.settle(isKept: isKept) }
        onChange()
    }
}

/// A run that a page shows.
public final class PageRun: Sendable {
    /// What is run.
    public let request: RunRequest
    /// What the page was asked.
    fileprivate let query: [(key: String, value: String)]
    /// The name under which it can be stopped, and is kept.
    public let name: String
    /// What the page shows.
    package let view: Lock<RunView>

    /// A run that has not begun.
    ///
    /// - Parameters:
    ///   - request: What is run.
    ///   - query: What the page was asked, for links.
    ///   - vantage: Where it is made, if the page says so.
    ///   - places: Where the places of addresses come from.
    public init(
        _ request: RunRequest, asked query: [(key: String, value: String)], vantage: UntrustedText? = nil,
        places: PlaceFinder? = nil
    ) {
        self.request = request
        self.query = query
        name = KeptRuns.name()
        view = Lock(
            RunView(
                request, id: "run-\(name)", vantage: vantage, places: places,
                links: RunLinks(target: request.targets[0], query: query.map { ($0.key, $0.value) }, kept: name)))
    }
}

extension KeptRuns.Run {
    /// The result as a file, by the ending of its name: `ndjson`, `txt`, `json` or `md`.
    public func file(_ name: String, _ ending: String) throws -> HTTPAnswer {
        let verb = request.work.verb
        let output: RunOutput? =
            switch ending {
            case "ndjson": RunOutput(.events, of: request)
            case "txt": RunOutput(.text, of: request)
            case "json": RunOutput("application/json", RunOutput.report(of: verb, style: .pretty))
            case "md": RunOutput.markdown(of: verb).map { RunOutput("text/markdown; charset=utf-8", $0) }
            default: nil
            }
        guard let output else { return HTTPAnswer(.notFound, text: "There is no such form of a result.") }
        var fields = HTTPFields(["Cache-Control": "no-store", "Content-Type": output.type])
        guard ending == "ndjson" else {
            return HTTPAnswer(.ok, fields, body: .bytes(try output.whole(EventLog.events(from: lines, name: "run"))))
        }
        fields.add("Content-Disposition", "attachment; filename=\"\(name).ndjson\"")
        return HTTPAnswer(.ok, fields, body: .bytes(lines))
    }
}
