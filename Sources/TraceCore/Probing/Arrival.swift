/// Something that came back, matched to the probe it answers.
public struct Arrival: Sendable, Hashable {
    /// The probe that is answered.
    public internal(set) var probe: Probe.ID
    /// When it came: for a channel since it was opened, for a plan since its run began.
    public let at: Duration
    /// What came.
    public internal(set) var reply: ProbeReply

    /// An answer to a probe, as a channel reports it.
    public init(probe: Probe.ID, at: Duration, reply: ProbeReply) {
        self.probe = probe
        self.at = at
        self.reply = reply
    }
}

extension Probe {
    /// A probe that could not be sent, while the channel goes on.
    public struct Failure: Sendable, Hashable {
        /// The probe that was not sent.
        public internal(set) var probe: Probe.ID
        /// Why it was not sent.
        public let error: ProbeError

        /// A failure of one probe.
        public init(probe: Probe.ID, error: ProbeError) {
            self.probe = probe
            self.error = error
        }
    }
}
