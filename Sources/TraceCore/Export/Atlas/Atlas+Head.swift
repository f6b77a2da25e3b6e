extension Atlas {
    /// The fields that RIPE Atlas results of every type begin with.
    public struct Head: Sendable, Hashable, Codable {
        /// The firmware whose format this is.
        public var firmware: Int
        /// How many seconds ago the clock was set; -1, as always here, means unknown.
        public var clockAge: Int
        /// The start of the run in seconds since 1970, where it is known.
        public var timestamp: Int64?
        /// The name or the address that was given.
        public var targetName: UntrustedText?
        /// The address that was probed.
        public var target: IPAddress?
        /// The address that probes came from, where that is known.
        public var source: IPAddress?
        /// The public address of the probe, where it is known.
        public var publicAddress: IPAddress?
        /// How the probes were sent: `ICMP`, `UDP` or `TCP`; readers know no others.
        public var method: String?
        /// The version of IP.
        public var family: Int?
        /// The bytes behind the headers of the probes.
        public var size: Int?
        /// The number of the measurement.
        public var measurementID: Int
        /// The number of the probe.
        public var probeID: Int
        /// The name of the measurement's type.
        public var measurementName: String
        /// The measurement's type.
        public var type: String

        private enum CodingKeys: String, CodingKey {
            case firmware = "fw"
            case clockAge = "lts"
            case timestamp
            case targetName = "dst_name"
            case target = "dst_addr"
            case source = "src_addr"
            case publicAddress = "from"
            case method = "proto"
            case family = "af"
            case size
            case measurementID = "msm_id"
            case probeID = "prb_id"
            case measurementName = "msm_name"
            case type
        }

        /// The head of a run's result.
        ///
        /// - Parameters:
        ///   - run: The run.
        ///   - name: The measurement's type, as people write it.
        ///   - settings: The values that the run does not know.
        init(_ run: RunDescription, name: String, _ settings: Atlas.Settings) {
            firmware = settings.firmware
            clockAge = -1
            timestamp = run.epochSecond()
            targetName = run.target.map { UntrustedText($0.name ?? "\($0.address)") }
            target = run.target?.address
            source = run.source
            publicAddress = settings.publicAddress
            switch run.method {
            case .icmp: method = "ICMP"
            case .udp: method = "UDP"
            case .tcp: method = "TCP"
            default: method = nil
            }
            family = run.target.map { $0.address.isV4 ? 4 : 6 }
            size = run.payloadSize.map { max(0, $0) }
            measurementID = settings.measurementID
            probeID = settings.probeID
            measurementName = name
            type = name.lowercased()
        }
    }
}
