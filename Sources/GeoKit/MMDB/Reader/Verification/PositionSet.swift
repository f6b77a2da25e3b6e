/// A set of positions in a section of a file: a bit for each byte of the section.
struct PositionSet {
    private let section: DataSection
    private var words: [UInt64]

    /// A set without positions.
    init(in section: DataSection) {
        self.section = section
        words = Array(repeating: 0, count: (section.end - section.start + 63) / 64)
    }

    /// Adds a position, which must be in the section.
    mutating func insert(_ offset: Int) {
        let index = offset - section.start
        words[index >> 6] |= 1 << UInt64(index & 63)
    }

    /// Whether a position, which must be in the section, is in the set.
    func contains(_ offset: Int) -> Bool {
        let index = offset - section.start
        return words[index >> 6] >> UInt64(index & 63) & 1 == 1
    }

    /// The positions of the set, numbered in their order.
    struct Numbers {
        private let set: PositionSet
        /// How many positions come before each block of words.
        private var before: [Int] = []
        /// The number of positions.
        let count: Int

        /// The words of a block. Fewer would need more memory, and more would be slower.
        private static let blockSize = 8

        init(of set: PositionSet) {
            self.set = set
            var count = 0
            before.reserveCapacity(set.words.count / Self.blockSize + 1)
            for (index, word) in set.words.enumerated() {
                if index % Self.blockSize == 0 { before.append(count) }
                count += word.nonzeroBitCount
            }
            self.count = count
        }

        /// The number of a position, which must be in the section; nil if it is not in the set.
        func number(of offset: Int) -> Int? {
            guard set.contains(offset) else { return nil }
            let index = offset - set.section.start
            let word = index >> 6
            let block = word / Self.blockSize
            var number = before[block]
            for earlier in block * Self.blockSize..<word { number += set.words[earlier].nonzeroBitCount }
            return number + (set.words[word] & ((1 << UInt64(index & 63)) - 1)).nonzeroBitCount
        }
    }
}
