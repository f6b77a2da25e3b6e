public import TraceCore

/// A trace with the places of its hops: what each source says, whether it is possible, and what is left.
public struct LocatedTrace: Sendable, Hashable {
    /// The trace.
    public let trace: TraceReport
    /// Where the probes came from, if that is known.
    public let source: Place?
    /// The hops, one for each hop of the trace.
    public let hops: [Hop]

    /// A hop. Several addresses may answer there, each from a different place.
    public struct Hop: Sendable, Hashable {
        /// The TTL of the probes.
        public let ttl: Int
        /// The addresses that answered, in the order of their first answers.
        public let responders: [Responder]
    }

    /// An address that answered, and where it is.
    public struct Responder: Sendable, Hashable {
        /// The address.
        public let address: IPAddress
        /// The shortest round trip to it in the whole trace, in whole nanoseconds.
        public let rtt: Duration
        /// What every source says, in the order in which they were asked.
        public let opinions: [Opinion]
        /// The networks that the address may belong to.
        public let systems: [AutonomousSystem]

        /// The first opinion that is not impossible.
        public var chosen: Opinion? { opinions.first { !$0.verdict.isImpossible } }

        /// Where the address is, or nil if no source knows or if every answer is impossible.
        public var place: Place? { chosen?.place }

        /// The places and networks as text, empty if nothing is known: `Frankfurt, DE  AS64500 Example`.
        ///
        /// A doubtful place has a question mark. If every claimed place is impossible, the text says so:
        /// `✗ (claimed Sydney, AU: 16,500 km in 12 ms)`. Text from databases is escaped.
        public var summary: String {
            var parts: [String] = []
            if let chosen {
                parts.append(chosen.verdict.isDoubtful ? "\(chosen.place.shortName) ?" : chosen.place.shortName)
            } else if let claim = opinions.first, let reason = claim.verdict.reason {
                parts.append("✗ (claimed \(claim.place.shortName): \(reason))")
            }
            // Several databases usually give the same number.
            var numbers: Set<UInt32> = []
            for system in systems where numbers.insert(system.number).inserted {
                parts.append(system.shortName)
            }
            return parts.joined(separator: "  ")
        }
    }

    /// A place that a source claims, and whether it is possible.
    public struct Opinion: Sendable, Hashable {
        /// The claim.
        public let place: Place
        /// Whether it can be true.
        public let verdict: Plausibility.Verdict
    }

    init(trace: TraceReport, source: Place?, hops: [Hop]) {
        self.trace = trace
        self.source = source
        self.hops = hops
    }

    /// Locates every address of a trace.
    ///
    /// - Parameters:
    ///   - trace: The trace. The geolocator also gets the reverse names in it.
    ///   - source: Where the probes came from. Without it, fewer claims can be ruled out.
    ///   - geolocator: The source of places, asked once for each address.
    ///   - judge: Decides whether the claims are possible.
    public init(
        trace: TraceReport, source: Place? = nil, geolocator: some Geolocator, judge: Plausibility = Plausibility()
    ) {
        let found = TraceSightings(trace, geolocator)
        let verdicts = judge.judge(found.sightings, from: source)
        let responders = found.addresses.indices.map { index in
            Responder(
                address: found.addresses[index], rtt: found.sightings[index].rtt ?? .zero,
                opinions: zip(found.sightings[index].places, verdicts[index]).map(Opinion.init),
                systems: found.systems[index])
        }
        let hops = trace.hops.map { hop in
            Hop(ttl: hop.ttl, responders: hop.addresses.compactMap { found.position[$0] }.map { responders[$0] })
        }
        self.init(trace: trace, source: source?.finite, hops: hops)
    }
}
