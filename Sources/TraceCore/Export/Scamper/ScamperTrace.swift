/// A trace as the JSON object that `scamper -O json` prints on one line.
///
/// Each answer is an entry of `hops`; lost probes have none. What a run cannot know is left out, such as the
/// identification of an answer's packet. `ftime` is in UTC; scamper writes local time.
public struct ScamperTrace: Sendable, Hashable, Codable {
    /// `trace`.
    public var type: String
    /// The version of the format: 0.1.
    public var version: String
    /// The number that the user gave the trace.
    public var userID: Int
    /// How the probes were sent, where that is known: `udp`, `icmp-echo` or `tcp`, with `-paris` if all had one flow.
    public var method: UntrustedText?
    /// The address that probes came from, where that is known.
    public var source: IPAddress?
    /// The address that was traced.
    public var target: IPAddress?
    /// The source port of the probes, where it is known.
    public var sourcePort: UInt16?
    /// The destination port of the probes, where it is known.
    public var targetPort: UInt16?
    /// Why the trace ended: `COMPLETED`, `UNREACH`, `GAPLIMIT`, `HOPLIMIT`, `ERROR`, `HALTED`, or `NONE` while it lasts.
    public var stopReason: String
    /// The ICMP code that says why the target is unreachable, or 0.
    public var stopData: Int
    /// When the trace began, where that is known.
    public var start: Start?
    /// The TTL of the last hop, even if it was silent.
    public var hopCount: Int
    /// The number of probes for each hop.
    public var attempts: Int?
    /// The last TTL that would have been probed.
    public var hopLimit: Int?
    /// The first TTL that was probed.
    public var firstHop: Int?
    /// The time between two probes in hundredths of a second, where it is known.
    public var probeWait: Int64?
    /// The traffic class of the probes, where it is known.
    public var trafficClass: UInt8?
    /// The size of the probes, with the IP header.
    public var probeSize: Int?
    /// How many probes were sent.
    public var probeCount: Int
    /// The answers.
    public var hops: [ScamperTrace.Hop]

    private enum CodingKeys: String, CodingKey {
        case type, version
        case userID = "userid"
        case method
        case source = "src"
        case target = "dst"
        case sourcePort = "sport"
        case targetPort = "dport"
        case stopReason = "stop_reason"
        case stopData = "stop_data"
        case start
        case hopCount = "hop_count"
        case attempts
        case hopLimit = "hoplimit"
        case firstHop = "firsthop"
        case probeWait = "wait_probe"
        case trafficClass = "tos"
        case probeSize = "probe_size"
        case probeCount = "probe_count"
        case hops
    }

    /// A wall-clock time with its text.
    public struct Start: Sendable, Hashable, Codable {
        /// The seconds since 1970.
        public var sec: Int64
        /// The microseconds within the second.
        public var usec: Int64
        /// The date and the time of day.
        public var ftime: String
    }

    /// The record of a trace.
    public init(_ record: TraceRecord, _ settings: ScamperTrace.Settings = ScamperTrace.Settings()) {
        let trace = record.trace
        type = "trace"
        version = "0.1"
        userID = settings.userID
        let name = trace.run.method == .icmp ? "icmp-echo" : trace.run.method?.rawValue
        method = name.map { UntrustedText(settings.isParis ? "\($0)-paris" : $0) }
        source = trace.run.source
        target = trace.target?.address
        sourcePort = settings.sourcePort
        targetPort = settings.targetPort
        (stopReason, stopData) = Self.stop(of: trace)
        let begun = trace.run.startedAt
        start = begun.map { begun in
            let time = ScamperTrace.Hop.Time(begun)
            return Start(
                sec: time.sec, usec: time.usec, ftime: String(begun.secondText.map { $0 == "T" ? " " : $0 }))
        }
        hopCount = trace.hops.last?.ttl ?? 0
        attempts = trace.run.parameters.queries
        hopLimit = trace.run.parameters.maxTTL
        firstHop = trace.run.parameters.firstTTL
        probeWait = trace.run.parameters.interval.map { $0.wholeNanoseconds / 10_000_000 }
        trafficClass = settings.trafficClass ?? trace.run.trafficClass
        probeSize = trace.run.parameters.packetSize
        probeCount = record.queries.isEmpty ? trace.hops.map(\.sent).reduce(0) { $0 &+ $1 } : record.queries.count
        let positions = record.positions
        hops = trace.hops.flatMap { hop in
            (hop.replies + hop.late).sorted { $0.sequence < $1.sequence }.map { reply in
                let position = positions[QueryKey(ttl: hop.ttl, sequence: reply.sequence)]
                return ScamperTrace.Hop(
                    reply, ttl: hop.ttl,
                    sentAt: position.flatMap { place in begun.map { $0 + record.queries[place].sentAt } },
                    size: trace.run.parameters.packetSize)
            }
        }
    }

    private static func stop(of trace: TraceReport) -> (reason: String, data: Int) {
        switch trace.end?.reason {
        case .reached: return ("COMPLETED", 0)
        case .unreachable:
            let last = trace.hops.last { !$0.replies.isEmpty }
            let code = last?.replies.last { $0.kind.isUnreachable }?.answer.icmp?.code
            return ("UNREACH", code.map { Int($0) } ?? 0)
        case .gap: return ("GAPLIMIT", 0)
        case .hopLimit: return ("HOPLIMIT", 0)
        case .failed: return ("ERROR", 0)
        case .cancelled, .deadline: return ("HALTED", 0)
        case .completed, nil: return ("NONE", 0)
        }
    }
}

extension ScamperTrace {
    /// The values that a run does not know, for scamper's record of a trace.
    public struct Settings: Sendable, Hashable {
        /// The number that the user gave the trace; 0 means none, as in scamper.
        public var userID: Int
        /// The source port of the probes, where it is known.
        public var sourcePort: UInt16?
        /// The destination port of the probes, where it is known.
        public var targetPort: UInt16?
        /// The traffic class of the probes, or nil for that of the run.
        public var trafficClass: UInt8?
        /// Whether all probes have one flow (Paris), which is part of the method's name.
        public var isParis: Bool

        /// Settings; by default, nothing more is known.
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
}
