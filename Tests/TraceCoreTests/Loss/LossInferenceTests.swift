import Testing

@testable import TraceCore

/// Paths with loss of one known kind, each run with many seeds: what is said has to be true, and said often enough.
@Suite struct `Where loss is` {
    private static let seeds: ClosedRange<UInt64> = 1...40

    private static func topology(
        _ lines: String, gw: String = "", core: String = "", isp: String = "", server: String = ""
    ) -> String {
        """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms \(gw)
        router isp 198.51.100.1 delay=2ms \(isp)
        router isp2 198.51.100.11 delay=2ms loss=25%
        router core 198.51.100.2 delay=3ms \(core)
        router edge 198.51.100.3 delay=1ms
        host server 203.0.113.7 delay=4ms \(server)
        path server: gw isp core edge
        \(lines)
        """
    }

    private func reports(
        _ topology: String, by transport: ProbeTransport = .icmp, rounds: Int = 300
    ) async throws -> [LossReport] {
        let internet = try SimulatedInternet(parsing: topology)
        var reports: [LossReport] = []
        for seed in Self.seeds {
            let prober = SimulatedProber(transport, internet, options: SimulatedInternet.Options(seed: seed))
            let events = PathMonitor(prober, settings: MonitorSettings(rounds: rounds)).events(for: "server")
            var fold = LossReport.Fold()
            for try await event in events { fold.apply(event) }
            // What is known survives a restart.
            #expect(try JSON.decode(LossReport.Fold.self, from: JSON.encode(fold)) == fold)
            let report = try #require(fold.report())
            #expect(try JSON.decode(LossReport.self, from: JSON.encode(report)) == report)
            reports.append(report)
        }
        return reports
    }

    private func share(_ reports: [LossReport], _ isRight: (LossReport) -> Bool) -> Double {
        Double(reports.filter(isRight).count) / Double(reports.count)
    }

    @Test func `a path without loss has none, and nothing is said`() async throws {
        let reports = try await reports(Self.topology(""))
        #expect(reports.allSatisfy { $0.path?.sections == [] && $0.path?.share.lost == 0 && $0.lines().isEmpty })
    }

    @Test(arguments: [(5, 0.6), (20, 0.95)]) func `loss from a hop on is placed behind the hop before it`(
        _ percent: Int, _ leastShare: Double
    ) async throws {
        let reports = try await reports(Self.topology("", core: "loss=\(percent)%"))
        // Never on a link where it is not: two of hops 1 and 2 come before it, and at the latest hop 3 has it.
        let isFalse = share(reports) { report in
            report.path?.sections.contains { $0.after > 2 || $0.upTo < 3 || !$0.percent.contains(Double(percent)) }
                ?? true
        }
        #expect(isFalse <= 0.025)
        #expect(share(reports) { $0.path?.sections.map(\.after) == [2] } >= leastShare)
        // One end cannot know the direction; it says so, and takes no router for limited.
        #expect(share(reports) { $0.hops.contains { $0.verdict == .rateLimited } } <= 0.025)
        #expect(reports.allSatisfy { $0.lines().first?.contains("cannot tell") ?? false })
    }

