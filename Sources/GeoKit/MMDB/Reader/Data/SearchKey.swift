/// A key that is looked for in maps: compared by words, as nearly every key of a map is another one.
struct SearchKey: Sendable, Hashable {
    private let name: String
    /// How many bytes it has.
    let count: Int
    /// The first eight bytes, and those that end the first sixteen; zeros where there are fewer.
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

    /// Whether this key stands at a place, where one of as many bytes does.
    @inline(__always)
    func matches(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        // Behind the data come the metadata, so that words can be read; only a tiny file may end there.
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

    /// The bits of so many bytes, none if it is below zero.
    @inline(__always)
    private static func unused(_ bytes: Int) -> UInt64 { UInt64(truncatingIfNeeded: max(0, bytes) &* 8) }
}
