internal import TraceCore

/// Reads the networks and ranges of a file.
enum ImportedNetworks {
    /// The network in a text. A single address is a network of one.
    static func network(_ text: String) throws(ImportFault) -> IPNetwork {
        do throws(IPAddress.ParsingError) {
            return text.utf8.contains(UInt8(ascii: "/"))
                ? try IPNetwork(parsing: text) : IPNetwork(try IPAddress(parsing: text).withoutZone)
        } catch {
            var remedy = "Write a network such as 192.0.2.0/24 or 2001:db8::/32"
            if error.reason == .hostBitsSet, let meant = try? IPNetwork(lenient: text) { remedy = "Write \(meant)" }
            throw ImportFault(error.description, remedy: remedy)
        }
    }

    /// The fewest networks that cover exactly the addresses from one to another.
    static func networks(from start: String, to end: String) throws(ImportFault) -> [IPNetwork] {
        let (first, last) = (try address(start), try address(end))
        guard first.family == last.family else {
            throw ImportFault(
                "the range goes from \(first) to \(last), which belong to different families",
                remedy: "Use two IPv4 addresses or two IPv6 addresses")
        }
        guard first <= last else {
            throw ImportFault("the range goes from \(first) back to \(last)", remedy: "Give the lower address first")
        }
        let width = first.family.bitWidth
        var networks: [IPNetwork] = []
        var bits = first.bits
        while true {
            // The largest network that begins here and does not go beyond the end.
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
        do throws(IPAddress.ParsingError) {
            return try IPAddress(parsing: text).withoutZone
        } catch {
            throw ImportFault(error.description, remedy: "Write an address such as 192.0.2.1 or 2001:db8::1")
        }
    }
}
