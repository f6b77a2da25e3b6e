import Testing

@testable import TraceCore

/// Outages of a path without loss, made of events: what is told of them must not depend on how long answers are waited for.
@Suite struct `Outages that are told of` {
    private static let target = IPAddress(203, 0, 113, 7)
    private static let before = 60

    /// What becomes of a round.
    private enum Fate { case answered, silent, unsent, late(Duration) }

    private static func started(verb: Verb = .monitor) -> ProbeEvent {
        let run = RunDescription(
            verb: verb, target: ProbeTarget(address: target), method: .icmp, mode: "test", startedAt: .epoch)
        return ProbeEvent(at: .zero, .started(run))
    }

    private static func reply(_ probe: Probe, after rtt: Duration) -> ProbeEvent.Fact {
        .reply(probe, ProbeReply(from: target, rtt: rtt, kind: .echoReply))
    }

    /// Rounds of one probe a second.
    private static func events(
        _ rounds: Int, timeout: Duration, end: RunEnd? = RunEnd(.completed), _ fate: (Int) -> Fate
    ) -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        for number in 0..<rounds {
            let probe = Probe(id: number, target: target, ttl: 1, sequence: number)
            let at = Duration.seconds(number)
            let lost = ProbeEvent(at: at + timeout, .timedOut(probe))
            let sent = ProbeEvent(at: at, .sent(probe))
            switch fate(number) {
            case .answered:
                let rtt = Duration.milliseconds(9)
                events += [sent, ProbeEvent(at: at + rtt, reply(probe, after: rtt))]
            case .silent: events += [sent, lost]
            case .unsent: events.append(ProbeEvent(at: at, .sendFailed(probe, ProbeError(.network, "unreachable"))))
            case .late(let rtt):
                let response = ProbeReply(from: target, rtt: rtt, kind: .echoReply)
                events += [sent, lost, ProbeEvent(at: at + rtt, .late(probe, response))]
            }
        }
        // Sorting is not stable; what happens at the same time happens in the order in which it was made.
        let order = events.indices.sorted { (events[$0].at, $0) < (events[$1].at, $1) }
        let last = order.last.map { events[$0].at } ?? .zero
        return [started()] + order.map { events[$0] } + (end.map { [ProbeEvent(at: last, .ended($0))] } ?? [])
    }

    private static func told(_ events: [ProbeEvent], in fold: inout ChangeReport.Fold) -> [ChangeReport.Change] {
        events.flatMap { fold.take($0) }.filter { $0.kind == .targetLost || $0.kind == .targetBack }
    }

    @Test(arguments: 1...40, [0.5, 2, 5, 20, 300])
    func `an outage is told of once, from its beginning to its end`(_ length: Int, _ timeouts: Double) throws {
        // Two of them, so that what is left over from the first would show in the second.
        let first = Self.before..<(Self.before + length)
        let second = (2 * Self.before + length)..<(2 * Self.before + 2 * length)
        let events = Self.events(400, timeout: .seconds(timeouts)) {
            first.contains($0) || second.contains($0) ? .silent : .answered
        }
        var fold = ChangeReport.Fold()
        let changes = Self.told(events, in: &fold)
        let outages = try #require(fold.report()?.outages)
        guard length >= 6 else {
            #expect(changes.isEmpty && outages.isEmpty)
            return
        }
        #expect(changes.map(\.kind) == [.targetLost, .targetBack, .targetLost, .targetBack])
        #expect(outages.map(\.start) == [first, second].map { .epoch + .seconds($0.lowerBound) })
        for outage in outages {
            let error = try #require(outage.length) - .seconds(length)
            #expect(abs(error.wholeNanoseconds) <= 1_000_000_000, "\(outage)")
        }
    }

    @Test func `an outage is told of where more rounds are open than are kept`() throws {
        // Nothing says what became of the silent rounds: they stay open.
        let events = Self.events(700, timeout: .seconds(600), end: nil) {
            (100..<130).contains($0) ? .silent : .answered
        }
        var fold = ChangeReport.Fold()
        #expect(Self.told(events, in: &fold).map(\.kind) == [.targetLost, .targetBack])
        #expect(fold.report()?.outages.first?.length == .seconds(30))
    }

    @Test func `what cannot be sent does not reach the target`() throws {
        let events = Self.events(200, timeout: .seconds(2)) { (100..<120).contains($0) ? .unsent : .answered }
        var fold = ChangeReport.Fold()
        let changes = Self.told(events, in: &fold)
        #expect(changes.map(\.kind) == [.targetLost, .targetBack])
        #expect(changes.first?.sentence == "nothing can be sent to the target any longer: unreachable")
        #expect(try JSON.decode([ChangeReport.Change].self, from: JSON.encode(changes)) == changes)
        #expect(fold.report()?.outages == [.init(start: .epoch + .seconds(100), length: .seconds(20))])
    }

    @Test func `what was sent and got no answer is not called unsent`() throws {
        let events = Self.events(200, timeout: .seconds(2)) {
            $0 == 100 ? .unsent : (101..<120).contains($0) ? .silent : .answered
        }
        var fold = ChangeReport.Fold()
        #expect(Self.told(events, in: &fold).first?.what == .targetLost())
    }

    @Test func `answers that come too late are slower all the same`() {
        let events = Self.events(200, timeout: .seconds(2)) { $0 < 100 ? .answered : .late(.seconds(4)) }
        var fold = ChangeReport.Fold()
        let changes = events.flatMap { fold.take($0) }
        #expect(changes.filter { $0.kind == .slower }.count == 1, "\(changes.map(\.text))")
    }

    @Test func `an answer to what was sent as the outage began does not end it`() {
        let events = Self.events(200, timeout: .seconds(2)) {
            $0 == 99 ? .late(.seconds(12)) : (100..<120).contains($0) ? .silent : .answered
        }
        var fold = ChangeReport.Fold()
        let changes = Self.told(events, in: &fold)
        #expect(changes.map(\.kind) == [.targetLost, .targetBack])
        // That answer was not in time either: with its round the silence begins.
        #expect(changes.last?.what == .targetBack(outage: .seconds(21)))
    }

    /// A trace that asks hops 1 to 3 three times, where the target is the second.
    private static func trace(answers: Bool, end: RunEnd) -> [ProbeEvent] {
        var events = [started(verb: "trace")]
        for number in 0..<3 {
            for ttl in 1...3 {
                let probe = Probe(id: number * 3 + ttl, target: target, ttl: UInt8(ttl), sequence: number)
                events.append(ProbeEvent(at: .zero, .sent(probe)))
                // What is asked behind the target is still out when the trace ends.
                guard ttl < 3 else { continue }
                let router = ProbeReply(from: IPAddress(10, 0, 0, 1), rtt: .milliseconds(1), kind: .timeExceeded)
                let atTarget = answers ? reply(probe, after: .milliseconds(9)) : .timedOut(probe)
                events.append(ProbeEvent(at: .milliseconds(9), ttl == 1 ? .reply(probe, router) : atTarget))
            }
        }
        return events + [ProbeEvent(at: .milliseconds(9), .ended(end))]
    }

    @Test func `a trace that ends with probes out behind the target has reached it`() {
        var fold = ChangeReport.Fold()
        for _ in 0..<10 { for event in Self.trace(answers: true, end: RunEnd(.reached)) { fold.apply(event) } }
        #expect(fold.report()?.hopCounts == [2])
    }

    @Test func `a cancelled trace does not say that the target is lost`() {
        var fold = ChangeReport.Fold()
        for _ in 0..<20 { for event in Self.trace(answers: true, end: RunEnd(.reached)) { fold.apply(event) } }
        var cut: [ProbeEvent] = []
        for event in Self.trace(answers: false, end: RunEnd(.cancelled)) where event.probe?.ttl ?? 0 < 2 {
            cut.append(event)
        }
        for _ in 0..<20 { #expect(Self.told(cut, in: &fold).isEmpty) }
    }

    @Test func `a state that is lost and does not know since when is mended`() throws {
        var watch = DestinationWatch()
        for number in 0..<60 { _ = watch.hit(began: .epoch + .seconds(number), chance: 1e-5) }
        let text = String(decoding: try JSON.encode(watch), as: UTF8.self)
        let broken = text.replacing("\"rounds\":", with: "\"isLost\":true,\"rounds\":")
        watch = try JSON.decode(DestinationWatch.self, from: Array(broken.utf8))
        var kinds: [String] = []
        for number in 60..<70 {
            guard let change = watch.miss(began: .epoch + .seconds(number), chance: 1e-5) else { continue }
            kinds.append("\(change)")
        }
        #expect(kinds.count == 1 && watch.isLost)
    }

    @Test(arguments: ["change", "loss"]) func `a state of a newer library is refused`(_ fold: String) throws {
        let state = try fold == "change" ? JSON.encode(ChangeReport.Fold()) : JSON.encode(LossReport.Fold())
        let newer = String(decoding: state, as: UTF8.self)
            .replacing("\"schemaVersion\":2", with: "\"schemaVersion\":3")
        #expect(newer.contains("\"schemaVersion\":3"))
        let error = #expect(throws: (any Error).self) {
            if fold == "change" {
                _ = try JSON.decode(ChangeReport.Fold.self, from: Array(newer.utf8))
            } else {
                _ = try JSON.decode(LossReport.Fold.self, from: Array(newer.utf8))
            }
        }
        #expect(error.map { "\($0)" }?.contains("version 3") ?? false)
    }

    @Test func `a state does not say how certain a change has to be but by its settings`() throws {
        let state = String(decoding: try JSON.encode(ChangeReport.Fold()), as: UTF8.self)
        #expect(!state.contains("\"evidence\""))
    }
}
