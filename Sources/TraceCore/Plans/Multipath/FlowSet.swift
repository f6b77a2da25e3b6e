/// Some of the flows, as a bit for each: they are numbered from zero on, and asked about many times.
struct FlowSet: Sendable, Hashable {
    private var words: [UInt64] = []
    /// How many flows there are.
    private(set) var count = 0

    func contains(_ flow: UInt16) -> Bool {
        let word = Int(flow >> 6)
        return word < words.count && words[word] & 1 << (flow & 63) != 0
    }

    /// Adds a flow, and says whether it was missing.
    @discardableResult
    mutating func insert(_ flow: UInt16) -> Bool {
        guard !contains(flow) else { return false }
        let word = Int(flow >> 6)
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << (flow & 63)
        count += 1
        return true
    }

    mutating func remove(_ flow: UInt16) {
        guard contains(flow) else { return }
        words[Int(flow >> 6)] &= ~(1 << (flow & 63))
        count -= 1
    }

    /// Does something with each flow, in their order.
    func forEach(_ body: (UInt16) -> Void) {
        for (index, word) in words.enumerated() {
            var word = word
            while word != 0 {
                body(UInt16(index << 6 + word.trailingZeroBitCount))
                word &= word - 1
            }
        }
    }
}
