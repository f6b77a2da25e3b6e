/// What a search for all paths keeps of a hop, besides who was seen there.
struct MultipathHop: Sendable {
    /// Which flows are being asked about.
    var out = FlowSet()
    var attempts: [UInt16: Int] = [:]
    /// The longest round trip: the ways to a hop may differ.
    var longestRTT: Duration?
    var wait: Duration
    /// The time between two probes where answers stay away, since a router may limit them; and when the next may go.
    var pause = Duration.zero
    var next = Duration.zero

    init(wait: Duration) { self.wait = wait }
}
