/// Numbers with a time each, the earliest first; of those with the same time, the one that came first.
///
/// Entries are not changed or taken back: whoever takes one out looks whether it still holds.
struct WakeQueue: Sendable {
    private struct Entry: Comparable {
        let time: Duration
        let order: Int
        let number: Int

        @inline(__always) static func < (left: Entry, right: Entry) -> Bool {
            left.time < right.time || left.time == right.time && left.order < right.order
        }
    }

    private var heap = BinaryHeap<Entry>()
    private var order = 0

    /// The earliest time, or nil if there is none.
    var next: Duration? { heap.first?.time }

    var count: Int { heap.count }

    /// Drops what does not hold any more.
    mutating func keep(where holds: (_ number: Int, _ time: Duration) -> Bool) {
        heap.removeAll { !holds($0.number, $0.time) }
    }

    mutating func add(_ number: Int, at time: Duration) {
        heap.insert(Entry(time: time, order: order, number: number))
        order += 1
    }

    /// Takes out the earliest number, if its time has come.
    mutating func take(at now: Duration) -> (number: Int, time: Duration)? {
        guard let first = heap.first, first.time <= now else { return nil }
        return heap.popFirst().map { ($0.number, $0.time) }
    }
}
