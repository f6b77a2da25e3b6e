internal import TraceCore

/// Places in the order of what was measured, where those that cannot be told apart share a rank.
///
/// Each place has an interval in which its true figure lies. One is surely better than another if its interval ends before the
/// other's begins. The rank of a place is one more than how many are surely better: so no rank says what was not measured.
package struct CloudRanking: Sendable {
    /// A figure with its interval; less is better.
    package struct Figure: Sendable, Hashable {
        package let low: Double
        package let middle: Double
        package let high: Double

        package init(low: Double, middle: Double, high: Double) {
            (self.low, self.middle, self.high) = (low, middle, high)
        }
    }

    /// What was measured of a place.
    package struct Sample: Sendable, Hashable {
        package let id: String
        /// The round trips of what was answered.
        package let roundTrips: [Duration]
        /// How much was sent.
        package let sent: Int

        package init(_ id: String, roundTrips: [Duration], sent: Int) {
            (self.id, self.roundTrips, self.sent) = (id, roundTrips, max(sent, roundTrips.count))
        }
    }

    /// How much each counts: round trips in milliseconds, their jitter, and a loss of one percent.
    package struct Weights: Sendable, Hashable, Codable {
        package var latency = 1.0
        package var jitter = 0.0
        package var loss = 0.0

        package init(latency: Double = 1, jitter: Double = 0, loss: Double = 0) {
            (self.latency, self.jitter, self.loss) = (latency, jitter, loss)
        }
    }

    /// A place with its rank.
    package struct Place: Sendable, Hashable {
        package let id: String
        package let figure: Figure
        /// One more than how many are surely better.
        package let rank: Int
        /// The last rank that it may have: those that are surely worse are behind it.
        package let lastRank: Int
    }

    /// The best first; of equal ranks, the smaller figure.
    package let places: [Place]
    /// Those of which nothing was answered: they have no rank.
    package let silent: [String]

    /// Ranks places by what was measured of them.
    package init(_ samples: [Sample], by weights: Weights = Weights()) {
        self.init(
            figures: Self.figures(of: samples, by: weights),
            silent: samples.filter(\.roundTrips.isEmpty).map(\.id).sorted())
    }

    /// What was measured of places, as figures. Those of which nothing was answered have none.
    static func figures(of samples: [Sample], by weights: Weights) -> [(id: String, figure: Figure)] {
        // How far apart the round trips of one place lie, anywhere: of few at a place nobody knows it from these alone.
        let spread = samples.filter { $0.roundTrips.count > 2 }.map(\.spread).max() ?? .infinity
        return samples.filter { !$0.roundTrips.isEmpty }.map { ($0.id, $0.figure(weights, spread: spread)) }
    }

    /// Ranks places by their figures.
    init(figures: [(id: String, figure: Figure)], silent: [String] = []) {
        self.silent = silent
        let (lows, highs) = (figures.map(\.1.low).sorted(), figures.map(\.1.high).sorted())
        places = figures.map { id, figure in
            Place(
                id: id, figure: figure, rank: 1 + highs.count(while: { $0 < figure.low }),
                lastRank: lows.count(while: { $0 <= figure.high }))
        }.sorted { ($0.rank, $0.figure.middle, $0.id) < ($1.rank, $1.figure.middle, $1.id) }
    }
}

extension CloudRanking.Sample {
    /// What counts, with an interval that has it in 998 of 1,000 cases.
    func figure(_ weights: CloudRanking.Weights, spread: Double) -> CloudRanking.Figure {
        let sorted = roundTrips.map(\.inMilliseconds).sorted()
        let median = Self.median(sorted, spread: spread)
        let steps = zip(roundTrips, roundTrips.dropFirst()).map { abs($0.inMilliseconds - $1.inMilliseconds) }.sorted()
        let jitter =
            steps.isEmpty ? CloudRanking.Figure(low: 0, middle: 0, high: 0) : Self.median(steps, spread: spread)
        let loss = Self.loss(sent - roundTrips.count, of: sent)
        func sum(_ part: (CloudRanking.Figure) -> Double) -> Double {
            // What does not count may be unknown.
            (weights.latency > 0 ? weights.latency * part(median) : 0)
                + (weights.jitter > 0 ? weights.jitter * part(jitter) : 0)
                + (weights.loss > 0 ? weights.loss * part(loss) : 0)
        }
        return CloudRanking.Figure(low: sum(\.low), middle: sum(\.middle), high: sum(\.high))
    }

    /// How far apart the round trips lie, in milliseconds.
    fileprivate var spread: Double {
        (roundTrips.max() ?? .zero).inMilliseconds - (roundTrips.min() ?? .zero).inMilliseconds
    }

    /// The median, between the order statistics that have it between them in 998 of 1,000 cases. That takes ten. Of fewer it
    /// is between the least and the greatest, and farther away by how far apart such numbers lie; of one or two it is
    /// anywhere.
    static func median(_ sorted: [Double], spread: Double) -> CloudRanking.Figure {
        let count = sorted.count
        guard count >= 10 else {
            let middle = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
            let more = count < 3 ? .infinity : max(spread, sorted[count - 1] - sorted[0]) * Double(10 - count) / 7
            return CloudRanking.Figure(low: max(0, sorted[0] - more), middle: middle, high: sorted[count - 1] + more)
        }
        // The chance that as few as this lie on one side of the true median, of a thousand at least.
        var (rank, chance, ways) = (0, 0.0, 1.0)
        let all = (0..<min(count, 1_000)).reduce(1.0) { product, _ in product / 2 }
        while rank < count / 2, count <= 1_000 {
            chance += ways * all
            guard chance <= 0.001 else { break }
            rank += 1
            ways *= Double(count - rank + 1) / Double(rank)
        }
        let low = max(0, rank - 1)
        let middle = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
        return CloudRanking.Figure(low: sorted[low], middle: middle, high: sorted[count - 1 - low])
    }

    /// The share that was lost in percent, in Wilson's interval.
    static func loss(_ lost: Int, of sent: Int) -> CloudRanking.Figure {
        guard sent > 0 else { return CloudRanking.Figure(low: 0, middle: 0, high: 100) }
        let (count, share, z) = (Double(sent), Double(lost) / Double(sent), 3.09)
        let center = (share + z * z / (2 * count)) / (1 + z * z / count)
        let half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        return CloudRanking.Figure(
            low: 100 * max(0, min(share, center - half)), middle: 100 * share,
            high: 100 * min(1, max(share, center + half)))
    }
}

extension [Double] {
    /// How many of these sorted numbers, from the first on, are as wanted.
    fileprivate func count(while isWanted: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isWanted(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
