import Testing
import TraceCoreFuzzChecks

@testable import TraceCore

/// Runs that share a budget, on a clock that jumps from one moment to the next.
private struct Crowd {
    /// How a run behaves.
    struct Member {
        var share = ProbeSchedule.Share()
        /// How many it would send each time.
        var wants = 1
        /// How long after a send it wants to send again.
        var rest: Duration = .zero
        /// When it comes, and when it goes.
        var comes: Duration = .zero
        var leaves: Duration = .seconds(1_000)
        var sent = 0
    }

    private struct Wake: Comparable {
        let at: Duration
        let member: Int
        static func < (left: Wake, right: Wake) -> Bool { (left.at, left.member) < (right.at, right.member) }
    }

    var schedule: ProbeSchedule
    var members: [Member]
    /// Everything that was sent, and when it left.
    var sends: [(at: Duration, count: Int)] = []
    /// How often somebody asked.
    var questions = 0

    init(_ rate: Int, _ members: [Member]) {
        schedule = ProbeSchedule(probesPerSecond: rate)
        self.members = members
    }

    /// Lets everybody ask and send until a time; who waits wakes up late by up to a jitter, and who sends takes up to
    /// another for it.
    mutating func run(until end: Duration, jitter: Duration = .zero, sending: Duration = .zero, seed: UInt64 = 1) {
        var random = SeededGenerator(seed: seed)
        func some(_ most: Duration) -> Duration { most * Double.random(in: 0...1, using: &random) }
        var wakes = BinaryHeap<Wake>()
        var spends = BinaryHeap<Wake>()
        var counts: [Int: Int] = [:]
        for (index, member) in members.enumerated() { wakes.insert(Wake(at: member.comes, member: index)) }
        while true {
            if let spend = spends.first, spend.at <= (wakes.first?.at ?? end), spend.at < end {
                _ = spends.popFirst()
                let count = counts.removeValue(forKey: spend.member) ?? 0
                // It left at some moment since it was granted: at the very end, as far as the test knows.
                sends.append((spend.at, count))
                members[spend.member].sent += count
                schedule.spend(count, of: &members[spend.member].share, at: spend.at)
                wakes.insert(Wake(at: spend.at + members[spend.member].rest, member: spend.member))
                continue
            }
            guard let wake = wakes.popFirst(), wake.at < end else { return }
            if wake.at >= members[wake.member].leaves {
                schedule.release(&members[wake.member].share, at: wake.at)
                continue
            }
            questions += 1
            let wants = members[wake.member].wants
            let count = schedule.ready(upTo: wants, for: &members[wake.member].share, at: wake.at)
            if count > 0 {
                counts[wake.member] = count
                spends.insert(Wake(at: wake.at + some(sending), member: wake.member))
            } else {
                let pause = members[wake.member].share.pause
                let next = min(wake.at + pause + some(jitter), max(wake.at, members[wake.member].leaves))
                wakes.insert(Wake(at: next, member: wake.member))
            }
        }
    }

    /// The most that was sent within a span, wherever it begins.
    func most(within span: Duration) -> Int {
        var (most, sum, first) = (0, 0, 0)
        for send in sends {
            sum += send.count
            while sends[first].at <= send.at - span {
                sum -= sends[first].count
                first += 1
            }
            most = max(most, sum)
        }
        return most
    }

    var total: Int { sends.reduce(0) { $0 + $1.count } }
}

@Suite struct ProbeScheduleTests {
    @Test(arguments: [Duration.zero, .milliseconds(1), .milliseconds(30)], [1, 20, 1_000])
    func `a thousand runs stay within the budget, and each gets its share within a fifth`(
        jitter: Duration, wants: Int
    ) {
        var crowd = Crowd(2_000, Array(repeating: .init(wants: wants), count: 1_000))
        crowd.run(until: .seconds(10), jitter: jitter, sending: .milliseconds(2))
        #expect(crowd.most(within: .milliseconds(100)) <= 200)
        let counts = crowd.members.map(\.sent)
        #expect(counts.allSatisfy { (16...24).contains($0) }, "\(counts.min() ?? 0) to \(counts.max() ?? 0)")
        #expect(crowd.total >= 19_000)
        // Each waits for its own turn: nobody asks again and again.
        #expect(crowd.questions < crowd.total * 8)
    }

    @Test(arguments: [Duration.zero, .milliseconds(2), .milliseconds(20)])
    func `what nobody else wants goes to one run alone`(jitter: Duration) {
        var crowd = Crowd(2_000, [.init(wants: 64)])
        crowd.run(until: .seconds(10), jitter: jitter, sending: .microseconds(100))
        #expect(crowd.most(within: .milliseconds(100)) <= 200)
        #expect(crowd.total >= 17_500, "\(crowd.total)")
    }

