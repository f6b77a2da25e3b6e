internal import TraceCore

/// One watched path: a run for each way of asking that was chosen, and the names that are looked up for it.
@MainActor final class PathWatch {
    /// A run, and what is known by it. One that another way of asking has taken the place of is paused.
    private final class Run {
        var view = PathView()
        var failure: (any Error)?
        let gate = PauseGate()
        let dial = PathDial()
        var task: Task<Void, Never>?
    }

    let source: PathSource
    /// How the path is asked now.
    private(set) var settings: PathSettings
    private var runs: [ProbeMethod: Run] = [:]
    private var run: Run
    private var isPaused = false
    private var lookups: [IPAddress: Task<Void, Never>] = [:]
    /// Called when something has changed.
    private let changed: @MainActor () -> Void

    init(_ source: PathSource, changed: @escaping @MainActor () -> Void) {
        self.source = source
        settings = source.settings
        run = Run()
        runs[settings.method] = run
        self.changed = changed
    }

    /// What is known of the path as it is asked now.
    var view: PathView { run.view }
    /// Why the run broke off, where it did.
    var failure: (any Error)? { run.failure }

    /// Begins a run that knows nothing.
    func begin() {
        let (before, run, settings) = (run.task, Run(), settings)
        before?.cancel()
        self.run = run
        runs[settings.method] = run
        if isPaused { run.gate.close() }
        run.task = Task {
            await before?.value
            guard !Task.isCancelled else { return }
            do {
                // What a run says that was given up belongs to no picture.
                try await source.play(settings, run.gate, run.dial) { event in
                    guard !Task.isCancelled else { return }
                    run.view.apply(event)
                    changed()
                }
            } catch {
                guard !Task.isCancelled else { return }
                run.failure = error
                changed()
            }
        }
    }

    /// Asks by other settings. The run goes on with them; another method has a run of its own, and that of the method before
    /// waits.
    ///
    /// - Throws: Why they cannot be.
    func ask(by settings: PathSettings) throws {
        if settings.method != self.settings.method {
            run.gate.close()
            self.settings = settings
            guard let known = runs[settings.method] else { return begin() }
            run = known
            if !isPaused { run.gate.open() }
        }
        try run.dial.turn?(settings)
        self.settings = settings
        run.view.hops = settings.hops
    }

    /// Begins the statistics anew, and the run where it is over or has failed.
    func reset() { view.end != nil || failure != nil ? begin() : run.view.reset() }

    /// Sends nothing until it goes on.
    func pause() {
        isPaused = true
        run.gate.close()
    }

    func goOn() {
        isPaused = false
        run.gate.open()
    }

    /// Looks up the names that the run did not.
    func lookUpNames() {
        for address in view.nameless where lookups[address] == nil {
            lookups[address] = Task {
                if let name = await source.resolver.name(of: address), !Task.isCancelled {
                    for run in runs.values { run.view.name(address, name) }
                    changed()
                }
            }
        }
    }

    func cancel() {
        for task in runs.values.map(\.task) + Array(lookups.values) { task?.cancel() }
    }

    /// The end of the path as it was last looked at, for the list of hosts: reports of many hosts cost more than a picture.
    private var glance: (target: MonitorReport.Hop?, at: ContinuousClock.Instant)?

    /// The end of the path, as it was within the last second.
    var target: MonitorReport.Hop? {
        if let glance, ContinuousClock.now < glance.at + .seconds(1) { return glance.target }
        let target = view.report.flatMap { $0.isReached ? $0.hops.last : nil }
        glance = (target, .now)
        return target
    }
}

/// What changes the settings of a run that goes on.
@MainActor public final class PathDial {
    /// Changes them; nil before the run has begun.
    public var turn: (@MainActor (PathSettings) throws -> Void)?
}
