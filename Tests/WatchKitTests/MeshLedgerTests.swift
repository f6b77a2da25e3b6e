import Testing
import TraceCore

@testable import TraceCoreWatch

@Suite struct `Packets between two agents` {
    @Test func `are all counted where none is lost`() {
        var pair = Pair()
        pair.run(600)
        for index in 0..<2 {
            let (there, back) = pair.finding(index).total
            #expect(there.sent == there.received && back.sent == back.received)
            #expect((595...600).contains(Int(there.sent)) && (599...600).contains(Int(back.sent)))
        }
    }

    @Test func `are missed in the direction in which they are lost, at both ends`() {
        var pair = Pair()
        pair.run(10)
        // Each fifth from a to b, and what b would tell of it is not lost.
        pair.run(300) { from, second in from == 0 && second % 5 == 0 ? [] : [.zero] }
        pair.run(10)
        #expect(pair.lost(from: 0) == [60, 60] && pair.lost(from: 1) == [0, 0])
        let words = pair.finding(0).words(port: 8_620, roundTrips: (320, 60), at: pair.now)
        #expect(words.contains("b received 2") && words.contains("all arrived here"), "\(words)")
        #expect(pair.finding(1).words(port: 8_620, roundTrips: (320, 60), at: pair.now).contains("a received"))
    }

    @Test func `are missed in both directions, each for itself`() {
        var pair = Pair()
        pair.run(5)
        pair.run(400) { from, second in second % (from == 0 ? 10 : 4) == 0 ? [] : [.zero] }
        pair.run(10)
        #expect(pair.lost(from: 0) == [40, 40] && pair.lost(from: 1) == [100, 100])
    }

    @Test func `that are all lost in one direction are counted by who sends them, as the other tells`() {
        var pair = Pair()
        pair.run(60)
        pair.run(120) { from, _ in from == 0 ? [] : [.zero] }
        // Those that may still be on the way are not judged.
        #expect((115...121).contains(pair.lost(from: 0)[0]) && pair.lost(from: 1)[0] == 0)
        // Who receives nothing cannot know what was sent.
        #expect(pair.finding(1).isSilent && !pair.finding(0).isSilent && pair.lost(from: 0)[1] == 0)
        let words = pair.finding(1).words(port: 8_620, roundTrips: (100, 20), at: pair.now)
        #expect(words.contains("Nothing has arrived from a for 2:0") && words.contains("UDP port 8620"), "\(words)")
        #expect(words.contains("20 were lost") && words.contains("cannot tell"), "\(words)")
        let dark = pair.finding(1).words(port: 8_620, roundTrips: (100, 100), at: pair.now)
        #expect(dark.contains("Pings are not answered either"), "\(dark)")
        pair.run(20)
        #expect(pair.lost(from: 0) == [120, 120] && !pair.finding(1).isSilent)
    }

    @Test func `that never arrived in one direction are counted from the first that came in the other`() {
        var pair = Pair()
        pair.run(100) { from, _ in from == 0 ? [] : [.zero] }
        #expect((90...100).contains(pair.lost(from: 0)[0]))
        #expect(pair.finding(1).words(port: 1, roundTrips: (0, 0), at: pair.now).contains("since this one began"))
    }

    @Test func `come twice and in another order, and each is counted once`() {
        var pair = Pair()
        pair.run(5)
        // Each third twice, the second time three seconds later; each seventh ten seconds late; each eleventh not at all.
        pair.run(440) { _, second in
            if second % 11 == 0 { return [] }
            if second % 7 == 0 { return [.seconds(10)] }
            return second % 3 == 0 ? [.zero, .seconds(3), .seconds(3)] : [.zero]
        }
        pair.run(20)
        #expect(pair.lost(from: 0) == [40, 40] && pair.lost(from: 1) == [40, 40])
        let (there, back) = pair.finding(0).total
        #expect(there.received <= there.sent && back.received <= back.sent)
    }

    @Test func `go on to be counted when either end begins anew`() {
        for index in 0..<2 {
            var pair = Pair()
            pair.run(100) { _, second in second % 10 == 5 ? [] : [.zero] }
            pair.run(30, stopped: index)
            pair.restart(index)
            pair.run(100) { _, second in second % 10 == 5 ? [] : [.zero] }
            pair.run(10)
            // What was sent while the other was not there was not lost on the way.
            let stayed = pair.finding(1 - index).total
            #expect((20...21).contains(Int(stayed.there.sent) - Int(stayed.there.received)), "\(index): \(stayed)")
            #expect((20...21).contains(Int(stayed.back.sent) - Int(stayed.back.received)), "\(index): \(stayed)")
            let new = pair.finding(index).total
            #expect((10...11).contains(Int(new.there.sent) - Int(new.there.received)), "\(index): \(new)")
        }
    }

    @Test func `count at once after a start whose clock was set back, and late ones of the session before do not`() {
        var pair = Pair()
        pair.run(20)
        let late = pair.ends[1].packets(at: pair.now)[0].bytes
        pair.restart(1, clock: -500)
        pair.run(20)
        #expect(pair.lost(from: 1)[1] == 0 && pair.lost(from: 0)[0] <= 2)
        let before = pair.finding(0).total
        pair.ends[0].take(late.span, from: Pair.places[1], at: pair.now)
        #expect(pair.finding(0).total == before)
        pair.run(20)
        #expect(pair.lost(from: 1) == [0, 0])
    }

