internal import TraceCore

/// Reads networks as people and programs write them into tables.
enum ImportedNetworks {
    /// The network that a text spells; an address alone is a network of one.
    static func network(_ text: String) throws(ImportFault) -> IPNetwork {
        do throws(AddressError) {
            return text.utf8.contains(UInt8(ascii: "/"))
                ? try IPNetwork(parsing: text) : IPNetwork(try IPAddress(parsing: text).withoutZone)
        } catch {
            var remedy = "Write a network such as 192.0.2.0/24 or 2001:db8::/32"
            if error.reason == .hostBitsSet, let meant = try? IPNetwork(lenient: text) { remedy = "Write \(meant)" }
            throw ImportFault(error.description, remedy: remedy)
        }
    }

    /// The fewest networks that together are all addresses from one to another.
    static func networks(from start: String, to end: String) throws(ImportFault) -> [IPNetwork] {
        let (first, last) = (try address(start), try address(end))
        guard first.family == last.family else {
            throw ImportFault(
                "the range goes from \(first) to \(last), which are of different families",
                remedy: "Give both addresses in IPv4 or both in IPv6")
        }
        guard first <= last else {
            throw ImportFault("the range goes from \(first) back to \(last)", remedy: "Give the lower address first")
        }
        let width = first.family.bitWidth
        var networks: [IPNetwork] = []
        var bits = first.bits
        while true {
            // The largest network that begins here and does not go too far.
            var size = min(width, bits.trailingZeroBitCount)
            while size > 0, last.bits - bits < (UInt128(1) << UInt128(size)) &- 1 { size -= 1 }
            let address = first.isV4 ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
            if let network = IPNetwork(containing: address, prefixLength: width - size) { networks.append(network) }
            let covered = (UInt128(1) << UInt128(size)) &- 1
            if last.bits - bits == covered { return networks }
            bits += covered + 1
        }
    }

    private static func address(_ text: String) throws(ImportFault) -> IPAddress {
        do throws(AddressError) {
            return try IPAddress(parsing: text).withoutZone
        } catch {
            throw ImportFault(error.description, remedy: "Write an address such as 192.0.2.1 or 2001:db8::1")
        }
    }
}
