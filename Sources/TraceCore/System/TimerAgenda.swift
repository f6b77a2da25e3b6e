/// Times at which somebody is to be called, the next one first: a binary heap of small entries.
struct TimerAgenda: Sendable {
    /// A time and who is to be called.
    struct Entry: Sendable, Hashable {
        let at: Int64
        let handle: UInt32
    }

    private var heap: [Entry] = []

    var count: Int { heap.count }
    var first: Int64? { heap.first?.at }

    mutating func push(_ time: Int64, _ handle: UInt32) {
        heap.append(Entry(at: time, handle: handle))
        siftUp(heap.count - 1)
    }

    /// Takes out the first entry, if its time has come.
    mutating func pop(notAfter now: Int64) -> Entry? {
        guard let first = heap.first, first.at <= now, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            siftDown(0)
        }
        return first
    }

    /// Drops the entries that are out of date.
    mutating func keep(_ isCurrent: (Entry) -> Bool) {
        heap.removeAll { !isCurrent($0) }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].at < heap[parent].at else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2) where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
