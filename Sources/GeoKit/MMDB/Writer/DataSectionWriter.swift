extension MMDBWriter {
    /// The data section of a file. A value is written where it is first needed; later uses are pointers to it.
    struct DataSectionWriter {
        private let values: ValueStore
        private(set) var bytes: [UInt8] = []
        /// The position of each value, or `absent`.
        private var offsets: [UInt32]
        /// The length of each value, capped at 255: it is only compared with the length of a pointer.
        private var lengths: [UInt8]
        /// The highest position that a record of the tree leads to.
        private(set) var lastOffset = 0

        private static let absent = UInt32.max

        init(_ values: ValueStore) {
            self.values = values
            offsets = [UInt32](repeating: Self.absent, count: values.count)
            lengths = [UInt8](repeating: 0, count: values.count)
        }

        /// The position of a value that has been added.
        func offset(of id: UInt32) -> UInt32 { offsets[Int(id)] }

        /// Adds a value that a record of the tree leads to.
        mutating func add(_ id: UInt32) throws(MMDBError) {
            if offsets[Int(id)] == Self.absent {
                write(id)
                guard bytes.count < Int(Self.absent) else {
                    throw MMDBError(.unwritable, "the records need more than the 4 GiB that a file can have")
                }
            }
            lastOffset = max(lastOffset, Int(offsets[Int(id)]))
        }

        /// Writes a value, or a pointer to it if it is there already and a pointer is shorter.
        private mutating func write(_ id: UInt32) {
            let known = offsets[Int(id)]
            if known != Self.absent, [UInt8].pointerLength(known) < Int(lengths[Int(id)]) {
                bytes.append(pointer: known)
                return
            }
            let start = bytes.count
            let range = values.range(id)
            switch values.kind(id) {
            case .scalar:
                bytes.append(contentsOf: values.bytes[range])
            case .map:
                bytes.append(.map, size: range.count / 2)
                for index in range { write(values.words[index]) }
            case .array:
                bytes.append(.array, size: range.count)
                for index in range { write(values.words[index]) }
            }
            if known == Self.absent {
                offsets[Int(id)] = UInt32(truncatingIfNeeded: start)
                lengths[Int(id)] = UInt8(clamping: bytes.count - start)
            }
        }
    }
}
