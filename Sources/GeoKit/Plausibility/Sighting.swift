/// An address as a trace met it, with the places that are claimed for it.
public struct Sighting: Sendable, Hashable {
    /// How many hops away it is.
    public var ttl: Int
    /// The smallest round trip to it, or nil if it is not known.
    public var rtt: Duration?
    /// The flows of the probes that it answered: what balances by flow leads them on one way.
    public var flows: Set<UInt16>
    /// The claimed places.
    public var places: [Place]

    /// An address with its claims.
    public init(ttl: Int, rtt: Duration?, flows: Set<UInt16> = [0], places: [Place]) {
        self.ttl = ttl
        // A time before the question is no answer.
        self.rtt = rtt.flatMap { $0 >= .zero ? $0 : nil }
        self.flows = flows
        self.places = places
    }
}

/// The fastest answer from behind a hop.
struct LaterAnswer {
    let ttl: Int
    let rtt: Duration

    /// For each sighting of a path, the fastest answer from behind it on a flow of its own.
    static func all(_ sightings: [Sighting]) -> [LaterAnswer?] {
        var answers = [LaterAnswer?](repeating: nil, count: sightings.count)
        var fastest: [UInt16: LaterAnswer] = [:]
        // From the last to the first; those of one TTL see only what is behind them all.
        var waiting: [Sighting] = []
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

extension Sighting {
    fileprivate func hasten(_ fastest: inout [UInt16: LaterAnswer]) {
        guard let rtt else { return }
        for flow in flows where fastest[flow].map({ rtt < $0.rtt }) ?? true {
            fastest[flow] = LaterAnswer(ttl: ttl, rtt: rtt)
        }
    }
}
