/// A key to look for in maps. It is compared by words, which rejects other keys quickly.
struct SearchKey: Sendable, Hashable {
    private let name: String
    /// The length in bytes.
    let count: Int
    /// Bytes 0 to 7 and bytes 8 to 15, padded with zeros.
    private let head: UInt64
    private let tail: UInt64

    @inline(__always)
    init(_ name: String) {
        self.name = name
        var (head, tail, count) = (UInt64(0), UInt64(0), 0)
        for byte in name.utf8 {
            if count < 8 {
                head |= UInt64(byte) << UInt64(56 &- count &* 8)
            } else if count < 16 {
                tail |= UInt64(byte) << UInt64(120 &- count &* 8)
            }
            count &+= 1
        }
        (self.head, self.tail, self.count) = (head, tail, count)
    }

    /// Whether the key at a position, which has the same length, is this one.
    @inline(__always)
    func matches(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        // The metadata follow the data, so that whole words can be read. Only in a tiny file may they not.
        guard start &+ 16 <= bytes.count, count > 0 else { return bytes.holds(name.utf8Span.span, at: start) }
        guard bytes.longWord(at: start) >> Self.unused(8 &- count) == head >> Self.unused(8 &- count) else {
            return false
        }
        if count <= 8 { return true }
        guard bytes.longWord(at: start &+ 8) >> Self.unused(16 &- count) == tail >> Self.unused(16 &- count) else {
            return false
        }
        return count <= 16 || bytes.holds(name.utf8Span.span, at: start)
    }

    /// The number of bits in the given number of bytes; 0 if it is negative.
    @inline(__always)
    private static func unused(_ bytes: Int) -> UInt64 { UInt64(truncatingIfNeeded: max(0, bytes) &* 8) }
}
