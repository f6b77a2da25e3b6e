import Testing
import TraceCore
import TraceCoreFuzzChecks

@testable import TraceCoreCloud

@Suite("The ranks of clouds") struct CloudRankingTests {
    private func sample(_ id: String, _ milliseconds: [Double], sent: Int = 0) -> CloudRanking.Sample {
        CloudRanking.Sample(
            id, roundTrips: milliseconds.map { .nanoseconds(Int64($0 * 1_000_000)) }, sent: sent)
    }

    @Test func `places that cannot be told apart share a rank`() {
        let ranking = CloudRanking([
            sample("far", (0..<10).map { 80 + Double($0) }), sample("near", (0..<10).map { 10 + Double($0) }),
            sample("as near", (0..<10).map { 12 + Double($0) }), sample("none", [], sent: 10),
        ])
        #expect(ranking.places.map(\.id) == ["near", "as near", "far"])
        #expect(ranking.places.map(\.rank) == [1, 1, 3])
        #expect(ranking.places.map(\.lastRank) == [2, 2, 3])
        #expect(ranking.silent == ["none"])
        #expect(CloudRanking([]).places.isEmpty)
    }

    @Test func `one or two round trips put nothing in an order, and a few only what is far apart`() {
        for count in 1...2 {
            let ranking = CloudRanking([
                sample("near", Array(repeating: 10, count: count)), sample("far", Array(repeating: 300, count: count)),
            ])
            #expect(ranking.places.map(\.rank) == [1, 1] && ranking.places.map(\.lastRank) == [2, 2])
        }
        let few = CloudRanking([
            sample("near", [10, 11, 12]), sample("as near", [13, 14, 15]), sample("far", [300, 301, 302]),
        ])
        #expect(few.places.map(\.rank) == [1, 1, 3])
    }

    /// As the packet's own time differs: it is never less than the way takes.
    @Test func `no true order is contradicted, and what lies apart is told apart`() {
        var contradictions = 0
        for seed in UInt64(1)...100 {
            var dice = SeededGenerator(seed: seed)
            let truth = (0..<40).map { _ in Double.random(in: 5...250, using: &dice) }
            let ranking = CloudRanking(
                truth.enumerated().map { number, median in
                    sample(
                        "\(number)",
                        (0..<10).map { _ in
                            median - 2 + 4 * Double.random(in: 0...1, using: &dice)
                                * Double.random(in: 0.5...1.5, using: &dice)
                        })
                })
            #expect(ranking.places.count == 40)
            for (index, place) in ranking.places.enumerated() {
                let own = truth[Int(place.id) ?? 0]
                for other in ranking.places[(index + 1)...] where place.figure.high < other.figure.low {
                    // Medians of what is measured lie within half a millisecond of these.
                    contradictions += own > truth[Int(other.id) ?? 0] + 0.5 ? 1 : 0
                }
                for other in ranking.places where truth[Int(other.id) ?? 0] > own + 10 {
                    #expect(place.figure.high < other.figure.low && place.rank < other.rank)
                }
            }
        }
        #expect(contradictions == 0)
    }

    @Test(arguments: [11, 12, 20, 51, 300]) func `the interval of a median has it as often as it says`(count: Int) {
        var dice = SeededGenerator(seed: UInt64(count))
        var outside = 0
        for _ in 0..<10_000 {
            let sorted = (0..<count).map { _ in Double.random(in: 0...1, using: &dice) }.sorted()
            let figure = CloudRanking.Sample.median(sorted, spread: 0)
            #expect(figure.low <= figure.middle && figure.middle <= figure.high)
            outside += figure.low > 0.5 || figure.high < 0.5 ? 1 : 0
        }
        // Two in a thousand at most, and what chance adds; and no wider than need be.
        #expect(outside <= 40)
        if count >= 20 {
            let sorted = (0..<count).map(Double.init)
            #expect(CloudRanking.Sample.median(sorted, spread: 0).low > 0)
        }
    }

    @Test(arguments: [1, 2, 3, 6, 9, 10]) func `of few round trips the interval is wider than they are`(count: Int) {
        let sorted = (0..<count).map { 5 + Double($0) }
        let figure = CloudRanking.Sample.median(sorted, spread: 1)
        switch count {
        case 1, 2: #expect(figure.low == 0 && figure.high == .infinity)
        case 10: #expect(figure.low == 5 && figure.high == 14)
        default: #expect(figure.low < 5 && figure.high > sorted[count - 1] && figure.high < 100)
        }
    }

    @Test func `loss has the interval of Wilson, and what is lost can weigh more than time`() {
        #expect(CloudRanking.Sample.loss(0, of: 10).low == 0 && CloudRanking.Sample.loss(10, of: 10).high == 100)
        let half = CloudRanking.Sample.loss(50, of: 100)
        // By the formula of Wilson (1927) for z = 3.09.
        #expect((35.2...35.4).contains(half.low) && (64.6...64.8).contains(half.high) && half.middle == 50)
        let samples = [
            sample("lossy", (0..<100).map { _ in 10 }, sent: 200), sample("slow", (0..<200).map { _ in 40 }, sent: 200),
        ]
        #expect(CloudRanking(samples).places.map(\.id) == ["lossy", "slow"])
        let weighed = CloudRanking(samples, by: CloudRanking.Weights(latency: 1, loss: 2))
        #expect(weighed.places.map(\.id) == ["slow", "lossy"] && weighed.places.map(\.rank) == [1, 2])
    }

    @Test func `jitter is how much neighbours differ`() {
        let steady = sample("steady", (0..<40).map { 50 + Double($0 % 2) * 0.1 })
        let wild = sample("wild", (0..<40).map { 20 + Double($0 % 2) * 30 })
        let ranking = CloudRanking([steady, wild], by: CloudRanking.Weights(latency: 0, jitter: 1))
        #expect(ranking.places.map(\.id) == ["steady", "wild"] && ranking.places.map(\.rank) == [1, 2])
        #expect((29.9...30.1).contains(ranking.places[1].figure.middle))
    }
}
