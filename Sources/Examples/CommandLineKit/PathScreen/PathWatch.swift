internal import TraceCore

/// One watched path: its run, what is known by each way of asking, and the names that are looked up for it.
@MainActor final class PathWatch {
    let source: PathSource
    /// How the path is asked now.
    private(set) var settings: PathSettings
    /// What is known of the path as it is asked now.
    private(set) var view = PathView()
    /// Why the run broke off, where it did.
    private(set) var failure: (any Error)?

    /// What is known by the ways of asking that were left; who comes back to one finds it.
    private var others: [ProbeMethod: PathView] = [:]
    private let gate = PauseGate()
    private var run: Task<Void, Never>?
    private var lookups: [IPAddress: Task<Void, Never>] = [:]
    /// Called when something has changed.
    private let changed: @MainActor () -> Void

    init(_ source: PathSource, changed: @escaping @MainActor () -> Void) {
        self.source = source
        settings = source.settings
        self.changed = changed
    }

    /// Begins a run that goes on with what is known.
    func begin() {
        run?.cancel()
        gate.open()
        failure = nil
        let before = run
        var settings = settings
        settings.rounds = settings.rounds.map { max(1, $0 - view.lastRound - 1) }
        run = Task {
            await before?.value
            guard !Task.isCancelled else { return }
            do {
                // What a run says that was given up belongs to no picture.
                try await source.play(settings, gate) { if !Task.isCancelled { take($0) } }
            } catch {
                guard !Task.isCancelled else { return }
                failure = error
                changed()
            }
        }
    }

    private func take(_ event: ProbeEvent) {
        view.apply(event)
        changed()
    }

    /// Goes on by other settings. The statistics go on too; those of another method are its own.
    func ask(by settings: PathSettings) {
        let method = self.settings.method
        self.settings = settings
        if settings.method != method {
            others[method] = view
            view = others.removeValue(forKey: settings.method) ?? PathView()
        }
        view.goOn()
        begin()
    }

    /// Begins the statistics anew, and the run where it is over.
    func reset() {
        guard view.end != nil else { return view.reset() }
        view = PathView()
        begin()
    }

    /// Sends nothing until it goes on.
    func pause() { gate.close() }

    func goOn() { gate.open() }

    /// Looks up the names that the run did not.
    func lookUpNames() {
        for address in view.nameless where lookups[address] == nil {
            lookups[address] = Task {
                if let name = await source.resolver.name(of: address), !Task.isCancelled {
                    view.name(address, name)
                    changed()
                }
            }
        }
    }

    func cancel() {
        for task in [run] + Array(lookups.values) { task?.cancel() }
    }
}
