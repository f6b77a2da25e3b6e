/// Numbers with a time each, the earliest first; of those with the same time, the one that came first.
///
/// A binary heap. Entries are not changed or taken back: whoever takes one out looks whether it still holds.
struct WakeQueue: Sendable {
    private struct Entry {
        let time: Duration
        let order: Int
        let number: Int

        @inline(__always) static func < (left: Entry, right: Entry) -> Bool {
            left.time < right.time || left.time == right.time && left.order < right.order
        }
    }

    private var heap: [Entry] = []
    private var order = 0

    /// The earliest time, or nil if there is none.
    var next: Duration? { heap.first?.time }

    mutating func add(_ number: Int, at time: Duration) {
        heap.append(Entry(time: time, order: order, number: number))
        order += 1
        var index = heap.count - 1
        while index > 0, heap[index] < heap[(index - 1) / 2] {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes out the earliest number, if its time has come.
    mutating func take(at now: Duration) -> (number: Int, time: Duration)? {
        guard let first = heap.first, first.time <= now, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.number, first.time) }
        heap[0] = last
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[index] else { break }
            heap.swapAt(child, index)
            index = child
        }
        return (first.number, first.time)
    }
}
