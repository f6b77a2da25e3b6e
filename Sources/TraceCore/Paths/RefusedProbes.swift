/// The latest probes that a router has answered and the target has not.
///
/// A packet that loops, or a stranger, may bring an error before the true answer. What the target then says is no duplicate:
/// it is the answer.
struct RefusedProbes: Sendable {
    /// No more are remembered.
    private static let limit = 4096

    private var ids: Set<Probe.ID> = []

    /// Takes note of a probe that a router has answered.
    mutating func note(_ probe: Probe) {
        if ids.count >= Self.limit { ids.removeAll(keepingCapacity: true) }
        ids.insert(probe.id)
    }

    /// Whether a further answer to a probe is the target's own after a router's; it is once at the most.
    mutating func areOverruled(by reply: ProbeReply, to probe: Probe) -> Bool {
        reply.kind.isFromTarget && ids.remove(probe.id) != nil
    }
}
