/// A prober of your own, in one method: ask, and return the answer.
///
/// The method runs in a task of its own for each probe. What it does is up to it: an HTTP request, a DNS query, a
/// call to a service. Every run and every report then works with it.
public protocol AskingProber: Prober {
    /// The clock that round trips are measured with.
    associatedtype Clock: _Concurrency.Clock<Duration> = ContinuousClock

    /// The name of the method in reports.
    var method: ProbeMethod { get }

    /// The clock that round trips are measured with.
    var clock: Clock { get }

    /// Asks, and waits for the answer.
    ///
    /// - Returns: The answer, or nil if none came; the task is cancelled when the run ends.
    /// - Throws: Why this probe could not be asked. It ends at once and is reported as not sent, and the run goes on. A
    ///   target that does not answer is no error.
    func ask(_ probe: Probe) async throws(ProbeError) -> Answer?
}

/// What an ``AskingProber`` was answered.
public struct Answer: Sendable, Hashable {
    /// What the answer says.
    public var kind: ReplyKind
    /// Who answered, or nil for the target.
    public var from: IPAddress?
    /// The round trip, or nil for the time that asking took.
    public var rtt: Duration?

    /// An answer; by default the target's own, after as long as asking took.
    public init(_ kind: ReplyKind = .answered, from: IPAddress? = nil, rtt: Duration? = nil) {
        self.kind = kind
        self.from = from
        self.rtt = rtt
    }
}

extension AskingProber where Clock == ContinuousClock {
    /// The system's own clock.
    public var clock: ContinuousClock { ContinuousClock() }
}

extension AskingProber {
    /// Understands addresses only.
    public var resolver: any NameResolver { NumericResolver() }

    /// Opens a channel that asks in tasks.
    public func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
        AskingChannel(method: method, clock: clock, settings: settings) { probe throws(ProbeError) in
            try await ask(probe)
        }
    }
}
