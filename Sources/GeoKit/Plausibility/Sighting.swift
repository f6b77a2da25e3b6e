extension Plausibility {
    /// An address on a path, with the places that are claimed for it.
    public struct Sighting: Sendable, Hashable {
        /// How many hops away it is.
        public var ttl: Int
        /// The shortest round trip to it, or nil if it is unknown.
        public var rtt: Duration?
        /// The flows of the probes that it answered. Probes of one flow take one way through routers that balance by
        /// flow.
        public var flows: Set<UInt16>
        /// The claimed places.
        public var places: [Place]

        /// An address with its claims. A negative round trip counts as unknown.
        public init(ttl: Int, rtt: Duration?, flows: Set<UInt16> = [0], places: [Place]) {
            self.ttl = ttl
            self.rtt = rtt.flatMap { $0 >= .zero ? $0 : nil }
            self.flows = flows
            self.places = places
        }
    }
}

/// The fastest answer from behind a hop.
struct LaterAnswer {
    let ttl: Int
    let rtt: Duration

    /// For each sighting, the fastest answer from behind it that shares a flow with it.
    static func all(_ sightings: [Plausibility.Sighting]) -> [LaterAnswer?] {
        var answers = [LaterAnswer?](repeating: nil, count: sightings.count)
        var fastest: [UInt16: LaterAnswer] = [:]
        // From the last to the first. Sightings with the same TTL do not count as behind each other.
        var waiting: [Plausibility.Sighting] = []
        for index in sightings.indices.sorted(by: { sightings[$0].ttl > sightings[$1].ttl }) {
            let sighting = sightings[index]
            if let ttl = waiting.first?.ttl, ttl != sighting.ttl {
                for one in waiting { one.hasten(&fastest) }
                waiting = []
            }
            answers[index] = sighting.flows.compactMap { fastest[$0] }.min { $0.rtt < $1.rtt }
            waiting.append(sighting)
        }
        return answers
    }
}

extension Plausibility.Sighting {
    /// Enters the round trip for each flow on which it is the fastest so far.
    fileprivate func hasten(_ fastest: inout [UInt16: LaterAnswer]) {
        guard let rtt else { return }
        for flow in flows where fastest[flow].map({ rtt < $0.rtt }) ?? true {
            fastest[flow] = LaterAnswer(ttl: ttl, rtt: rtt)
        }
    }
}
