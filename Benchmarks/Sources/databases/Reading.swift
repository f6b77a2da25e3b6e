import GeoKit
import MaxMindPeer
import TraceCore

/// One thing that both do with each address: ours, and the peer's.
struct Reading: Sendable {
    let name: String
    /// The ratio of times that is the target, for many addresses and for few.
    let target: (cold: Double, hot: Double)
    let ours: @Sendable (MMDBDatabase, [IPAddress], _ times: Int) throws -> UInt64
    let peers: @Sendable (OpaquePointer, [maxmind_address], _ times: Int) -> UInt64
    /// Whether both sum up the same, so that the sums can be compared.
    var hasSameSum = true

    static let lookups: @Sendable (MMDBDatabase, [IPAddress], Int) throws -> UInt64 = { database, addresses, times in
        var sum: UInt64 = 0
        for _ in 0..<times {
            for address in addresses { sum &+= UInt64(try database.lookup(address).prefixLength) }
        }
        return sum
    }

    static func v4(_ name: String) -> Reading {
        // The peer counts from the root of IPv6.
        Reading(name: name, target: (0.45, 0.2), ours: lookups, peers: peerLookups, hasSameSum: false)
    }

    static func v6(_ name: String) -> Reading {
        Reading(name: name, target: (0.8, 0.6), ours: lookups, peers: peerLookups)
    }

    static let country = Reading(
        name: "look-up and country.iso_code", target: (0.65, 0.35),
        ours: { database, addresses, times in
            let path: MMDBPath = ["country", "iso_code"]
            var sum: UInt64 = 0
            for _ in 0..<times {
                for address in addresses {
                    if let code = try database.lookup(address).record?.string(at: path) {
                        sum &+= UInt64(code.raw.utf8.count)
                    }
                }
            }
            return sum
        },
        peers: { peer, addresses, times in maxmind_countries(peer, addresses, addresses.count, times) })

    static let pathCity = Reading(
        name: "look-up and a typed city (6 fields), by paths", target: (0.35, 0.35),
        ours: { database, addresses, times in
            var sum: UInt64 = 0
            for _ in 0..<times {
                for address in addresses {
                    guard let record = try database.lookup(address).record else { continue }
                    sum &+= try PathCity(record).latitude == nil ? 0 : 1
                }
            }
            return sum
        },
        peers: { peer, addresses, times in maxmind_lists(peer, addresses, addresses.count, times) }, hasSameSum: false)

    static let city = Reading(
        name: "look-up and a typed city (6 fields), by Decodable", target: (0.35, 0.35),
        ours: { database, addresses, times in
            var sum: UInt64 = 0
            for _ in 0..<times {
                for address in addresses {
                    guard let record = try database.lookup(address).record else { continue }
                    let city = try record.decode(City.self)
                    sum &+= city.location?.latitude == nil ? 0 : 1
                }
            }
            return sum
        },
        peers: { peer, addresses, times in maxmind_lists(peer, addresses, addresses.count, times) }, hasSameSum: false)

    static let value = Reading(
        name: "look-up and the whole record", target: (0.6, 0.6),
        ours: { database, addresses, times in
            var sum: UInt64 = 0
            for _ in 0..<times {
                for address in addresses {
                    guard let record = try database.lookup(address).record else { continue }
                    if case .map(let pairs) = try record.value(), !pairs.isEmpty { sum &+= 1 }
                }
            }
            return sum
        },
        peers: { peer, addresses, times in maxmind_lists(peer, addresses, addresses.count, times) })

    private static let peerLookups: @Sendable (OpaquePointer, [maxmind_address], Int) -> UInt64 = {
        peer, addresses, times in
        maxmind_lookups(peer, addresses, addresses.count, times)
    }
}