    @Test func `after a rest a path is asked at once, and no more than the window allows`() {
        var schedule = ProbeSchedule(probesPerSecond: 2_000)
        var share = ProbeSchedule.Share()
        var count = 0
        let now = Duration.seconds(60)
        while case let more = schedule.ready(upTo: 90, for: &share, at: now), more > 0 {
            schedule.spend(more, of: &share, at: now)
            count += more
        }
        #expect(count >= 40 && count <= 90)
        #expect(share.pause <= .milliseconds(10))
    }

    @Test func `runs that leave in the middle hold nobody up`() {
        var members = Array(repeating: Crowd.Member(wants: 10), count: 1_000)
        for index in 0..<990 { members[index].leaves = .seconds(2) }
        var crowd = Crowd(2_000, members)
        crowd.run(until: .seconds(4), jitter: .milliseconds(1), sending: .microseconds(50))
        #expect(crowd.most(within: .milliseconds(100)) <= 200)
        // Those who stay have it all, two seconds long, but for the moment in which they learn of it.
        let late = crowd.sends.filter { $0.at > .seconds(2) }.reduce(0) { $0 + $1.count }
        #expect(late >= 3_500, "\(late)")
        for member in crowd.members.suffix(10) { #expect((280...460).contains(member.sent), "\(member.sent)") }
    }

    @Test func `a run that sends seldom waits one turn, however much others want`() {
        var members = Array(repeating: Crowd.Member(wants: 1_000), count: 20)
        members.append(.init(wants: 1, rest: .seconds(1)))
        var crowd = Crowd(2_000, members)
        crowd.run(until: .seconds(20), jitter: .milliseconds(1))
        // Twenty others with a probe each are before it: a hundredth of a second.
        #expect((19...20).contains(crowd.members[20].sent), "\(crowd.members[20].sent)")
    }

    @Test func `what was granted and not sent is given back`() {
        var schedule = ProbeSchedule(probesPerSecond: 100)
        var (idle, busy) = (ProbeSchedule.Share(), ProbeSchedule.Share())
        #expect(schedule.ready(upTo: 1, for: &idle, at: .seconds(1)) == 1)
        schedule.spend(0, of: &idle, at: .seconds(1))
        var sent = 0
        for step in 0..<1_000 {
            let now = Duration.seconds(1) + .milliseconds(step)
            let count = schedule.ready(upTo: 5, for: &busy, at: now)
            schedule.spend(count, of: &busy, at: now)
            sent += count
        }
        #expect((99...110).contains(sent), "\(sent)")
    }

    @Test func `a probe counts from its grant until a window after it was sent`() {
        var schedule = ProbeSchedule(probesPerSecond: 10)
        var (slow, other) = (ProbeSchedule.Share(), ProbeSchedule.Share())
        #expect(schedule.ready(upTo: 1, for: &slow, at: .seconds(1)) == 1)
        // It may leave at any moment, so nobody else can.
        #expect(schedule.ready(upTo: 1, for: &other, at: .milliseconds(1_500)) == 0)
        schedule.spend(1, of: &slow, at: .milliseconds(1_510))
        #expect(schedule.ready(upTo: 1, for: &other, at: .milliseconds(1_600)) == 0)
        #expect(other.pause <= .milliseconds(10))
        #expect(schedule.ready(upTo: 1, for: &other, at: .milliseconds(1_610)) == 1)
    }

    @Test(arguments: [1, 3, 10, 25, 1_000, 1_000_000])
    func `any budget is kept and nearly used`(rate: Int) {
        var crowd = Crowd(rate, Array(repeating: .init(wants: 1_000_000), count: 3))
        crowd.run(until: .seconds(20), jitter: .microseconds(200))
        #expect(crowd.most(within: .milliseconds(100)) <= max(1, rate / 10))
        let whole = rate >= 10 ? rate / 10 * 10 : rate
        #expect(crowd.total >= whole * 18, "\(crowd.total)")
    }
}

@Suite struct BudgetShareTests {
    @Test func `a share that is dropped gives back its turn`() {
        let clock = ManualClock()
        let budget = ProbeBudget(probesPerSecond: 10, clock: clock)
        let first = budget.share()
        #expect(first.ready(upTo: 1) == 1)
        first.spend(1)
        var gone: BudgetShare? = budget.share()
        #expect(gone?.ready(upTo: 1) == 0)
        let last = budget.share()
        #expect(last.ready(upTo: 1) == 0)
        #expect(last.pause > .milliseconds(100))
        gone = nil
        clock.advance(by: .milliseconds(100))
        #expect(last.ready(upTo: 1) == 1)
    }
}
