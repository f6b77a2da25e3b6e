internal import Glibc
public import TraceCore

/// A path on the whole screen, with keys, until the person leaves it.
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

    private let source: PathSource
    private let screen: FullScreen
    private let gate = PauseGate()
    private var painter: FramePainter
    private var state: PathScreenState
    private var view = PathView()
    private var method: ProbeMethod
    private var run: Task<Void, Never>?
    private var picture: Task<Void, Never>?
    private var lookups: [IPAddress: Task<Void, Never>] = [:]
    /// Whether names are looked up here, because the run began without.
    private var asksForNames = false
    private var hasBegun = false
    private let endings: AsyncStream<Result<Ending, any Error>>
    private let end: AsyncStream<Result<Ending, any Error>>.Continuation

    /// A screen on standard output, or nil where that is not a terminal that can be drawn on.
    ///
    /// - Parameters:
    ///   - source: Where events come from.
    ///   - fields: The columns, or nil for the usual ones.
    ///   - hosts: What hops are called at first.
    public init?(_ source: PathSource, fields: MTRReport.Fields?, hosts: MTRReport.HostStyle) {
        guard let screen = FullScreen() else { return nil }
        self.source = source
        self.screen = screen
        painter = FramePainter(
            allowsColor: screen.terminal.allowsColor(), allowsUnicode: screen.terminal.allowsUnicode)
        state = PathScreenState()
        state.latency = fields ?? .latency
        state.showsNames = hosts != .addresses
        state.showsAddressesToo = hosts == .both
        method = source.method
        (endings, end) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Shows the path until the person leaves it. Afterwards the terminal is as it was.
    ///
    /// - Throws: Why the run could not begin, before anything was drawn.
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
            for task in [run, picture, watch, typing] + Array(lookups.values) { task?.cancel() }
            keyboard.stop()
            screen.leave()
        }
        begin()
        for await ending in endings { return try ending.get() }
        return .left
    }

    // MARK: The run

    private func begin() {
        run?.cancel()
        gate.open()
        state.isPaused = false
        let before = run
        let method = method
        view = PathView()
        run = Task {
            await before?.value
            guard !Task.isCancelled else { return }
            do {
                try await source.play(method, gate) { self.take($0) }
            } catch {
                guard !Task.isCancelled else { return }
                failed(error)
            }
        }
    }

    private func take(_ event: ProbeEvent) {
        // What a run says that was given up belongs to no picture.
        guard !Task.isCancelled else { return }
        view.apply(event)
        if !hasBegun {
            hasBegun = true
            screen.enter()
        }
        if asksForNames { askForNames() }
        paintSoon()
    }

    private func failed(_ error: any Error) {
        guard hasBegun else {
            end.yield(.failure(error))
            return
        }
        state.note = "\(error)"
        paint()
    }

    // MARK: What comes in

    private func press(_ key: Key) {
        guard hasBegun else { return }
        let request = state.press(key, page: drawing.page, method: method)
        state.scroll = min(state.scroll, drawing.mostScroll)
        switch request {
        case .quit: end.yield(.success(.left))
        case .reset where view.end != nil: begin()
        case .reset: view.reset()
        case .pause: gate.close()
        case .resume: gate.open()
        case .names:
            asksForNames = true
            askForNames()
        case .repaint: painter.forget()
        case .ask(let method): ask(by: method)
        case nil: break
        }
        paint()
    }

    private func ask(by method: ProbeMethod) {
        if let fixed = source.fixed {
            state.note = fixed
        } else {
            self.method = method
            begin()
        }
    }

    private func handle(_ signal: Signal) {
        switch signal {
        case .resize: if hasBegun { paint() }
        case .suspend:
            gate.close()
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
        if !state.isPaused { gate.open() }
        guard hasBegun else { return }
        screen.enter()
        painter.forget()
        paint()
    }

    /// Looks up the names that the run did not.
    private func askForNames() {
        for address in view.nameless where lookups[address] == nil {
            lookups[address] = Task {
                if let name = await source.resolver.name(of: address), !Task.isCancelled {
                    view.name(address, name)
                    paintSoon()
                }
            }
        }
    }

    // MARK: The picture

    private var drawing: PathDrawing { PathDrawing(view, state, size: screen.size) }

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
