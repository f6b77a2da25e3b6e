import Testing

@testable import TraceCore

@Suite("Paths that were kept") struct KeptChartTests {
    private typealias Hop = MonitorReport.Kept.Hop
    private let router = IPAddress(192, 0, 2, 1)
    private let target = IPAddress(192, 0, 2, 9)

    private func hop(_ ttl: Int, answered: Int, lost: Int = 0, at milliseconds: Int = 20, isTarget: Bool = true) -> Hop
    {
        var roundTrips = LatencyHistogram()
        for _ in 0..<answered { roundTrips.add(.milliseconds(milliseconds)) }
        return Hop(
            ttl: ttl, lost: lost, roundTrips: roundTrips,
            responders: answered > 0 ? [(isTarget ? target : router, answered, isTarget)] : [])
    }

    @Test func `the longest name of a hop has the room that it needs`() {
        let letters = "xe-1.cr1.for1.oceanic.example-te0-0-1.cr1.mba1.WMmillii.example"
        for start in 0..<24 {
            let name = String(letters.dropFirst(start).prefix(6 + start))
            let picture = kept([[hop(0, answered: 1), hop(1, answered: 1)]], [target: UntrustedText(name)]).chart.svg(
                width: 1_240)
            #expect(picture.contains("\(name)</text>"), "\(name)")
        }
    }

    private func kept(_ slots: [[Hop]], _ names: [IPAddress: UntrustedText] = [:]) -> MonitorReport.Kept {
        let run = RunDescription(
            verb: .monitor, target: ProbeTarget(name: "server", address: target), source: nil, method: .icmp,
            mode: "kept",
            startedAt: .epoch, parameters: RunDescription.Parameters())
        return MonitorReport.Kept(run, slotLength: .seconds(60), slots: slots, names: names)
    }

    @Test func `where a silent target was looked for behind itself is no path`() {
        let kept = kept([
            [
                hop(0, answered: 900, lost: 100), hop(1, answered: 1_000, isTarget: false),
                hop(2, answered: 900, lost: 100),
            ],
            [
                hop(0, answered: 900, lost: 100), hop(1, answered: 1_000, isTarget: false),
                hop(2, answered: 895, lost: 105),
                hop(3, answered: 5, lost: 95, at: 70),
            ],
        ])
        #expect(kept.report.hops.map(\.ttl) == [1, 2])
        #expect(kept.report.rounds == 2_000)
        let picture = kept.chart.svg(width: 1_240)
        #expect(picture.contains("loss of the target 10 %") && !picture.contains("70 ms"))
    }

    @Test func `a target that was farther for a while has the loss and round trips of both`() {
        let kept = kept([
            [hop(0, answered: 100), hop(1, answered: 100, isTarget: false), hop(2, answered: 100)],
            [
                hop(0, answered: 50, lost: 50, at: 70), hop(1, answered: 100, isTarget: false),
                hop(2, answered: 100, isTarget: false), hop(3, answered: 50, lost: 50, at: 70),
            ],
        ])
        #expect(kept.report.hops.map(\.ttl) == [1, 2, 3])
        let picture = kept.chart.svg(width: 1_240)
        #expect(picture.contains("loss of the target 25 %"))
        let longest = picture.firstMatch(of: /longest ([0-9.]+) ms/).flatMap { Double($0.1) }
        #expect((68...72).contains(longest ?? 0))
    }

    @Test func `the right end of a picture is the end of its last column`() {
        let slots = (0..<361).map { _ in [hop(0, answered: 1), hop(1, answered: 1)] }
        let chart = kept(slots).chart
        for width in [340, 760, 1_240] {
            let end = chart.end(inWidth: width)
            #expect(end >= .seconds(361 * 60) && end < .seconds(400 * 60), "\(width)")
        }
    }
}