    @Test func `two places of loss are both told, with how much is lost at each`() async throws {
        let longer = Self.topology("", core: "loss=40%", isp: "loss=15%").replacing(
            "path server: gw isp core edge", with: "path server: gw isp isp3 core edge"
        )
        .replacing("router core", with: "router isp3 198.51.100.4 delay=1ms\nrouter core")
        let told = try await reports(longer)
        #expect(share(told) { $0.path?.sections.map { [$0.after, $0.upTo] } == [[1, 2], [3, 4]] } >= 0.95)
        #expect(
            share(told) { report in
                guard let sections = report.path?.sections, sections.count == 2 else { return false }
                return sections[0].percent.contains(15) && sections[1].percent.contains(40)
            } >= 0.95)
        let line = try #require(told.first { $0.path?.sections.count == 2 }?.lines().first)
        #expect(line.contains("between hops 1 and 2 (") && line.contains("and between hops 3 and 4 ("), "\(line)")
    }

    @Test func `one hop between two places of loss is no witness, and they are told as one`() async throws {
        let reports = try await reports(Self.topology("", core: "loss=40%", isp: "loss=15%"))
        #expect(share(reports) { $0.path?.sections.map { [$0.after, $0.upTo] } == [[1, 3]] } >= 0.95)
        #expect(share(reports) { $0.path?.sections.first?.percent.contains(49) ?? false } >= 0.975)
    }

    @Test func `a router that limits its answers loses nothing`() async throws {
        let reports = try await reports(Self.topology("", isp: "rate=30/m burst=1"))
        #expect(reports.allSatisfy { $0.path?.share.lost == 0 && $0.path?.sections == [] })
        #expect(share(reports) { $0.hops[1].verdict == .rateLimited && $0.hops[1].pattern == .regular } >= 0.95)
        #expect(share(reports) { $0.hops.filter { $0.verdict != .none }.map(\.ttl) == [2] } == 1)
    }

    @Test func `answers of one router that are lost by chance are its own too`() async throws {
        let reports = try await reports(Self.topology("", isp: "reply-loss=20%"))
        #expect(share(reports) { $0.hops[1].verdict == .rateLimited && $0.hops[1].pattern == .random } >= 0.9)
        #expect(reports.allSatisfy { $0.path?.share.lost == 0 && $0.path?.sections == [] })
    }

    @Test func `limited answers and loss behind them are told apart`() async throws {
        let reports = try await reports(Self.topology("", core: "loss=15%", isp: "rate=30/m burst=1"))
        #expect(share(reports) { $0.hops[1].verdict == .rateLimited } >= 0.95)
        #expect(share(reports) { $0.path?.sections.map { [$0.after, $0.upTo] } == [[1, 3]] } >= 0.9)
        #expect(
            share(reports) { $0.lines().contains { $0.contains("is lost on the path up to there") } } >= 0.9)
    }

    @Test func `a silent router is called silent`() async throws {
        let reports = try await reports(Self.topology("", isp: "silent"))
        #expect(reports.allSatisfy { $0.hops[1].verdict == .silent && $0.hops[1].pattern == .all })
        #expect(reports.allSatisfy { $0.path?.sections == [] && $0.path?.share.lost == 0 && $0.lines().isEmpty })
    }

    @Test func `a target that limits its answers and a policer before it are not told apart`() async throws {
        for topology in [
            Self.topology("", server: "rate=30/m burst=1"),
            Self.topology("").replacing("edge 198.51.100.3", with: "edge 198.51.100.3 police=30/m"),
        ] {
            let reports = try await reports(topology, by: .udp(port: 33434))
            #expect(share(reports) { $0.path?.sections.map { [$0.after, $0.upTo] } == [[4, 5]] } >= 0.95)
            #expect(share(reports) { $0.path?.pattern == .regular && $0.path?.isTarget == true } >= 0.95)
            let says = [
                "between hop 4 and the target", "or all hops from there on leave out as many answers",
                "something limits packets or answers",
            ]
            #expect(
                share(reports) { report in says.allSatisfy { report.lines()[0].contains($0) } } >= 0.95,
                "\(reports[0].lines())")
        }
    }

    @Test(arguments: [("20/s", 5, 250), ("5/s", 5, 1000), ("3/s", 2, 1000)])
    func `a router that lets only so many packets through takes them from all hops behind it alike`(
        _ rate: String, _ burst: Int, _ interval: Int
    ) async throws {
        // As many hops as a burst has packets, and more.
        var text = "vantage here 192.0.2.100\n"
        for hop in 1...7 {
            text +=
                "router r\(hop) 198.51.100.\(hop) delay=1ms\(hop == 2 ? " police=\(rate) police-burst=\(burst)" : "")\n"
        }
        text += "host server 203.0.113.7 delay=1ms\npath server: r1 r2 r3 r4 r5 r6 r7\n"
        let internet = try SimulatedInternet(parsing: text)
        for seed in Self.seeds {
            let prober = SimulatedProber(.icmp, internet, options: SimulatedInternet.Options(seed: seed))
            let settings = MonitorSettings(interval: .milliseconds(interval), rounds: 300)
            var (losses, monitor) = (LossReport.Fold(), MonitorReport.Fold())
            for try await event in PathMonitor(prober, settings: settings).events(for: "server") {
                losses.apply(event)
                monitor.apply(event)
            }
            let report = try #require(losses.report())
            #expect(monitor.report()?.hops.count == 8 && report.path?.ttl == 8)
            #expect(!report.hops.contains { $0.verdict == .rateLimited })
            let shares = report.hops[2...].map { Double($0.share.lost) / Double($0.share.decided) }
            #expect(try #require(shares.max()) - #require(shares.min()) < 0.15, "\(shares)")
            #expect(report.path?.sections.map(\.after) == [2], "\(report.lines())")
        }
    }

    @Test func `where the target never answers, the last router that does is the end`() async throws {
        let reports = try await reports(Self.topology("", server: "echo=off"))
        #expect(reports.allSatisfy { $0.path?.isTarget == false && $0.path?.ttl == 4 })
    }

    @Test func `loss that comes with another TTL of the answers is said to, and no direction concluded`() async throws {
        let change = "at 149.5s set server return-hops=9 reply-loss=25%"
        let reports = try await reports(Self.topology(change))
        #expect(share(reports) { $0.path?.cameWith == .replyTTL } >= 0.95)
        #expect(share(reports) { $0.lines().first?.contains("another TTL, which is no proof") ?? false } >= 0.95)
    }

    @Test func `loss that comes with another way there is said to, and no direction concluded`() async throws {
        let reports = try await reports(Self.topology("at 149.5s path server: gw isp2 core edge"))
        #expect(share(reports) { $0.path?.cameWith == .wayThere } >= 0.95)
        #expect(share(reports) { $0.lines().first?.contains("on the way there, which is no proof") ?? false } >= 0.95)
    }

    /// Tallies of rounds in which every one of so many is lost, with the TTL that answers had left then.
    private func tally(_ rounds: Range<Int>, losing every: Int, replyTTL: UInt8 = 60, into tally: LossTally? = nil)
        -> LossTally
    {
        var tally = tally ?? LossTally()
        let response = ProbeReply(
            from: IPAddress(203, 0, 113, 7), rtt: .milliseconds(9), kind: .echoReply, ttl: replyTTL)
        for round in rounds {
            if every > 0, (round &* 7919) % every == 0 {
                tally.lose(round: round, isSpread: true, way: 0)
            } else {
                tally.answer(response, round: round, isSpread: true, way: 0)
            }
        }
        return tally
    }

    @Test func `answers of another server say nothing of the way back`() {
        for (ttl, companion) in [(50, LossReport.Companion.replyTTL), (120, nil), (250, nil)] {
            let quiet = tally(0..<300, losing: 0, replyTTL: 60)
            let end = tally(300..<600, losing: 4, replyTTL: UInt8(ttl), into: quiet)
            let path = LossInference(tallies: [end][...], isTarget: true).path()
            #expect(path?.cameWith == companion, "\(ttl)")
        }
    }

    @Test func `a router that limits its answers is no place of loss`() {
        // Hop 2 leaves half unanswered, and a fifth is lost behind it or before it: who knows.
        let tallies = [0, 2, 5, 5].map { tally(0..<600, losing: $0) }
        let path = LossInference(tallies: tallies[...], isTarget: true).path()
        // Their answers are missing regularly, too: they may limit them as well.
        #expect(path?.sections.map { [$0.after, $0.upTo] } == [[1, 4]])
    }

    @Test func `answers that come late are said to be late`() throws {
        let target = IPAddress(203, 0, 113, 7)
        var fold = LossReport.Fold()
        let run = RunDescription(
            verb: "monitor", target: ProbeTarget(address: target), method: .icmp, mode: "test", startedAt: .epoch)
        fold.apply(ProbeEvent(at: .zero, .started(run)))
        for number in 0..<20 {
            let probe = Probe(id: number, target: target, ttl: 1, sequence: number)
            let at = Duration.seconds(number)
            fold.apply(ProbeEvent(at: at, .sent(probe)))
            guard number % 5 == 0 else {
                let response = ProbeReply(from: target, rtt: .milliseconds(9), kind: .echoReply)
                fold.apply(ProbeEvent(at: at + response.rtt, .reply(probe, response)))
                continue
            }
            fold.apply(ProbeEvent(at: at + .seconds(3), .timedOut(probe)))
            let late = ProbeReply(from: target, rtt: .seconds(4), kind: .echoReply)
            fold.apply(ProbeEvent(at: at + .seconds(4), .late(probe, late)))
        }
        let report = try #require(fold.report())
        #expect(report.path?.answeredLate == 4 && report.path?.share.lost == 0)
        #expect(report.lines() == ["The target answered 4 probes late, after the time to wait: slow, not lost."])
        #expect(try JSON.decode(LossReport.self, from: JSON.encode(report)) == report)
    }

    @Test func `ten rounds are too few to say where`() async throws {
        let reports = try await reports(Self.topology("", core: "loss=10%"), rounds: 10)
        #expect(share(reports) { !($0.path?.sections ?? []).isEmpty } <= 0.05)
        #expect(share(reports) { $0.hops.contains { $0.verdict == .rateLimited } } <= 0.025)
    }

    @Test(arguments: [(0, 10), (1, 10), (5, 10), (10, 10), (3, 300), (1, 1), (0, 0)])
    func `the interval holds the share, and is all there is for nothing`(_ lost: Int, _ decided: Int) {
        let share = LossReport.Share(lost: lost, of: decided)
        let percent = decided > 0 ? 100 * Double(lost) / Double(decided) : 50
        #expect(share.percent.contains(percent))
        #expect((0...100).contains(share.percent.lowerBound) && (0...100).contains(share.percent.upperBound))
        if decided == 0 { #expect(share.percent == 0...100) }
    }
}
