/// The head of a run: what was asked of whom, and how. What is not known is nil, and has no key in JSON.
public struct RunDescription: Sendable, Hashable, Codable {
    /// What the run does.
    public var verb: Verb
    /// Whom it is about, or nil where there are many.
    public var target: ProbeTarget?
    /// The address that its probes come from, where that is known.
    public var source: IPAddress?
    /// How it asks; nil where that is not known, as of a recording that has lost its beginning.
    public var method: ProbeMethod?
    /// In which way the prober does so, where that is known.
    public var mode: String?
    /// The wall-clock time of its start, where that is known.
    public var startedAt: UTCTime?
    /// The settings that a reader of the report wants to know.
    public var parameters: RunDescription.Parameters

    /// The head of a run.
    public init(
        verb: Verb, target: ProbeTarget?, source: IPAddress? = nil, method: ProbeMethod?, mode: String?,
        startedAt: UTCTime?, parameters: RunDescription.Parameters = RunDescription.Parameters()
    ) {
        self.verb = verb
        self.target = target
        self.source = source
        self.method = method
        self.mode = mode
        self.startedAt = startedAt
        self.parameters = parameters
    }
}

extension RunDescription {
    /// The settings of a run that its report repeats; what a run does not have is nil.
    public struct Parameters: Sendable, Hashable, Codable {
        /// The first TTL that is probed.
        public var firstTTL: Int?
        /// The last TTL that is probed at the most.
        public var maxTTL: Int?
        /// The probes for each hop.
        public var queries: Int?
        /// The pings, rounds or targets at the most.
        public var count: Int?
        /// How many silent hops in a row end the run.
        public var gapLimit: Int?
        /// Whether a target that has answered gets no further probe.
        public var untilReply: Bool?
        /// The time between two of them.
        public var interval: Duration?
        /// The size of a probe's packet in bytes, IP header and all.
        public var packetSize: Int?
        /// How much of a packet is headers, where the run varies the rest.
        public var headerSize: Int?
        /// The traffic class (DSCP and ECN) that probes are sent with, where it is known.
        public var trafficClass: Int?
        /// The maximum segment size that TCP probes offer, where that is known.
        public var segmentSize: Int?
        /// How sure the run is to be that nothing was missed.
        public var confidence: Double?
        /// How often a probe that nobody answers is sent at the most.
        public var attempts: Int?

        /// Settings; what is not given does not apply. Of the interval, whole nanoseconds are kept, as JSON does.
        public init(
            firstTTL: Int? = nil, maxTTL: Int? = nil, queries: Int? = nil, count: Int? = nil,
            gapLimit: Int? = nil, untilReply: Bool? = nil, interval: Duration? = nil, packetSize: Int? = nil,
            headerSize: Int? = nil, trafficClass: Int? = nil, segmentSize: Int? = nil, confidence: Double? = nil,
            attempts: Int? = nil
        ) {
            self.firstTTL = firstTTL
            self.maxTTL = maxTTL
            self.queries = queries
            self.count = count
            self.gapLimit = gapLimit
            self.untilReply = untilReply
            self.interval = interval.map { .nanoseconds($0.wholeNanoseconds) }
            self.packetSize = packetSize
            self.headerSize = headerSize
            self.trafficClass = trafficClass
            self.segmentSize = segmentSize
            self.confidence = confidence
            self.attempts = attempts
        }

        /// The first TTL, also where a recording says what cannot be.
        var firstHop: Int { min(max(1, firstTTL ?? 1), 255) }

        private enum CodingKeys: String, CodingKey {
            case firstTTL, maxTTL, queries, count, gapLimit, untilReply
            case interval = "intervalMs"
            case packetSize, headerSize, trafficClass, segmentSize, confidence, attempts
        }

        /// Reads the settings.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            firstTTL = try container.decodeIfPresent(Int.self, forKey: .firstTTL)
            maxTTL = try container.decodeIfPresent(Int.self, forKey: .maxTTL)
            queries = try container.decodeIfPresent(Int.self, forKey: .queries)
            count = try container.decodeIfPresent(Int.self, forKey: .count)
            gapLimit = try container.decodeIfPresent(Int.self, forKey: .gapLimit)
            untilReply = try container.decodeIfPresent(Bool.self, forKey: .untilReply)
            interval = try container.decodeMillisecondsIfPresent(forKey: .interval)
            packetSize = try container.decodeIfPresent(Int.self, forKey: .packetSize)
            headerSize = try container.decodeIfPresent(Int.self, forKey: .headerSize)
            trafficClass = try container.decodeIfPresent(Int.self, forKey: .trafficClass)
            segmentSize = try container.decodeIfPresent(Int.self, forKey: .segmentSize)
            confidence = try container.decodeIfPresent(Double.self, forKey: .confidence)
            attempts = try container.decodeIfPresent(Int.self, forKey: .attempts)
        }

        /// Writes the settings that apply.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(firstTTL, forKey: .firstTTL)
            try container.encodeIfPresent(maxTTL, forKey: .maxTTL)
            try container.encodeIfPresent(queries, forKey: .queries)
            try container.encodeIfPresent(count, forKey: .count)
            try container.encodeIfPresent(gapLimit, forKey: .gapLimit)
            try container.encodeIfPresent(untilReply, forKey: .untilReply)
            try container.encodeIfPresent(milliseconds: interval, forKey: .interval)
            try container.encodeIfPresent(packetSize, forKey: .packetSize)
            try container.encodeIfPresent(headerSize, forKey: .headerSize)
            try container.encodeIfPresent(trafficClass, forKey: .trafficClass)
            try container.encodeIfPresent(segmentSize, forKey: .segmentSize)
            try container.encodeIfPresent(confidence, forKey: .confidence)
            try container.encodeIfPresent(attempts, forKey: .attempts)
        }
    }
}

/// What a run does, as reports name it.
///
/// It names and never decides: nothing in the library switches over it, so a verb of your own brings its name along.
public struct Verb: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The name, in lower case.
    public let rawValue: String

    /// A verb with a name of your own.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A verb with a name of your own.
    public init(stringLiteral name: String) { rawValue = name }

    /// Asks a host again and again.
    public static let ping = Verb(rawValue: "ping")
    /// Finds the path to a host.
    public static let trace = Verb(rawValue: "trace")
    /// Watches the path to a host, round after round.
    public static let monitor = Verb(rawValue: "monitor")
    /// Asks many addresses whether they are there.
    public static let sweep = Verb(rawValue: "sweep")
    /// Finds all paths to a host.
    public static let paths = Verb(rawValue: "paths")
    /// Finds how large packets to a host may be.
    public static let mtu = Verb(rawValue: "mtu")

    /// The name.
    public var description: String { rawValue }
}
