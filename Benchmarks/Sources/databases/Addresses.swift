import GeoKit
import MaxMindPeer
import TraceCore

/// The addresses that both look up, in the form that each takes.
struct Addresses {
    let ours: [IPAddress]
    let peers: [maxmind_address]

    init(_ addresses: [IPAddress]) {
        ours = addresses
        peers = addresses.map { address in
            let bytes = address.bytes
            return bytes.count == 4 ? maxmind_make_v4(bytes) : maxmind_make_v6(bytes)
        }
    }

    /// The first few.
    func first(_ count: Int) -> Addresses { Addresses(Array(ours.prefix(count))) }

    /// IPv4 addresses, each as likely as any other.
    static func v4(_ count: Int, _ generator: inout SeededGenerator) -> Addresses {
        Addresses((0..<count).map { _ in IPAddress(v4: UInt32(truncatingIfNeeded: generator.next())) })
    }

    /// IPv4 addresses that have a record.
    static func v4WithRecord(
        _ count: Int, in database: MMDBDatabase, _ generator: inout SeededGenerator
    ) throws -> Addresses {
        var found: [IPAddress] = []
        for _ in 0..<count * 100 where found.count < count {
            let address = IPAddress(v4: UInt32(truncatingIfNeeded: generator.next()))
            if try database.lookup(address).record != nil { found.append(address) }
        }
        return Addresses(found)
    }

    /// IPv6 addresses in networks that have a record, each network as likely as any other: of all addresses nearly
    /// none have one.
    static func v6(_ count: Int, in database: MMDBDatabase, _ generator: inout SeededGenerator) throws -> Addresses {
        var known: [IPNetwork] = []
        var networks = database.networks()
        while let found = try networks.next() {
            if found.network.family == .v6 { known.append(found.network) }
        }
        guard !known.isEmpty else { return Addresses([]) }
        return Addresses(
            (0..<count).map { _ in
                let network = known[Int(generator.next() % UInt64(known.count))]
                let host = UInt128(generator.next()) << 64 | UInt128(generator.next())
                let mask =
                    network.prefixLength == 0 ? UInt128.max : (UInt128(1) << UInt128(128 - network.prefixLength)) - 1
                return IPAddress(v6: network.first.bits | host & mask)
            })
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
