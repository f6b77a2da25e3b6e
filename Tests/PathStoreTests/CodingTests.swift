import Testing
import TraceCore
import TraceCoreFuzzChecks

@testable import TraceCorePathStore

@Suite struct `What blocks are made of` {
    /// Rounds of any kind, in a minute.
    private func rounds(_ dice: inout SeededGenerator) -> [RoundRecord] {
        let base = Int64.random(in: 0..<500_000_000, using: &dice) * 60_000_000
        let routers = (0..<Int.random(in: 1...5, using: &dice)).map { _ in
            Int64.random(in: 2..<(1 << Int64.random(in: 2...40, using: &dice)), using: &dice)
        }
        let usual = UInt32(1) << UInt32.random(in: 0...30, using: &dice)
        return (0..<Int.random(in: 1...80, using: &dice)).map { _ in
            var answers: [RoundRecord.Answer] = []
            for ttl in UInt8(1)...UInt8.random(in: 1...20, using: &dice) where Int.random(in: 0..<9, using: &dice) > 0 {
                let who = Int.random(in: 0..<5, using: &dice) == 0 ? 0 : routers.randomElement(using: &dice) ?? 2
                let isFar = Int.random(in: 0..<50, using: &dice) == 0
                let time = UInt32.random(in: 0...(isFar ? RoundRecord.longest : usual), using: &dice)
                answers.append(RoundRecord.Answer(ttl: ttl, who: who, microseconds: who == 0 ? 0 : time))
            }
            if Int.random(in: 0..<9, using: &dice) == 0 {
                answers.append(RoundRecord.Answer(ttl: 255, who: 3, microseconds: RoundRecord.longest))
            }
            return RoundRecord(
                at: base + Int64.random(in: 0..<60_000_000, using: &dice), flow: UInt8.random(in: 0...2, using: &dice),
                answers: answers)
        }
    }

    private func sorted(_ rounds: [RoundRecord]) -> [RoundRecord] {
        rounds.sorted { ($0.flow, $0.at) < ($1.flow, $1.at) }
    }

    @Test func `rounds come back as they were`() throws {
        var dice = SeededGenerator(seed: 11)
        for _ in 0..<100 {
            let rounds = rounds(&dice)
            var read: [RoundRecord] = []
            try RoundBlock.decode(RoundBlock.encode(rounds)) { read += $0.rounds }
            #expect(read == sorted(rounds))
            var row: [UInt8] = []
            for round in rounds { JournalRow.append(round, of: 77, to: &row) }
            #expect(try JournalRow.rounds(in: row) == rounds)
        }
    }

    @Test func `rounds of the same time stay apart`() throws {
        let round = RoundRecord(at: 5, flow: 1, answers: [.init(ttl: 3, who: 2, microseconds: 9)])
        var read: [RoundRecord] = []
        try RoundBlock.decode(RoundBlock.encode([round, round])) { read += $0.rounds }
        #expect(read == [round, round])
    }

    private func tallies(_ dice: inout SeededGenerator) -> [[HopTally]] {
        (0..<Int.random(in: 0...12, using: &dice)).map { _ in
            (0..<Int.random(in: 0...5, using: &dice)).map { _ in
                var tally = HopTally()
                let buckets = Int.random(in: 0..<1_900, using: &dice)..<LatencyHistogram.bucketCount
                for _ in 0..<Int.random(in: 0...70, using: &dice) {
                    tally.add(
                        who: Int64.random(in: 0...3, using: &dice),
                        bucket: Int.random(in: buckets, using: &dice))
                }
                return tally
            }
        }
    }

    @Test func `slots come back as they were`() throws {
        var dice = SeededGenerator(seed: 12)
        for _ in 0..<40 {
            let slots = tallies(&dice)
            var grid = SlotGrid(start: 0, length: 1, count: slots.count)
            try SlotBlock.decode(SlotBlock.encode(slots)) { grid.add($2, slot: $0, ttl: $1) }
            for (slot, read) in zip(slots, grid.slots) {
                for ttl in 0..<max(slot.count, read.count) {
                    let tally = ttl < slot.count ? slot[ttl] : HopTally()
                    #expect(tally == (ttl < read.count ? read[ttl] : HopTally()))
                }
            }
        }
    }

    @Test func `any bytes are read or refused`() {
        var dice = SeededGenerator(seed: 13)
        var refused = 0
        for turn in 0..<600 {
            var bytes: [UInt8] = []
            switch turn % 3 {
            case 0: bytes = RoundBlock.encode(rounds(&dice))
            case 1: bytes = SlotBlock.encode(tallies(&dice))
            default: for round in rounds(&dice) { JournalRow.append(round, of: 1, to: &bytes) }
            }
            for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: bytes[place] = .random(in: 0...255, using: &dice)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
                case 2: bytes.removeSubrange(place...)
                default: bytes.insert(.random(in: 0...255, using: &dice), at: place)
                }
            }
            var grid = SlotGrid(start: 0, length: 60_000_000, count: 3)
            do {
                try RoundBlock.decode(bytes) {
                    grid.add($0, in: 0..<Int64.max)
                }
            } catch { refused += 1 }
            if (try? SlotBlock.decode(bytes) { _, _, _ in }) == nil { refused += 1 }
            if (try? JournalRow.rounds(in: bytes)) == nil { refused += 1 }
        }
        #expect(refused > 600)
    }

    @Test func `numbers of any width come back`() throws {
        var dice = SeededGenerator(seed: 14)
        let numbers: [UInt64] = (0..<2_000).map { _ in
            UInt64.random(in: 0..<(1 << UInt64.random(in: 1...32, using: &dice)), using: &dice)
        }
        let small: [UInt64] = numbers.map { $0 << UInt64.random(in: 0...8, using: &dice) } + [0, 1, (1 << 40) - 2]
        var bits = BitWriter()
        for number in numbers { bits.put(number, around: Int(number % 20)) }
        for number in small { bits.put(small: number) }
        bits.put(true)
        var reader = BitReader(bits.finish())
        for number in numbers { #expect(try reader.number(around: Int(number % 20)) == number) }
        for number in small { #expect(try reader.small() == number) }
        #expect(try reader.flag())
        #expect(throws: BrokenBytes.self) { try reader.bits(8) }
        for number in [0, 1, -1, Int64(Int32.max), -Int64(Int32.max)] {
            #expect(Int64(zigzag: number.zigzag) == number)
        }
    }
}
