internal import Glibc
public import TraceCore

/// Paths on the whole screen, one at a time, with keys, until the person leaves it.
@MainActor public final class PathScreen {
    /// How it came to an end.
    public enum Ending: Sendable {
        /// The person left.
        case left
        /// A signal asked for the end.
        case signal(Signal)
    }

    /// Nobody sees more pictures than that; events come in bursts.
    private static let pictureInterval = Duration.milliseconds(40)

    private let screen: FullScreen
    private let geography: (any PathGeography)?
    private var painter: FramePainter
    private var state: PathScreenState
    private var watches: [PathWatch] = []
    /// The place of the watch that is shown.
    private var shown = 0
    private var picture: Task<Void, Never>?
    /// Whether names are looked up here, because the run began without.
    private var asksForNames = false
    private var hasBegun = false
    private let endings: AsyncStream<Result<Ending, any Error>>
    private let end: AsyncStream<Result<Ending, any Error>>.Continuation

    /// A screen on standard output, or nil where that is not a terminal that can be drawn on.
    ///
    /// - Parameters:
    ///   - sources: Where events come from, a path each; at least one.
    ///   - fields: The columns, or nil for the usual ones.
    ///   - hosts: What hops are called at first.
    ///   - fact: What is shown before their names at first.
    ///   - geography: What knows networks and places.
    public init?(
        _ sources: [PathSource], fields: MTRReport.Fields?, hosts: MTRReport.HostStyle, fact: PathFact? = nil,
        geography: (any PathGeography)? = nil
    ) {
        guard let screen = FullScreen() else { return nil }
        self.screen = screen
        self.geography = geography
        painter = FramePainter(
            allowsColor: screen.terminal.allowsColor(), allowsUnicode: screen.terminal.allowsUnicode)
        state = PathScreenState()
        state.latency = fields ?? .latency
        state.showsNames = hosts != .addresses
        state.showsAddressesToo = hosts == .both
        state.fact = fact
        (endings, end) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        watches = sources.map { source in PathWatch(source) { [weak self] in self?.changed() } }
    }

    /// Shows the paths until the person leaves. Afterwards the terminal is as it was.
    ///
    /// - Throws: Why no run could begin, before anything was drawn.
    public func show() async throws -> Ending {
        let signals = Signals(.interrupt, .terminate, .hangUp, .quit, .resize, .suspend, .resume) { [screen] in
            screen.abandon()
        }
        let watch = Task { for await signal in signals { handle(signal) } }
        let keyboard = Keyboard(descriptor: screen.input)
        let typing = Task {
            for await key in keyboard.keys { press(key) }
            // Nobody can press a key any more.
            end.yield(.success(.signal(.hangUp)))
        }
        defer {
            for watch in watches { watch.cancel() }
            for task in [picture, watch, typing] { task?.cancel() }
            keyboard.stop()
            screen.leave()
        }
        for watch in watches { watch.begin() }
        for await ending in endings { return try ending.get() }
        return .left
    }

    /// What was known of the path that was shown last, and of the others where there are few.
    public var reports: [MonitorReport] {
        (watches.count > Self.mostReports ? [watched] : watches).compactMap(\.view.report)
    }

    /// More tables than that are no help behind the screen.
    private static let mostReports = 8

    /// Why paths could not be asked, in the order of their sources.
    public var failures: [any Error] { watches.compactMap(\.failure) }
    /// The columns that were chosen last.
    public var fields: MTRReport.Fields { state.fields }
    /// What was shown before the names of hosts last.
    public var fact: PathFact? { state.fact }
    /// What hops were called last.
    public var hosts: MTRReport.HostStyle { state.hosts }

    private var watched: PathWatch { watches[shown] }

    // MARK: What comes in

    /// A path is known better, or its run broke off.
    private func changed() {
        if !hasBegun {
            guard watches.contains(where: { $0.view.report != nil }) else {
                let failures = watches.compactMap(\.failure)
                if failures.count == watches.count { end.yield(.failure(failures[0])) }
                return
            }
            hasBegun = true
            screen.enter()
        }
        if asksForNames { for watch in watches { watch.lookUpNames() } }
        paintSoon()
    }

    private func press(_ key: Key) {
        guard hasBegun else { return }
        let now = drawing
        let chosen = state.chosen
        let request = state.press(
            key,
            PathScreenState.Situation(
                page: now.page, settings: watched.settings, hops: now.hops, hosts: watches.count,
                facts: geography?.known ?? [], isOver: watched.view.end != nil, fixed: watched.source.fixed))
        // Made once for both: a drawing makes the report of the path.
        let then = drawing
        if state.chosen != chosen { state.scroll = then.scrollToChosen }
        state.scroll = min(state.scroll, then.mostScroll)
        switch request {
        case .quit: end.yield(.success(.left))
        case .reset: watched.reset()
        case .pause: for watch in watches { watch.pause() }
        case .resume: for watch in watches { watch.goOn() }
        case .names:
            asksForNames = true
            for watch in watches { watch.lookUpNames() }
        case .repaint: painter.forget()
        case .ask(let settings):
            do {
                try watched.ask(by: settings)
            } catch {
                state.note = "\(error)"
            }
        case .host(let step): shown = (shown + step + watches.count) % watches.count
        case nil: break
        }
        paint()
    }

    private func handle(_ signal: Signal) {
        switch signal {
        case .resize: if hasBegun { paint() }
        case .suspend:
            for watch in watches { watch.pause() }
            screen.leave()
            suspendProgram()
            comeBack()
        case .resume: comeBack()
        case .interrupt, .quit: end.yield(.success(.left))
        case .terminate, .hangUp: end.yield(.success(.signal(signal)))
        }
    }

    /// Takes the terminal again after a shell had it.
    private func comeBack() {
        if !state.isPaused { for watch in watches { watch.goOn() } }
        guard hasBegun else { return }
        screen.enter()
        painter.forget()
        paint()
    }

    // MARK: The picture

    private var drawing: PathDrawing {
        // As many as a line can hold, with the one that is shown among them.
        let most = screen.size.columns / 8 + 1
        let first = max(0, min(shown - most / 2, watches.count - most))
        let hosts = watches[first..<min(watches.count, first + most)].map { watch in
            PathDrawing.Scene.Host(name: watch.source.name, target: watch.target, isFailed: watch.failure != nil)
        }
        let scene = PathDrawing.Scene(
            settings: watched.settings, hosts: hosts, first: first, shown: shown - first, geography: geography,
            name: watched.source.name, failure: watched.failure.map { "\($0)" },
            canBeAsked: watched.source.fixed == nil)
        return PathDrawing(watched.view, state, scene, size: screen.size)
    }

    private func paintSoon() {
        guard picture == nil else { return }
        picture = Task {
            try? await Task.sleep(for: Self.pictureInterval)
            picture = nil
            if !Task.isCancelled { paint() }
        }
    }

    private func paint() { screen.show(painter.paint(drawing.frame)) }
}
