internal import Glibc
public import TraceCore

extension ValueKind where Value == IPAddress {
    /// An IPv4 or IPv6 address, with the zone of a link-local one (`fe80::1%eth0`).
    public static var address: Self {
        Self(
            "ADDRESS", expecting: "an IP address such as 192.0.2.1 or 2001:db8::1", show: shown, read: read)
    }

    @Sendable private static func read(_ text: String) -> IPAddress? {
        var four: UInt32 = 0
        if inet_pton(AF_INET, text, &four) == 1 { return IPAddress(v4: UInt32(bigEndian: four)) }

        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        var six = [UInt8](repeating: 0, count: 16)
        guard let address = parts.first, inet_pton(AF_INET6, address, &six) == 1 else { return nil }
        var zone: UInt32 = 0
        if parts.count > 1 {
            zone = UInt32(parts[1]) ?? if_nametoindex(parts[1])
            guard zone != 0 else { return nil }
        }
        return IPAddress(v6: six.reduce(0) { $0 << 8 | UInt128($1) }, zone: zone)
    }

    @Sendable private static func shown(_ address: IPAddress) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let bytes = (0..<address.family.bitWidth / 8).reversed().map { byte in
            UInt8(truncatingIfNeeded: address.bits >> UInt128(byte * 8))
        }
        inet_ntop(address.isV4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        let plain = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: plain, as: UTF8.self) + (address.zone == 0 ? "" : "%\(address.zone)")
    }
}
