/// How many packets went over a link, and what became of them.
public struct LinkCounts: Sendable, Hashable {
    /// Packets that this machine sent into the simulated internet.
    public internal(set) var carried = 0
    /// Packets that are for no host of it: multicast, and what the system says to its neighbours.
    public internal(set) var ignored = 0
    /// Answers that came back; a packet that is answered twice counts twice.
    public internal(set) var answered = 0
    /// Packets that got no answer.
    public internal(set) var lost = 0
    /// Packets for which the topology has no way.
    public internal(set) var withoutRoute = 0
    /// Packets that were dropped because too many were on their way.
    public internal(set) var dropped = 0
    /// Answers that the system did not take, as when the interface is down.
    public internal(set) var refused = 0
    /// Packets that are missing from the record, which could not be written as fast as they came.
    public internal(set) var unrecorded = 0

    /// No packets yet.
    public init() {}
}
