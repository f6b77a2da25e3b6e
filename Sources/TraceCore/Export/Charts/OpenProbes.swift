/// When the probes were sent whose fate is not known yet.
struct OpenProbes: Sendable {
    /// More than any run has open. A recording may have probes that never end.
    static let limit = 65_536
    private var times: [Int: Duration] = [:]

    /// The probes that are open.
    var count: Int { times.count }

    /// Notes when a probe was sent.
    mutating func note(_ probe: Probe, at time: Duration) {
        if times.count >= Self.limit { times.removeAll() }
        times[probe.id] = time
    }

    /// When a probe was sent that is decided now; for one that is not known, the time that is given.
    mutating func take(_ probe: Probe, else time: Duration) -> Duration {
        max(.zero, times.removeValue(forKey: probe.id) ?? time)
    }
}
