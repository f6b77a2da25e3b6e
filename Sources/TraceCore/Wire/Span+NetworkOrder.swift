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
