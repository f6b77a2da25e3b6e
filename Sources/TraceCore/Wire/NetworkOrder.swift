extension [UInt8] {
    @inline(__always) mutating func append(big value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    @inline(__always) mutating func append(big value: UInt32) {
        append(big: UInt16(truncatingIfNeeded: value >> 16))
        append(big: UInt16(truncatingIfNeeded: value))
    }

    @inline(__always) mutating func append(big value: UInt64) {
        append(big: UInt32(truncatingIfNeeded: value >> 32))
        append(big: UInt32(truncatingIfNeeded: value))
    }

    mutating func append(_ address: IPAddress) {
        switch address.family {
        case .v4: append(big: UInt32(truncatingIfNeeded: address.low))
        case .v6:
            append(big: address.high)
            append(big: address.low)
        }
    }

    /// Appends the address as one of the family, or the unspecified address if it is of the other.
    mutating func append(_ address: IPAddress, as family: IPAddress.Family) {
        if address.family == family {
            append(address)
        } else {
            append(family == .v4 ? IPAddress(v4: 0) : IPAddress(v6: 0))
        }
    }

    @inline(__always) func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset &+ 1])
    }

    @inline(__always) mutating func set(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset &+ 1] = UInt8(truncatingIfNeeded: value)
    }

    @inline(__always) mutating func set(_ value: UInt64, at offset: Int) {
        for index in 0..<8 {
            self[offset &+ index] = UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * index))
        }
    }

    mutating func set(_ address: IPAddress, at offset: Int) {
        switch address.family {
        case .v4:
            set(UInt16(truncatingIfNeeded: address.low >> 16), at: offset)
            set(UInt16(truncatingIfNeeded: address.low), at: offset + 2)
        case .v6:
            set(address.high, at: offset)
            set(address.low, at: offset + 8)
        }
    }
}

// Numbers in packets are big-endian. Every subscript is checked, so a mistake in a length check
// above would stop the program and not read beside the packet.
extension Span where Element == UInt8 {
    @inline(__always) func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset &+ 1])
    }

    @inline(__always) func uint32(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset &+ 1]) << 16
            | UInt32(self[offset &+ 2]) << 8 | UInt32(self[offset &+ 3])
    }

    @inline(__always) func uint64(at offset: Int) -> UInt64 {
        UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset &+ 4))
    }

    @inline(__always) func addressV4(at offset: Int) -> IPAddress { IPAddress(v4: uint32(at: offset)) }

    @inline(__always) func addressV6(at offset: Int) -> IPAddress {
        IPAddress(high: uint64(at: offset), low: uint64(at: offset &+ 8), zone: 0, family: .v6)
    }

    /// The part of a range that is within the buffer, so that any range can be asked for.
    @inline(__always) func clamp(_ range: Range<Int>) -> Range<Int> { range.clamped(to: 0..<count) }
}
