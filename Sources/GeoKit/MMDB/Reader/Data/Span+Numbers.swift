extension Span where Element == UInt8 {
    /// Four bytes in network order, read with one load.
    @inline(__always)
    func word(at offset: Int) -> UInt32 {
        // The offset is checked like a subscript's. It is called unsafe because not every type may have any bytes; a
        // number may.
        UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight bytes in network order, read with one load.
    @inline(__always)
    func longWord(at offset: Int) -> UInt64 {
        // As above.
        UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A number of up to 8 bytes in network order.
    @inline(__always)
    func number(at offset: Int, count: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<count { number = number << 8 | UInt64(self[offset &+ index]) }
        return number
    }

    /// A number of up to 16 bytes in network order.
    func wideNumber(at offset: Int, count: Int) -> UInt128 {
        var number: UInt128 = 0
        for index in 0..<count { number = number << 8 | UInt128(self[offset &+ index]) }
        return number
    }

    /// Whether these bytes are at a position.
    @inline(__always)
    func holds(_ other: Span<UInt8>, at offset: Int) -> Bool {
        for index in 0..<other.count where self[offset &+ index] != other[index] { return false }
        return true
    }
}
