/// An IPv4 or IPv6 address, with the zone of a link-local one.
///
/// A plain value of 24 bytes: it is hashed, compared and copied on every packet, so it holds no text
/// and no reference. IPv4 addresses sort before IPv6 ones, each by number.
public struct IPAddress: Sendable, Hashable {
    /// Which of the two internets an address belongs to.
    public enum Family: UInt8, Sendable, Hashable, CaseIterable {
        /// IPv4, 32 bits.
        case v4 = 4
        /// IPv6, 128 bits.
        case v6 = 6

        /// The number of bits in an address of this family.
        public var bitWidth: Int { self == .v4 ? 32 : 128 }
    }

    // Two words and not one `UInt128`: its alignment of 16 would make every address 32 bytes long.
    @usableFromInline let high: UInt64
    @usableFromInline let low: UInt64

    /// The index of the interface that an IPv6 link-local address belongs to, or 0 for none.
    public let zone: UInt32

    /// Which of the two internets the address belongs to.
    public let family: Family

    @inlinable init(high: UInt64, low: UInt64, zone: UInt32, family: Family) {
        self.high = high
        self.low = low
        self.zone = zone
        self.family = family
    }

    /// An IPv4 address from its number: `0xC000_0201` is 192.0.2.1.
    @inlinable public init(v4 bits: UInt32) {
        self.init(high: 0, low: UInt64(bits), zone: 0, family: .v4)
    }

    /// An IPv6 address from its number, with the interface index of a link-local one.
    @inlinable public init(v6 bits: UInt128, zone: UInt32 = 0) {
        self.init(
            high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits),
            zone: zone, family: .v6)
    }

    /// An IPv4 address from its four numbers: `IPAddress(192, 0, 2, 1)`.
    @inlinable public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        self.init(v4: UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
    }

    /// The address as a number; an IPv4 address fills the low 32 bits.
    @inlinable public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// The number of an IPv4 address, or nil for IPv6.
    @inlinable public var v4Bits: UInt32? { family == .v4 ? UInt32(truncatingIfNeeded: low) : nil }

    /// Whether this is an IPv4 address.
    @inlinable public var isV4: Bool { family == .v4 }

    /// Whether this is an IPv6 address.
    @inlinable public var isV6: Bool { family == .v6 }

    /// The same address without its zone.
    @inlinable public var withoutZone: IPAddress {
        IPAddress(high: high, low: low, zone: 0, family: family)
    }
}

extension IPAddress: Comparable {
    /// Orders IPv4 before IPv6, then by number, then by zone.
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.family.rawValue, left.high, left.low, left.zone)
            < (right.family.rawValue, right.high, right.low, right.zone)
    }
}

extension IPAddress {
    /// The address's bytes in network order, 4 or 16, without the zone.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(family.bitWidth / 8)
        if family == .v6 {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: high >> shift))
            }
        }
        for shift in stride(from: UInt64(family == .v4 ? 24 : 56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> shift))
        }
        return bytes
    }

    /// The address whose bytes in network order these are; nil unless there are 4 or 16.
    public init?(bytes: some Collection<UInt8>) {
        let number = bytes.prefix(17).reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: number))
        case 16: self.init(v6: number)
        default: return nil
        }
    }
}
