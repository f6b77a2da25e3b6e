/// Runs as results of RIPE Atlas (firmware 5000 and later), which `ripe.atlas.sagan` reads.
public enum Atlas {}

extension Atlas {
    /// What a RIPE Atlas result says of the probe and the measurement that it belongs to, which a run does not know.
    public struct Settings: Sendable, Hashable {
        /// The number of the measurement; 0, which is none, unless there is one.
        public var measurementID: Int
        /// The number of the probe; 0, which is none, unless there is one.
        public var probeID: Int
        /// The firmware whose form of results is written.
        public var firmware: Int
        /// The address of the probe as the world sees it, where it is known.
        public var publicAddress: IPAddress?
        /// The variation of the Paris traceroute, or 0 for a classic one, where it is known.
        public var parisID: Int?
        /// The traffic class of the probes, or nil for what the run says of it.
        public var trafficClass: UInt8?

        /// Settings; without anything else, those of a run that belongs to no measurement.
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
