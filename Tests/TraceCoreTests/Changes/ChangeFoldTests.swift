import Testing

@testable import TraceCore

@Suite struct `The fold of what changes` {
    private let target = IPAddress(203, 0, 113, 7)

    private var start: ProbeEvent {
        let run = RunDescription(
            verb: "monitor", target: ProbeTarget(address: target), method: .udp, mode: "test", startedAt: .epoch)
        return ProbeEvent(at: .zero, .started(run))
    }

    private func round(_ number: Int, from router: IPAddress, rtt: Duration = .milliseconds(9)) -> [ProbeEvent] {
        let probes = (1...2).map { Probe(id: number * 2 + $0, target: target, ttl: UInt8($0), sequence: number) }
        let at = Duration.seconds(number)
        return probes.map { ProbeEvent(at: at, .sent($0)) } + [
            ProbeEvent(at: at + rtt, .reply(probes[0], ProbeReply(from: router, rtt: rtt, kind: .timeExceeded))),
            ProbeEvent(at: at + rtt, .reply(probes[1], ProbeReply(from: target, rtt: rtt, kind: .portUnreachable))),
        ]
    }

    @Test func `the state stays small, however many routers take turns`() throws {
        var fold = ChangeReport.Fold()
        fold.apply(start)
        for number in 0..<20_000 {
            for event in round(number, from: IPAddress(v4: 0x0A00_0000 + UInt32(number))) { fold.apply(event) }
        }
        #expect(try JSON.encode(fold).count < 60_000)
    }

    @Test(arguments: [[9_223_372_036_854_775_807], [-9_223_372_036_854_775_808], [-1, 0, 64, 1_000_000]])
    func `a state that no run leads to does no harm`(_ numbers: [Int]) throws {
        var fold = ChangeReport.Fold(settings: ChangeReport.Fold.Settings(limit: .milliseconds(5)))
        fold.apply(start)
        for number in 0..<40 { for event in round(number, from: IPAddress(10, 0, 0, 1)) { fold.apply(event) } }
        let text = String(decoding: try JSON.encode(fold), as: UTF8.self)
        // Each number of the state in turn becomes another.
        let places = text.split(separator: ":").dropLast().map { text.distance(from: text.startIndex, to: $0.endIndex) }
        var read = 0
        for (index, place) in places.enumerated() {
            var bytes = Array(text.utf8)
            var end = place + 1
            while end < bytes.count, bytes[end] == 0x2D || (0x30...0x39).contains(bytes[end]) { end += 1 }
            guard end > place + 1, bytes[end] != 0x2E else { continue }
            bytes.replaceSubrange((place + 1)..<end, with: Array("\(numbers[index % numbers.count])".utf8))
            guard var other = try? JSON.decode(ChangeReport.Fold.self, from: bytes) else { continue }
            read += 1
            for number in 40..<80 {
                for event in round(number, from: IPAddress(10, 0, 0, number < 60 ? 1 : 2), rtt: .milliseconds(number)) {
                    other.apply(event)
                }
            }
            #expect(other.report() != nil)
        }
        #expect(read > 20)
    }

    @Test func `an absence is as likely as the past makes it`() {
        // Twenty of twenty seen: one in 22 that it keeps away once, one in 22 · 23 · 24 · 25 / 24 four times.
        #expect((Chance.ofAbsence(for: 1, seen: 20, of: 20) * 22 - 1).magnitude < 1e-9)
        #expect((Chance.ofAbsence(for: 4, seen: 20, of: 20) * 12_650 - 1).magnitude < 1e-9)
        #expect((Chance.ofAbsence(for: 3, seen: 0, of: 0) * 4 - 1).magnitude < 1e-9)
        #expect(Chance.ofAbsence(for: 60, seen: 8, of: 16) < Chance.ofAbsence(for: 6, seen: 8, of: 16))
    }

    @Test func `hits are as likely as the past makes them`() {
        // Of nothing known, each number of hits is as likely as any other.
        let few = Chance.ofHits(2, in: 9, seen: 0, of: 0)
        #expect((few.atLeast - 0.8).magnitude < 1e-9 && (few.atMost - 0.3).magnitude < 1e-9)
        #expect(Chance.ofHits(6, in: 16, seen: 0, of: 300).atLeast < 1e-5)
        #expect(Chance.ofHits(1, in: 16, seen: 3, of: 300).atLeast > 0.05)
    }
}
