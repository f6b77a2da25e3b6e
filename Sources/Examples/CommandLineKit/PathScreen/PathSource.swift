public import TraceCore

/// Where the events of the watched path come from.
public struct PathSource: Sendable {
    /// Plays a run to its end: passes each event on, and waits at the gate.
    public typealias Play =
        @MainActor (
            _ method: ProbeMethod, _ gate: PauseGate, _ show: @MainActor (ProbeEvent) -> Void
        ) async throws -> Void

    /// How it is asked first.
    let method: ProbeMethod
    /// Why it cannot be asked in another way, or nil where it can.
    let fixed: String?
    /// Names of addresses that the run itself did not look up.
    let resolver: any NameResolver
    let play: Play

    /// A source that asks the network.
    ///
    /// - Parameters:
    ///   - method: How it is asked first.
    ///   - resolver: Finds names when they are wanted after the run has begun without.
    ///   - play: Asks by the method that it is given.
    public init(asking method: ProbeMethod, resolver: any NameResolver, play: @escaping Play) {
        self.method = method
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
        // How it was asked the run says itself.
        method = .icmp
        resolver = NumericResolver()
        fixed = "a recorded run cannot be asked in another way"
        play = { _, gate, show in
            let recorded = try recorded.fromBeginning()
            let clock = ContinuousClock()
            var start = clock.now
            while let event = try recorded.next() {
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
