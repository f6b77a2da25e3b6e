/// One fact of a run: what was sent, what came back, what did not.
///
/// A run is the list of its events and nothing else. Every report is a fold over them, so a recorded list gives
/// the report that the live run gave.
public struct ProbeEvent: Sendable, Hashable {
    /// When it happened, counted from the start of the run.
    public let at: Duration
    /// What happened.
    public let fact: Fact

    /// A fact and its time.
    public init(at: Duration, _ fact: Fact) {
        self.at = at
        self.fact = fact
    }

    /// What can happen in a run.
    public enum Fact: Sendable, Hashable {
        // Indirect: it happens once, and its size would be that of every event.
        /// The run began.
        indirect case started(RunDescription)
        /// A probe was sent.
        case sent(Probe)
        /// A probe could not be sent; the run goes on.
        case sendFailed(Probe, ProbeError)
        /// The first answer to a probe, in time.
        case reply(Probe, ProbeReply)
        /// An answer to a probe that had already been counted as lost.
        case late(Probe, ProbeReply)
        /// One more answer to a probe that had already been answered.
        case duplicate(Probe, ProbeReply)
        /// A probe was given up: it counts as lost.
        case timedOut(Probe)
        /// The name of an address became known, or that it has none.
        case named(IPAddress, UntrustedText?)
        /// The run ended.
        case ended(RunEnd)
    }
}

extension ProbeEvent {
    /// The probe of the event, or nil if it has none.
    public var probe: Probe? {
        switch fact {
        case .sent(let probe), .sendFailed(let probe, _), .reply(let probe, _), .late(let probe, _),
            .duplicate(let probe, _), .timedOut(let probe):
            probe
        case .started, .named, .ended: nil
        }
    }

    /// The answer in the event, or nil if it has none.
    public var reply: ProbeReply? {
        switch fact {
        case .reply(_, let reply), .late(_, let reply), .duplicate(_, let reply): reply
        default: nil
        }
    }
}
