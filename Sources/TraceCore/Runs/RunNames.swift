/// Looks up the names of the addresses that a run meets, beside the run: no probe ever waits for a name.
///
/// A name that the resolver knows already becomes an event at once. Others are looked up by tasks, so many at a
/// time, and are collected whenever the run comes by.
final class RunNames: Sendable {
    /// The most addresses that are known to have been asked for. A sweep of the whole internet meets more; what is
    /// forgotten is asked for again, mostly of what the resolver knows already.
    static let metLimit = 65_536
    /// The most addresses that wait to be looked up. A name that comes an hour after its answer helps nobody.
    static let waitingLimit = 16_384

    /// How soon it is worth looking whether a name has come that was just asked for, and how seldom at the least.
    static let firstWait = Duration.milliseconds(4)
    static let longestWait = Duration.milliseconds(256)

    private struct State {
        var met = RecentSet<IPAddress>(limit: RunNames.metLimit)
        var waiting = Queue<IPAddress>()
        var found: [(IPAddress, UntrustedText?)] = []
        var tasks: [IPAddress: Task<Void, Never>] = [:]
        var finished: CheckedContinuation<Void, Never>?
    }

    /// What is known of the name of an address that answered.
    enum Meeting: Equatable {
        /// It answered before, or names are of no interest.
        case met
        /// Its name, or that it has none.
        case known(UntrustedText?)
        /// Nothing yet: it is being looked up.
        case asked
    }

    private let resolver: any NameResolver
    private let options: RunOptions
    private let state = Lock(State())

    init(_ resolver: any NameResolver, _ options: RunOptions) {
        self.resolver = resolver
        self.options = options
        if options.names { state.withLock { $0.met.reserveCapacity(32) } }
    }

    /// Takes note of an address that answered, and has its name looked up where that is not known.
    func meet(_ address: IPAddress) -> Meeting {
        guard options.names, state.withLock({ $0.met.insert(address) }) else { return .met }
        switch resolver.known(address) {
        case .none: return .known(nil)
        case .name(let name): return .known(name)
        case .unknown:
            let isInLine = state.withLock { state in
                guard state.waiting.count < Self.waitingLimit else {
                    // It has another chance when it answers again.
                    state.met.remove(address)
                    return false
                }
                state.waiting.append(address)
                return true
            }
            guard isInLine else { return .met }
            startTasks()
            return .asked
        }
    }

    /// Takes out the names that have been found since the last time; nil for an address that has none.
    func collect() -> [(IPAddress, UntrustedText?)] {
        state.withLock { state in
            guard !state.found.isEmpty else { return [] }
            defer { state.found.removeAll() }
            return state.found
        }
    }

    /// How many addresses are remembered, and how many of them wait to be looked up.
    var load: (met: Int, waiting: Int) { state.withLock { ($0.met.count, $0.waiting.count) } }

    /// Whether names are being looked up.
    var isBusy: Bool { state.withLock { !$0.tasks.isEmpty || !$0.waiting.isEmpty || !$0.found.isEmpty } }

    /// Waits for the names that are being looked up, but not for long, and not at all in a cancelled run.
    ///
    /// - Parameters:
    ///   - grace: The longest wait.
    ///   - channel: The run's, whose time it is that is not to be long.
    func finish(within grace: Duration, on channel: any ProbeChannel) async {
        let deadline = channel.now + grace
        if state.withLock({ !$0.tasks.isEmpty || !$0.waiting.isEmpty }) {
            let limit = Task {
                await channel.sleep(until: deadline)
                stop()
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isDone = state.withLock { state in
                        guard !state.tasks.isEmpty || !state.waiting.isEmpty else { return true }
                        state.finished = continuation
                        return false
                    }
                    if isDone { continuation.resume() }
                }
            } onCancel: {
                stop()
            }
            limit.cancel()
        }
    }

    /// Gives up the look-ups that are under way.
    func stop() {
        let (tasks, finished) = state.withLock { state in
            defer {
                state.tasks = [:]
                state.waiting = Queue()
                state.finished = nil
            }
            return (state.tasks, state.finished)
        }
        for task in tasks.values { task.cancel() }
        finished?.resume()
    }

    private func startTasks() {
        state.withLock { state in
            while state.tasks.count < options.nameLimit, let address = state.waiting.popFirst() {
                state.tasks[address] = Task { [resolver] in
                    self.found(address, await resolver.name(of: address))
                }
            }
        }
    }

    private func found(_ address: IPAddress, _ name: UntrustedText?) {
        let finished = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.tasks.removeValue(forKey: address) != nil else { return nil }
            state.found.append((address, name))
            guard state.tasks.isEmpty, state.waiting.isEmpty else { return nil }
            defer { state.finished = nil }
            return state.finished
        }
        finished?.resume()
        startTasks()
    }
}

/// Remembers what it has seen of late: at least half as much as its limit, never more than that.
struct RecentSet<Element: Hashable> {
    private let limit: Int
    private var recent: Set<Element> = []
    /// What `recent` was before it was half of the limit.
    private var before: Set<Element> = []

    init(limit: Int) { self.limit = max(2, limit) }

    var count: Int { recent.count + before.count }

    mutating func reserveCapacity(_ count: Int) { recent.reserveCapacity(count) }

    /// Takes an element in; whether it is new, or was seen so long ago that it is forgotten.
    mutating func insert(_ element: Element) -> Bool {
        if recent.contains(element) { return false }
        let isNew = before.remove(element) == nil
        recent.insert(element)
        if recent.count >= limit / 2 {
            before = recent
            recent = []
        }
        return isNew
    }

    /// Forgets an element.
    mutating func remove(_ element: Element) {
        recent.remove(element)
        before.remove(element)
    }
}
