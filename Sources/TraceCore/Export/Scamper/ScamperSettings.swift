/// What scamper's record of a trace says that a run does not know.
public struct ScamperSettings: Sendable, Hashable {
    /// The number that the user gave the trace; 0 if none did, as in scamper.
    public var userID: Int
    /// The source port of the probes, where it is known.
    public var sourcePort: UInt16?
    /// The destination port of the probes, where it is known.
    public var targetPort: UInt16?
    /// The traffic class of the probes, or nil for what the run says of it.
    public var trafficClass: UInt8?
    /// Whether all probes are of one flow (Paris), which the name of the method tells.
    public var isParis: Bool

    /// Settings; without anything else, those of a trace of which nothing more is known.
    public init(
        userID: Int = 0, sourcePort: UInt16? = nil, targetPort: UInt16? = nil, trafficClass: UInt8? = nil,
        isParis: Bool = false
    ) {
        self.userID = userID
        self.sourcePort = sourcePort
        self.targetPort = targetPort
        self.trafficClass = trafficClass
        self.isParis = isParis
    }
}
