import GeoKit
import Testing
import TraceCore
import TraceCoreFuzzChecks

@Suite struct `The writer against a model` {
    /// Every record with the network that it was put in for, in order: who asks is answered by the last that fits.
    struct Model {
        var entries: [(network: IPNetwork, value: UInt32)] = []

        func value(_ address: IPAddress, keeping: Bool) -> UInt32? {
            keeping
                ? entries.first { $0.network.contains(address) }?.value
                : entries.last { $0.network.contains(address) }?.value
        }
    }

    @Test(arguments: [MMDBWriter.Conflict.replace, .keep], MMDBWriter.RecordSize.allCases)
    func `ten thousand networks in any order give what the model gives`(
        conflict: MMDBWriter.Conflict, size: MMDBWriter.RecordSize
    ) throws {
        var random = SeededGenerator(seed: UInt64(size.rawValue))
        var model = Model()
        var writer = MMDBWriter(
            MMDBWriter.Options(databaseType: "Test", recordSize: size, buildDate: .epoch))
        for _ in 0..<10_000 {
            let network = random.network()
            let value = UInt32(random.next() % 50)
            model.entries.append((network, value))
            try writer.insert(.array([.uint32(value), .string("text")]), for: network, conflict: conflict)
        }
        let reader = try PlainReader(try writer.encoded())
        var wrong: [IPAddress] = []
        for index in 0..<900 {
            // Where networks begin and end, and where there may be none.
            let known = model.entries[Int(random.next() % 10_000)].network
            let address = [known.first, known.last, random.network().first][index % 3]
            let expected = model.value(address, keeping: conflict == .keep)
            let found = try reader.value(address)
            if found != expected.map({ .array([.uint32($0), .string("text")]) }) { wrong.append(address) }
        }
        #expect(wrong.isEmpty)
    }
}

extension SeededGenerator {
    /// Crowded into a few prefixes, so that networks meet.
    fileprivate mutating func network() -> IPNetwork {
        let bits = next()
        if next() % 2 == 0 {
            let address = IPAddress(v4: 0x0A00_0000 | UInt32(truncatingIfNeeded: bits) & 0x000F_FFFF)
            return IPNetwork(containing: address, prefixLength: 10 + Int(next() % 23)) ?? IPNetwork(address)
        }
        let address = IPAddress(v6: 0x2001_0DB8 << 96 | UInt128(bits & 0xFFF) << 80 | UInt128(next() & 3))
        return IPNetwork(containing: address, prefixLength: 33 + Int(next() % 96)) ?? IPNetwork(address)
    }
}
