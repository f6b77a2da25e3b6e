internal import TraceCore

/// Values and keys that were read before, by where they stand: records share most of what they hold.
///
/// Direct-mapped and bounded: a newcomer takes the place of who sits there, and when all of it grows too heavy,
/// it starts anew. What comes for the first time is only remembered to have come: most of that never comes again, and
/// memory that is given back at once is used again while it is near.
struct ValueCache {
    /// A value with what reading it took.
    struct Entry {
        let offset: Int
        let value: MMDBValue
        let values: Int
        let bytes: Int
        let height: Int

        /// About how many bytes of memory it holds.
        var weight: Int { values &* 64 &+ bytes }
    }

    /// The places for values that several point to, a power of two.
    private static let valueCount = 4096
    /// The places for whole records, a power of two: few, as they are heavy and hold what others have too.
    private static let recordCount = 32
    /// The places for keys, a power of two.
    private static let keyCount = 256
    /// The heaviest value that is kept, and how much all may weigh.
    private static let (heaviest, most) = (16 << 10, 1536 << 10)
    /// The longest key that is kept.
    private static let longestKey = 64

    private let isOn: Bool
    /// The offsets that came last, by their places, first those of values and then those of records.
    private var seen: [UInt32] = []
    private var entries: [Entry?] = []
    private var records: [Entry?] = []
    private var keys: [(offset: Int, text: UntrustedText)?] = []
    private var weight = 0

    /// A cache that keeps nothing, and one that is empty.
    static let none = ValueCache(isOn: false)
    static let empty = ValueCache(isOn: true)

    private init(isOn: Bool) { self.isOn = isOn }

    @inline(__always)
    private static func place(_ offset: Int, of count: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: offset) &* 0x9E37_79B9_7F4A_7C15) >> 40) & (count &- 1)
    }

    /// Whether an offset came before, as the last of those that share its place; from now on it did.
    @inline(__always)
    private mutating func hasCome(_ offset: Int, _ place: Int) -> Bool {
        if seen.isEmpty { seen = Array(repeating: .max, count: Self.valueCount + Self.recordCount) }
        let offset = UInt32(truncatingIfNeeded: offset)
        defer { seen[place] = offset }
        return seen[place] == offset
    }

    /// What was read at a place.
    @inline(__always)
    func value(at offset: Int) -> Entry? {
        let place = Self.place(offset, of: Self.valueCount)
        guard !entries.isEmpty, seen[place] == UInt32(truncatingIfNeeded: offset), let entry = entries[place],
            entry.offset == offset
        else { return nil }
        return entry
    }

    /// Keeps what was read.
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

    /// The whole record that was read at a place.
    @inline(__always)
    func record(at offset: Int) -> Entry? {
        guard !records.isEmpty, let entry = records[Self.place(offset, of: Self.recordCount)], entry.offset == offset
        else { return nil }
        return entry
    }

    /// Keeps a whole record.
    mutating func keepRecord(_ entry: Entry) {
        let place = Self.place(entry.offset, of: Self.recordCount)
        guard isOn, entry.weight <= Self.heaviest, hasCome(entry.offset, Self.valueCount + place) else { return }
        if records.isEmpty { records = [Entry?](repeating: nil, count: Self.recordCount) }
        records[place] = entry
    }

    /// The key whose text begins at a place, read if it is not known.
    @inline(__always)
    mutating func key(at offset: Int, _ read: () -> UntrustedText) -> UntrustedText {
        let place = Self.place(offset, of: Self.keyCount)
        if !keys.isEmpty, let known = keys[place], known.offset == offset { return known.text }
        let text = read()
        guard isOn, text.raw.utf8.count <= Self.longestKey else { return text }
        if keys.isEmpty { keys = Array(repeating: nil, count: Self.keyCount) }
        keys[place] = (offset, text)
        return text
    }
}
