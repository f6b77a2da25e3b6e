/// That bytes are not what the store writes.
struct BrokenBytes: Error {}

/// Writes numbers of any number of bits, the lowest first.
struct BitWriter {
    private var bytes: [UInt8] = []
    private var window: UInt64 = 0
    private var filled = 0

    /// Writes the lowest bits of a number, at most 32.
    mutating func put(_ value: UInt64, bits: Int) {
        window |= (value & ((1 << UInt64(bits)) - 1)) << UInt64(filled)
        filled += bits
        while filled >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: window))
            window >>= 8
            filled -= 8
        }
    }

    mutating func put(_ value: Bool) { put(value ? 1 : 0, bits: 1) }

    /// Writes a number that is mostly small: 0 takes one bit, 1 and 2 take three.
    mutating func put(small value: UInt64) {
        let value = value &+ 1
        let width = 63 - value.leadingZeroBitCount
        precondition(width <= 40)
        put(0, bits: min(width, 20))
        put(0, bits: max(width - 20, 0))
        put(true)
        put(value, bits: min(width, 20))
        put(value >> 20, bits: max(width - 20, 0))
    }

    /// Writes a number below 2³² that is mostly about as large as so many bits; up to 25 more than its upper bits say.
    mutating func put(_ value: UInt64, around bits: Int) {
        let upper = value >> UInt64(bits)
        if upper < UInt64(Self.longestUnary) {
            put(1 << upper, bits: Int(upper) + 1)
            put(value, bits: bits)
        } else {
            put(1 << UInt64(Self.longestUnary), bits: Self.longestUnary + 1)
            put(value, bits: 32)
        }
    }

    static let longestUnary = 24

    /// All that was written, with zeros up to a whole byte.
    consuming func finish() -> [UInt8] {
        if filled > 0 { put(0, bits: 8 - filled) }
        return bytes
    }
}

/// Reads what a ``BitWriter`` wrote. Every reading takes a bit at least, so that no bytes make an endless loop.
struct BitReader {
    private let bytes: [UInt8]
    private var position = 0
    private var window: UInt64 = 0
    private var available = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Fills the window to 56 bits at least, as long as there are so many. Above what is available it may have bits that
    /// come again the next time.
    @inline(__always)
    private mutating func refill() {
        if position &+ 8 <= bytes.count {
            let next = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt64.self) }
            window |= UInt64(littleEndian: next) << UInt64(available)
            position &+= (63 &- available) >> 3
            available |= 56
            return
        }
        while available <= 56, position < bytes.count {
            window |= UInt64(bytes[position]) << UInt64(available)
            position += 1
            available += 8
        }
    }

    /// Reads so many bits, at most 32.
    @inline(__always)
    mutating func bits(_ count: Int) throws(BrokenBytes) -> UInt64 {
        if available < count { refill() }
        guard count <= available else { throw BrokenBytes() }
        let value = window & ((1 &<< UInt64(count)) &- 1)
        window &>>= UInt64(count)
        available &-= count
        return value
    }

    @inline(__always)
    mutating func flag() throws(BrokenBytes) -> Bool { try bits(1) == 1 }

    /// Reads zeros up to a one, and says how many there were.
    @inline(__always)
    private mutating func zeros(atMost limit: Int) throws(BrokenBytes) -> Int {
        if available <= limit { refill() }
        let zeros = window.trailingZeroBitCount
        guard zeros < available, zeros <= limit else { throw BrokenBytes() }
        window >>= UInt64(zeros + 1)
        available -= zeros + 1
        return zeros
    }

    @inline(__always)
    mutating func small() throws(BrokenBytes) -> UInt64 {
        if available < 41 { refill() }
        let width = window.trailingZeroBitCount
        // Nearly all: both halves are in the window.
        guard width <= 20, 2 &* width &+ 1 <= available else { return try large() }
        let one: UInt64 = 1 &<< UInt64(width)
        let value = (window &>> UInt64(width &+ 1)) & (one &- 1) | one
        window &>>= UInt64(2 &* width &+ 1)
        available &-= 2 &* width &+ 1
        return value &- 1
    }

    @inline(never)
    private mutating func large() throws(BrokenBytes) -> UInt64 {
        let width = try zeros(atMost: 40)
        let low = try bits(min(width, 20))
        return (1 << UInt64(width) | (try bits(max(width - 20, 0))) << 20 | low) - 1
    }

    @inline(__always)
    mutating func number(around bits: Int) throws(BrokenBytes) -> UInt64 {
        let upper = try zeros(atMost: BitWriter.longestUnary)
        guard upper < BitWriter.longestUnary else { return try self.bits(32) }
        return UInt64(upper) << UInt64(bits) | (try self.bits(bits))
    }
}

extension Int64 {
    /// Numbers around zero as numbers from zero: 0, -1, 1, -2, 2.
    var zigzag: UInt64 { UInt64(bitPattern: self << 1 ^ self >> 63) }

    init(zigzag value: UInt64) { self = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
}
