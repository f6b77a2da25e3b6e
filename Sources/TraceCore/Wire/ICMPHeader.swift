/// The eight bytes that every ICMP message of either family begins with.
package struct ICMPHeader: Sendable, Hashable {
    /// The length of the header.
    package static let length = 8

    /// Which ICMP the numbers belong to.
    package var family: IPAddress.Family
    /// The type's number; see `v4Type` and `v6Type` for names.
    package var type: UInt8
    /// The code's number, whose meaning depends on the type.
    package var code: UInt8
    /// The checksum in the message.
    package var checksum: UInt16
    /// The last four bytes, whose meaning depends on the type.
    package var rest: UInt32

    /// A header made of its fields.
    package init(
        family: IPAddress.Family, type: UInt8, code: UInt8 = 0, checksum: UInt16 = 0, rest: UInt32 = 0
    ) {
        self.family = family
        self.type = type
        self.code = code
        self.checksum = checksum
        self.rest = rest
    }

    /// A header for IPv4, its checksum still to be filled in.
    package init(v4 type: ICMPv4Type, code: UInt8 = 0, rest: UInt32 = 0) {
        self.init(family: .v4, type: type.rawValue, code: code, rest: rest)
    }

    /// A header for IPv6, its checksum still to be filled in.
    package init(v6 type: ICMPv6Type, code: UInt8 = 0, rest: UInt32 = 0) {
        self.init(family: .v6, type: type.rawValue, code: code, rest: rest)
    }

    /// The header at the beginning of a range of bytes; the checksum is not judged.
    package init(
        _ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max, family: IPAddress.Family
    ) throws(WireError) {
        let range = bytes.clamp(range)
        guard range.count >= Self.length else {
            throw WireError(
                .truncated, in: .icmp, at: range.upperBound, expected: Self.length, found: range.count)
        }
        let start = range.lowerBound
        self.family = family
        type = bytes[start]
        code = bytes[start &+ 1]
        checksum = bytes.uint16(at: start &+ 2)
        rest = bytes.uint32(at: start &+ 4)
    }

    /// Appends the header's eight bytes as they stand.
    package func append(to packet: inout [UInt8]) {
        packet.append(type)
        packet.append(code)
        packet.append(big: checksum)
        packet.append(big: rest)
    }
}
