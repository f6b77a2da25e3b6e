public import TraceCore

/// Where the events of a watched path come from.
public struct PathSource: Sendable {
    /// Plays a run to its end: passes each event on, waits at the gate, and lets the dial change its settings.
    public typealias Play =
        @MainActor (
            _ settings: PathSettings, _ gate: PauseGate, _ dial: PathDial, _ show: @MainActor (ProbeEvent) -> Void
        ) async throws -> Void

    /// What the host was called.
    let name: String
    /// How it is asked first.
    let settings: PathSettings
    /// Why it cannot be asked in another way, or nil where it can.
    let fixed: String?
    /// Names of addresses that the run itself did not look up.
    let resolver: any NameResolver
    let play: Play

    /// A source that asks the network.
    ///
    /// - Parameters:
    ///   - name: What the host was called.
    ///   - settings: How it is asked first.
    ///   - resolver: Finds names when they are wanted after the run has begun without.
    ///   - play: Asks by the settings that it is given.
    public init(
        asking name: String, _ settings: PathSettings, resolver: any NameResolver, play: @escaping Play
    ) {
        self.name = name
        self.settings = settings
        self.resolver = resolver
        self.play = play
        fixed = nil
    }

    /// A recorded run.
    ///
    /// - Parameters:
    ///   - recorded: The run.
    ///   - isPaced: Whether its events come as far apart as they did, and not all at once.
    public init(recorded: RecordedRun, isPaced: Bool) {
        name = ""
        // How it was asked the run says itself.
        settings = PathSettings(method: .icmp, interval: .seconds(1), size: nil, hops: 1...30, rounds: nil)
        resolver = NumericResolver()
        fixed = "a recorded run cannot be asked in another way"
        play = { _, gate, _, show in
            let recorded = try recorded.fromBeginning()
            let clock = ContinuousClock()
            var start = clock.now
            while let event = try recorded.next() {
                // A recording that has lost its beginning does not begin with the run.
                if case .started = event.fact { start = clock.now - event.at }
                if isPaced {
                    try await clock.sleep(until: start + event.at)
                    let before = clock.now
                    if await gate.pass() { start += clock.now - before }
                    try Task.checkCancellation()
                }
                show(event)
            }
        }
    }
}
