/// Packets that are on their way back, the next to arrive first.
///
/// What is put in order are small entries; the packets stay where they are, in buffers that are used again.
struct ArrivalQueue: Sendable {
    private struct Entry: Comparable {
        let at: Int64
        /// What was sent first also arrives first, of what arrives at the same time.
        let order: UInt64
        let slot: Int

        @inline(__always) static func < (left: Entry, right: Entry) -> Bool {
            left.at < right.at || left.at == right.at && left.order < right.order
        }
    }

    private var heap = BinaryHeap<Entry>()
    private var order: UInt64 = 0
    private var free: [Int] = []
    /// The packets, each in a slot of its own.
    private(set) var packets: [[UInt8]] = []

    /// When the next packet arrives, or nil if none is on its way.
    var next: Int64? { heap.first?.at }

    /// Lets a packet be written into a slot; it is given back at once unless the body says to keep it.
    mutating func fill<Result>(_ body: (inout [UInt8]) -> Result) -> (slot: Int, result: Result) {
        let slot: Int
        if let last = free.popLast() {
            slot = last
            packets[slot].removeAll(keepingCapacity: true)
        } else {
            slot = packets.count
            packets.append([])
            // An answer that quotes a probe of usual size, in one piece.
            packets[slot].reserveCapacity(128)
        }
        return (slot, body(&packets[slot]))
    }

    /// Makes the packet of a slot arrive at a time.
    mutating func push(_ slot: Int, at time: Int64) {
        heap.insert(Entry(at: time, order: order, slot: slot))
        order &+= 1
    }

    /// Makes a copy of a slot's packet arrive at a time.
    mutating func pushCopy(of slot: Int, at time: Int64) { push(copy(slot), at: time) }

    /// Gives a copy of a slot's packet a slot of its own.
    mutating func copy(_ slot: Int) -> Int {
        let packet = packets[slot]
        return fill { $0.append(contentsOf: packet) }.slot
    }

    /// Gives a slot back, so that another packet can have it.
    mutating func release(_ slot: Int) { free.append(slot) }

    /// Takes out the slot of the next packet.
    mutating func pop() -> Int? { heap.popFirst()?.slot }
}
