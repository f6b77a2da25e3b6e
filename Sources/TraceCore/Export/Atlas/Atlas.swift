/// Runs as results of RIPE Atlas (firmware 5000 and later), which `ripe.atlas.sagan` reads.
public enum Atlas {}

extension Atlas {
    /// The values that a run does not know: the probe and the measurement that a RIPE Atlas result belongs to.
    public struct Settings: Sendable, Hashable {
        /// The number of the measurement; 0 means none.
        public var measurementID: Int
        /// The number of the probe; 0 means none.
        public var probeID: Int
        /// The firmware whose format is written.
        public var firmware: Int
        /// The public address of the probe, where it is known.
        public var publicAddress: IPAddress?
        /// The variation of the Paris traceroute, or 0 for a classic one, where it is known.
        public var parisID: Int?
        /// The traffic class of the probes, or nil for that of the run.
        public var trafficClass: UInt8?

        /// Settings; by default, those of a run that belongs to no measurement.
        public init(
            measurementID: Int = 0, probeID: Int = 0, firmware: Int = 5000, publicAddress: IPAddress? = nil,
            parisID: Int? = nil, trafficClass: UInt8? = nil
        ) {
            self.measurementID = measurementID
            self.probeID = probeID
            self.firmware = firmware
            self.publicAddress = publicAddress
            self.parisID = parisID
            self.trafficClass = trafficClass
        }
    }
}
