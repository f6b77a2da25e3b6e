/// Times of calls that are due, the next one first.
struct TimerAgenda: Sendable {
    /// A time, and the handle of the timer that is called then.
    struct Entry: Sendable, Hashable, Comparable {
        let at: Int64
        let handle: UInt32

        static func < (left: Entry, right: Entry) -> Bool { left.at < right.at }
    }

    private var heap = BinaryHeap<Entry>()

    var count: Int { heap.count }
    var first: Int64? { heap.first?.at }

    mutating func push(_ time: Int64, _ handle: UInt32) { heap.insert(Entry(at: time, handle: handle)) }

    /// Takes out the first entry, if its time has come.
    mutating func pop(notAfter now: Int64) -> Entry? {
        guard let first = heap.first, first.at <= now else { return nil }
        return heap.popFirst()
    }

    /// Drops the entries that are out of date.
    mutating func keep(_ isCurrent: (Entry) -> Bool) { heap.removeAll { !isCurrent($0) } }
}
