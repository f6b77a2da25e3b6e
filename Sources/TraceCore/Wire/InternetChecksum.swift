/// The Internet checksum (RFC 1071), summed piece by piece.
///
/// Pieces may have any length, odd ones too: the sum is the one of all pieces put together.
package struct InternetChecksum: Sendable, Hashable {
    // Wide enough that no carry is lost before 2^32 bytes times 2^16; folded once, at the end.
    private var sum: UInt64 = 0
    private var isOdd = false

    /// The checksum of nothing yet.
    package init() {}

    /// What belongs in the checksum field: the complement of the sum.
    package var value: UInt16 { ~folded }

    /// The same for UDP, which sends 0xFFFF for a checksum of zero, as zero means none (RFC 768).
    package var udpValue: UInt16 {
        let value = value
        return value == 0 ? 0xFFFF : value
    }

    /// Whether the bytes summed so far, their checksum field among them, are intact.
    package var isValid: Bool { folded == 0xFFFF }

    /// The one's complement sum in 16 bits, not yet complemented.
    package var folded: UInt16 { Self.fold(sum) }

    /// Adds a number of 16 bits.
    package mutating func add(_ word: UInt16) {
        sum &+= UInt64(isOdd ? word.byteSwapped : word)
        normalize()
    }

    /// Adds a number of 32 bits.
    package mutating func add(_ number: UInt32) {
        add(UInt16(truncatingIfNeeded: number >> 16))
        add(UInt16(truncatingIfNeeded: number))
    }

    /// Adds an address, 4 or 16 bytes.
    package mutating func add(_ address: IPAddress) {
        let plain = Self.sum(of: address)
        add(Self.fold(plain))
    }

    /// Adds the bytes of a range, or of the whole buffer.
    package mutating func add(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) {
        let range = bytes.clamp(range)
        let part = Self.sum(of: bytes, in: range)
        // RFC 1071, section 2(B): after an odd number of bytes the rest counts byte-swapped.
        let folded = Self.fold(part)
        sum &+= UInt64(isOdd ? folded.byteSwapped : folded)
        normalize()
        if range.count & 1 == 1 { isOdd.toggle() }
    }

    /// Adds the pseudo header that UDP, TCP and ICMPv6 are summed with (RFC 768, RFC 8200 section 8.1).
    package mutating func addPseudoHeader(
        source: IPAddress, destination: IPAddress, proto: IPProtocol, length: Int
    ) {
        add(source)
        add(destination)
        add(UInt16(proto.rawValue))
        add(UInt32(truncatingIfNeeded: length))
    }

    private mutating func normalize() {
        if sum > UInt64(UInt32.max) { sum = UInt64(Self.fold(sum)) }
    }

    static func fold(_ sum: UInt64) -> UInt16 {
        var sum = (sum & 0xFFFF_FFFF) &+ (sum >> 32)
        sum = (sum & 0xFFFF) &+ (sum >> 16 & 0xFFFF) &+ (sum >> 32)
        sum = (sum & 0xFFFF) &+ (sum >> 16)
        sum = (sum & 0xFFFF) &+ (sum >> 16)
        return UInt16(truncatingIfNeeded: sum)
    }

    /// The unfolded sum of a range that is within the buffer, its odd last byte padded with zero.
    static func sum(of bytes: Span<UInt8>, in range: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        var index = range.lowerBound
        let end = range.upperBound
        while index &+ 8 <= end {
            sum &+= UInt64(bytes.uint32(at: index))
            sum &+= UInt64(bytes.uint32(at: index &+ 4))
            index &+= 8
        }
        while index &+ 2 <= end {
            sum &+= UInt64(bytes.uint16(at: index))
            index &+= 2
        }
        if index < end { sum &+= UInt64(bytes[index]) << 8 }
        return sum
    }

    static func sum(of address: IPAddress) -> UInt64 {
        (address.high >> 32) &+ (address.high & 0xFFFF_FFFF)
            &+ (address.low >> 32) &+ (address.low & 0xFFFF_FFFF)
    }
}

extension InternetChecksum {
    /// The checksum of a range of bytes, or of all of them.
    package static func of(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) -> UInt16 {
        ~fold(sum(of: bytes, in: bytes.clamp(range)))
    }

    /// Whether a range that has its checksum within it, such as an IPv4 header, is intact.
    package static func isValid(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) -> Bool {
        of(bytes, in: range) == 0
    }

    /// The checksum after one 16-bit word of what it covers changed (RFC 1624, equation 3).
    package static func updated(_ checksum: UInt16, replacing old: UInt16, with new: UInt16) -> UInt16 {
        ~fold(UInt64(~checksum) &+ UInt64(~old) &+ UInt64(new))
    }

    /// The checksum after an address in what it covers changed to another of the same family.
    package static func updated(
        _ checksum: UInt16, replacing old: IPAddress, with new: IPAddress
    ) -> UInt16 {
        updated(checksum, replacing: fold(sum(of: old)), with: fold(sum(of: new)))
    }
}
