package import TraceCore

/// What many vantage points have seen, wherever it is kept: in the store of one of them, or in ClickHouse, which has all.
///
/// Pages and commands ask these questions and no others, so that they are the same for both.
package protocol PathArchive: Sendable {
    /// What the paths that fail at the end of a span have in common.
    func causes(from: UTCTime, to: UTCTime) async throws -> FleetCauses
    /// Which networks carried whom in a span, and what moved.
    func networks(from: UTCTime, to: UTCTime) async throws -> FleetNetworks
    /// How all targets are from all places; or so many of them, the worst.
    func matrix(from: UTCTime, to: UTCTime, most: Int?) async throws -> FleetMatrix
    /// How a target was from each place over time, in about so many slots.
    func series(of target: String, from: UTCTime, to: UTCTime, slots: Int) async throws -> [FleetSeries]
    /// What is known of addresses that answered in a span of time.
    func details(of addresses: Set<IPAddress>, from: UTCTime, to: UTCTime) async throws -> [IPAddress: FleetDetail]
    /// The names of networks, as far as they are known.
    func names(of systems: Set<UInt32>, from: UTCTime, to: UTCTime) async throws -> [UInt32: UntrustedText]
}

/// What counts as failing, and as seen.
enum FleetRules {
    /// So many probes in a row that nobody answers are no chance.
    static let leastLost = 3
    /// A path of which there is nothing newer is not seen any more, and who watched it may be gone: ten minutes, or three times
    /// as long as there is between two of its minutes.
    static let mostAge = 600
    /// A hop works if a path that works went through it in this time: routers keep silent for a while.
    static let recently = Duration.seconds(600)
    /// How long before a span a way is looked for on which a path worked.
    static let lookBack = Duration.seconds(7 * 86_400)
}

/// A path that is watched: by whom, from where, to what.
package struct FleetPath: Sendable, Hashable, Comparable {
    /// The vantage point that watches it.
    package var agent: String
    /// Where its probes come from: the vantage point itself, unless that has another one send them.
    package var place: String
    package var target: String
    package var host: String

    package init(agent: String, place: String, target: String, host: String) {
        (self.agent, self.place, self.target, self.host) = (agent, place, target, host)
    }

    package static func < (left: FleetPath, right: FleetPath) -> Bool {
        (left.target, left.place, left.agent) < (right.target, right.place, right.agent)
    }
}

/// A way that a path took for some minutes.
package struct FleetWay: Sendable, Hashable {
    package var path: FleetPath
    /// Who answered at each hop, most often of all; nil where nobody did.
    package var hops: [IPAddress?]
    /// The number of the network of each hop, 0 where it is not known.
    package var systems: [UInt32]
    /// The first of its minutes, and the end of the last.
    package var since, until: UTCTime
    package var sent, lost: Int
    /// The sum of the round trips to the end.
    package var roundTrips: Duration

    package init(
        _ path: FleetPath, hops: [IPAddress?], systems: [UInt32], since: UTCTime, until: UTCTime, sent: Int, lost: Int,
        roundTrips: Duration
    ) {
        (self.path, self.hops, self.systems) = (path, hops, systems)
        (self.since, self.until, self.sent, self.lost, self.roundTrips) = (since, until, sent, lost, roundTrips)
    }

    /// Whether the target answered nothing at all.
    package var isSilent: Bool { sent > 0 && lost == sent }
    package var mean: Duration? { sent > lost ? roundTrips / (sent - lost) : nil }
}

extension [FleetWay] {
    /// The ways of each path, in the order of time.
    var byPath: [FleetPath: [FleetWay]] {
        Dictionary(grouping: self, by: \.path).mapValues { $0.sorted { $0.until < $1.until } }
    }

    /// Adds a way; if it goes on where the last one ended, that becomes longer.
    mutating func join(_ way: FleetWay) {
        if let last, last.path == way.path, last.hops == way.hops, last.systems == way.systems,
            last.isSilent == way.isSilent
        {
            self[count - 1].until = way.until
            self[count - 1].sent += way.sent
            self[count - 1].lost += way.lost
            self[count - 1].roundTrips += way.roundTrips
        } else {
            append(way)
        }
    }
}

/// How a target was from a place over time.
package struct FleetSeries: Sendable, Hashable {
    /// What became of the probes in some time.
    package struct Slot: Sendable, Hashable {
        package var start: UTCTime
        package var sent, lost: Int
        /// Nil where nothing was answered.
        package var median, p90: Duration?

        /// A slot whose quantiles are known; they mean nothing where nothing was answered.
        init(start: UTCTime, sent: Int, lost: Int, median: Duration, p90: Duration) {
            (self.start, self.sent, self.lost) = (start, sent, lost)
            (self.median, self.p90) = sent > lost ? (median, p90) : (nil, nil)
        }

        /// - Parameter histogram: Round trips in microseconds, and how many there were of each.
        init(start: UTCTime, sent: Int, lost: Int, histogram: [(value: Int64, count: Int)]) {
            (self.start, self.sent, self.lost) = (start, sent, lost)
            let sorted = histogram.sorted { $0.value < $1.value }
            let all = sorted.reduce(0) { $0 + $1.count }
            func quantile(_ share: Double) -> Duration? {
                var left = Swift.max(1, Int((Double(all) * share).rounded(.up)))
                for (value, count) in sorted {
                    left -= count
                    if left <= 0 { return .microseconds(value) }
                }
                return nil
            }
            (median, p90) = (quantile(0.5), quantile(0.9))
        }
    }

    package var path: FleetPath
    package var slotLength: Duration
    package var slots: [Slot]

    package var sent: Int { slots.reduce(0) { $0 + $1.sent } }
    package var lost: Int { slots.reduce(0) { $0 + $1.lost } }
}

/// What is known of an address.
package struct FleetDetail: Sendable, Hashable {
    package var name: UntrustedText?
    package var system: UInt32?
    package var network: UntrustedText?

    package init(name: UntrustedText? = nil, system: UInt32? = nil, network: UntrustedText? = nil) {
        (self.name, self.system, self.network) = (name, system, network)
    }
}
