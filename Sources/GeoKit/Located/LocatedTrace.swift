public import TraceCore

/// A trace with the places of its hops: what each source says, whether it can be, and what is left.
public struct LocatedTrace: Sendable, Hashable {
    /// The trace.
    public let trace: TraceReport
    /// Where the probes came from, if that is known.
    public let source: Place?
    /// A hop for each of the trace's.
    public let hops: [Hop]

    /// What is known of a hop: several addresses may answer there, each from a place of its own.
    public struct Hop: Sendable, Hashable {
        /// The number of hops that the probes could live.
        public let ttl: Int
        /// Who answered, in the order of the first answers.
        public let responders: [Responder]
    }

    /// An address that answered, and where it is.
    public struct Responder: Sendable, Hashable {
        /// The address.
        public let address: IPAddress
        /// The smallest round trip to it in the whole trace, in whole nanoseconds.
        public let rtt: Duration
        /// What every source says, in the order in which they were asked.
        public let opinions: [Opinion]
        /// Whose the address is.
        public let systems: [AutonomousSystem]

        /// The opinion that counts: the first that is not impossible.
        public var chosen: Opinion? { opinions.first { !$0.verdict.isImpossible } }

        /// Where the address is, or nil if nobody says so or if all that is said is impossible.
        public var place: Place? { chosen?.place }
    }

    /// A place that a source claims, and whether it can be.
    public struct Opinion: Sendable, Hashable {
        /// The claim.
        public let place: Place
        /// Whether it can be true.
        public let verdict: Verdict
    }

    init(trace: TraceReport, source: Place?, hops: [Hop]) {
        self.trace = trace
        self.source = source
        self.hops = hops
    }

    /// Locates every address of a trace.
    ///
    /// - Parameters:
    ///   - trace: The trace; its reverse names are shown to the geolocator.
    ///   - source: Where the probes came from; without it, less can be ruled out.
    ///   - geolocator: Who is asked, once for each address.
    ///   - judge: Who says whether the answers can be.
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
