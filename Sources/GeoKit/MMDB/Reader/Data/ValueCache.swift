internal import TraceCore

/// Values and keys that were read before, by their positions. Records share most of their content.
///
/// The cache is direct-mapped and bounded: a new entry replaces the one in its slot, and when the whole grows too large
/// it is emptied. The first time a position comes, only the position is stored: most never come again, and memory that
/// is freed at once is reused while it is in the processor's caches.
struct ValueCache {
    /// A value, and what reading it took from the budget.
    struct Entry {
        let offset: Int
        let value: MMDBValue
        let values: Int
        let bytes: Int
        let height: Int

        /// Roughly its size in memory, in bytes.
        var weight: Int { values &* 64 &+ bytes }
    }

    /// The slots for values that pointers lead to, a power of two.
    private static let valueCount = 4096
    /// The slots for whole records, a power of two. They are few, because records are large and share their content.
    private static let recordCount = 32
    /// The slots for keys, a power of two.
    private static let keyCount = 256
    /// The largest value that is stored, and the limit for all together, in bytes.
    private static let (heaviest, most) = (16 << 10, 1536 << 10)
    /// The longest key that is stored, in bytes.
    private static let longestKey = 64

    private let isOn: Bool
    /// The position that came last for each slot: first the slots of values, then those of records.
    private var seen: [UInt32] = []
    private var entries: [Entry?] = []
    private var records: [Entry?] = []
    private var keys: [(start: Int, count: Int, text: UntrustedText)?] = []
    private var weight = 0

    /// A cache that stores nothing, and one that is empty.
    static let none = ValueCache(isOn: false)
    static let empty = ValueCache(isOn: true)

    private init(isOn: Bool) { self.isOn = isOn }

    @inline(__always)
    private static func place(_ offset: Int, of count: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: offset) &* 0x9E37_79B9_7F4A_7C15) >> 40) & (count &- 1)
    }

    /// Whether a position was the last one to come for its slot. It is from now on.
    @inline(__always)
    private mutating func hasCome(_ offset: Int, _ place: Int) -> Bool {
        if seen.isEmpty { seen = Array(repeating: .max, count: Self.valueCount + Self.recordCount) }
        let offset = UInt32(truncatingIfNeeded: offset)
        defer { seen[place] = offset }
        return seen[place] == offset
    }

    /// The value at a position.
    @inline(__always)
    func value(at offset: Int) -> Entry? {
        let place = Self.place(offset, of: Self.valueCount)
        guard !entries.isEmpty, seen[place] == UInt32(truncatingIfNeeded: offset), let entry = entries[place],
            entry.offset == offset
        else { return nil }
        return entry
    }

    /// Stores a value.
    mutating func keep(_ entry: Entry) {
        guard isOn, entry.weight <= Self.heaviest, hasCome(entry.offset, Self.place(entry.offset, of: Self.valueCount))
        else { return }
        if weight &+ entry.weight > Self.most || entries.isEmpty {
            entries = [Entry?](repeating: nil, count: Self.valueCount)
            weight = 0
        }
        let place = Self.place(entry.offset, of: Self.valueCount)
        weight &+= entry.weight &- (entries[place]?.weight ?? 0)
        entries[place] = entry
    }

    /// The whole record at a position.
    @inline(__always)
    func record(at offset: Int) -> Entry? {
        guard !records.isEmpty, let entry = records[Self.place(offset, of: Self.recordCount)], entry.offset == offset
        else { return nil }
        return entry
    }

    /// Stores a whole record.
    mutating func keepRecord(_ entry: Entry) {
        let place = Self.place(entry.offset, of: Self.recordCount)
        guard isOn, entry.weight <= Self.heaviest, hasCome(entry.offset, Self.valueCount + place) else { return }
        if records.isEmpty { records = [Entry?](repeating: nil, count: Self.recordCount) }
        records[place] = entry
    }

    /// The key with a text of so many bytes at a position, read if it is not stored.
    ///
    /// The position alone does not tell keys apart: in a crafted file, the last byte of a long size is the size of a
    /// shorter key.
    @inline(__always)
    mutating func key(at start: Int, count: Int, _ read: () -> UntrustedText) -> UntrustedText {
        let place = Self.place(start, of: Self.keyCount)
        if !keys.isEmpty, let known = keys[place], known.start == start, known.count == count { return known.text }
        let text = read()
        guard isOn, count <= Self.longestKey else { return text }
        if keys.isEmpty { keys = Array(repeating: nil, count: Self.keyCount) }
        keys[place] = (start, count, text)
        return text
    }
}

/// The caches of a database. There are several, so that concurrent readers do not wait for each other.
final class ValueCaches: Sendable {
    private final class Slot: Sendable {
        let cache = Lock(ValueCache.empty)
    }

    private let slots = (0..<4).map { _ in Slot() }

    /// Calls the body with a cache that is free, or with one that stores nothing if all are in use.
    func withCache<Failure: Error>(
        _ body: (inout ValueCache) throws(Failure) -> MMDBValue
    ) throws(Failure) -> MMDBValue {
        for slot in slots {
            let value = try slot.cache.withLockIfAvailable { cache throws(Failure) in try body(&cache) }
            if let value { return value }
        }
        var none = ValueCache.none
        return try body(&none)
    }
}