    @Test func `from strangers and garbage change nothing`() {
        var pair = Pair()
        pair.run(50)
        let before = pair.finding(0).total
        let good = pair.ends[1].packets(at: pair.now)[0].bytes
        pair.ends[0].take(good.span, from: IPAddress(192, 0, 2, 99), at: pair.now)
        var refused = pair.ends[0].refused
        #expect(refused == 1)
        var forms: [[UInt8]] = [[], [0], Array("TCmh".utf8), Array(repeating: 0xFF, count: 64), good + [0]]
        forms += good.indices.map { Array(good[..<$0]) }
        // A number that nobody can have come to, and one of what was never sent.
        for place in [16, 40, 48, 56] {
            var bytes = good
            bytes[place] = 0x7F
            forms.append(bytes)
        }
        for bytes in forms {
            // So that it is not refused for coming too often.
            pair.now = pair.now + .seconds(1)
            pair.ends[0].take(bytes.span, from: Pair.places[1], at: pair.now)
        }
        #expect(pair.ends[0].refused > refused)
        refused = pair.ends[0].refused
        let after = pair.finding(0).total
        #expect(after.there.received == before.there.received)
        #expect(after.there.sent <= before.there.sent + MeshReceipts.underway)
        #expect(after.back.sent <= before.back.sent + 1)
    }

    @Test func `of any bytes never stop it`() {
        var chance = SplitMix(state: 7)
        var pair = Pair()
        pair.run(10)
        let good = pair.ends[1].packets(at: pair.now)[0].bytes
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...12, using: &chance) {
                bytes[Int.random(in: 0..<64, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            bytes.replaceSubrange(0..<5, with: good[0..<5])
            bytes.replaceSubrange(24..<32, with: good[24..<32])
            pair.now = pair.now + .milliseconds(11)
            pair.ends[0].take(bytes.span, from: Pair.places[1], at: pair.now)
            let total = pair.finding(0).total
            #expect(total.there.received <= total.there.sent && total.back.received <= total.back.sent)
        }
    }

    @Test func `are counted only if the key is right`() {
        let (key, other) = (Array("0123456789abcdef".utf8), Array("fedcba9876543210".utf8))
        for (keys, words) in [
            ([key, key], ["all arrived here", "all arrived here"]), ([key, other], ["another key", "another key"]),
            ([key, nil], ["not signed", "give this one the mesh-key-file"]),
        ] as [([[UInt8]?], [String])] {
            var pair = Pair(keys: keys)
            pair.run(60)
            for index in 0..<2 {
                let found = pair.finding(index)
                let said = found.words(port: 8_620, roundTrips: (60, 0), at: pair.now)
                #expect(said.contains(words[index]), "\(said)")
                #expect((found.total.back.sent > 0) == (keys[0] == keys[1]))
            }
        }
    }

    @Test func `of another version are told of`() {
        var pair = Pair()
        pair.run(40, stopped: 1)
        var bytes = pair.ends[1].packets(at: pair.now)[0].bytes
        bytes[4] = 2
        pair.ends[0].take(bytes.span, from: Pair.places[1], at: pair.now)
        let words = pair.finding(0).words(port: 8_620, roundTrips: (40, 0), at: pair.now)
        #expect(words.contains("version 2") && words.contains("this one version 1"), "\(words)")
    }

    @Test func `are counted for the last hour by minutes`() {
        var pair = Pair()
        pair.run(3_600 * 2) { from, second in from == 0 && second >= 3_600 && second % 60 == 30 ? [] : [.zero] }
        let found = pair.finding(0)
        #expect(found.minutes.count == 60 && found.span == "last hour")
        #expect((3_540...3_600).contains(Int(found.there.sent)))
        #expect(found.there.sent - found.there.received == 60 || found.there.sent - found.there.received == 59)
        #expect(found.minutes.allSatisfy { (50...61).contains($0.there.sent) })
        let words = found.words(port: 8_620, roundTrips: (3_600, 60), at: pair.now)
        #expect(words.contains(" packets of the last hour; of its own 3,"), "\(words)")
        #expect(words.contains("all arrived here"))
    }

    @Test func `that do not leave are not lost on the way`() {
        var pair = Pair()
        pair.run(20)
        for _ in 0..<50 {
            for packet in pair.ends[0].packets(at: pair.now) {
                pair.ends[0].sent(to: packet.peer, failure: "There is no way to 192.0.2.2 from here")
            }
            pair.now = pair.now + .seconds(1)
        }
        #expect(pair.finding(0).words(port: 1, roundTrips: (0, 0), at: pair.now).contains("no way to 192.0.2.2"))
        pair.run(20)
        #expect(pair.lost(from: 0) == [0, 0] && pair.lost(from: 1) == [0, 0])
    }

    @Test func `of a flood are not read`() {
        var pair = Pair()
        pair.run(20)
        let before = pair.ends[0].refused
        for _ in 0..<1_000 { pair.ends[0].take([0].span, from: Pair.places[1], at: pair.now) }
        #expect(pair.ends[0].refused == before + 1_000)
        pair.run(20)
        #expect(pair.lost(from: 1)[1] <= 1)
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
