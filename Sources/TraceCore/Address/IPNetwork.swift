/// All addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32`.
///
/// Always canonical: the bits beyond the prefix are zero, so that equal networks are equal values.
public struct IPNetwork: Sendable, Hashable {
    /// The lowest address of the network, which names it.
    public let first: IPAddress

    /// How many bits all its addresses share.
    public let prefixLength: Int

    /// The network of that prefix length that holds the address; nil where the length does not fit.
    public init?(containing address: IPAddress, prefixLength: Int) {
        guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
        self.init(address: address, checkedPrefixLength: prefixLength)
    }

    /// The network of a single address.
    public init(_ address: IPAddress) {
        self.init(address: address, checkedPrefixLength: address.family.bitWidth)
    }

    private init(address: IPAddress, checkedPrefixLength: Int) {
        let hostMask = Self.hostMask(address.family, checkedPrefixLength)
        first = IPAddress(address.bits & ~hostMask, family: address.family)
        prefixLength = checkedPrefixLength
    }

    /// The bits that differ between the network's addresses.
    private static func hostMask(_ family: IPAddress.Family, _ prefixLength: Int) -> UInt128 {
        let width = family.bitWidth - prefixLength
        // Swift's `<<` gives zero for a shift by the whole width, and `&-` then gives all ones.
        return (UInt128(1) << UInt128(width)) &- 1
    }

    private var hostMask: UInt128 { Self.hostMask(family, prefixLength) }

    /// Which of the two internets the network belongs to.
    public var family: IPAddress.Family { first.family }

    /// The highest address of the network.
    public var last: IPAddress { IPAddress(first.bits | hostMask, family: family) }

    /// How many addresses the network has; for `::/0`, which has one more than fits, the largest number.
    public var count: UInt128 { addresses.count }

    /// Whether the address is of this network; its zone does not matter.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && address.bits & ~hostMask == first.bits
    }

    /// Whether every address of the other network is also of this one.
    public func contains(_ other: IPNetwork) -> Bool {
        prefixLength <= other.prefixLength && contains(other.first)
    }

    /// Every address of the network, in order, made only as it is asked for.
    public var addresses: IPAddressRange { IPAddressRange(checkedFirst: first, last: last) }

    /// The addresses a host can have: all, without the network and broadcast address of an IPv4 network
    /// of more than two (RFC 3021).
    public var hosts: IPAddressRange {
        guard family == .v4, prefixLength < 31 else { return addresses }
        return IPAddressRange(
            checkedFirst: IPAddress(first.bits + 1, family: .v4),
            last: IPAddress(last.bits - 1, family: .v4))
    }
}

extension IPNetwork: Comparable {
    /// Orders by the first address, then the larger network before those inside it.
    public static func < (left: IPNetwork, right: IPNetwork) -> Bool {
        (left.first, left.prefixLength) < (right.first, right.prefixLength)
    }
}

extension IPAddress {
    /// The address of a family with this number, of which IPv4 takes the low 32 bits.
    init(_ bits: UInt128, family: Family) {
        switch family {
        case .v4: self.init(v4: UInt32(truncatingIfNeeded: bits))
        case .v6: self.init(v6: bits)
        }
    }
}
