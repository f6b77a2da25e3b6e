extension MMDBWriter {
    /// The data section of a file as it grows: each value where it is first needed, and pointers to it from then on.
    struct DataSection {
        private let values: ValueStore
        private(set) var bytes: [UInt8] = []
        /// Where each value stands, or `absent`.
        private var offsets: [UInt32]
        /// How many bytes it took there, up to what matters for whether a pointer is shorter.
        private var lengths: [UInt8]
        /// The farthest value that a record of the tree leads to.
        private(set) var lastOffset = 0

        private static let absent = UInt32.max

        init(_ values: ValueStore) {
            self.values = values
            offsets = [UInt32](repeating: Self.absent, count: values.count)
            lengths = [UInt8](repeating: 0, count: values.count)
        }

        /// Where a value stands that has been added.
        func offset(of id: UInt32) -> UInt32 { offsets[Int(id)] }

        /// Adds a value that a record of the tree leads to.
        mutating func add(_ id: UInt32) throws(MMDBError) {
            if offsets[Int(id)] == Self.absent {
                write(id)
                guard bytes.count < Int(Self.absent) else {
                    throw MMDBError(.unwritable, "The records take more than the 4 GiB that a file can have")
                }
            }
            lastOffset = max(lastOffset, Int(offsets[Int(id)]))
        }

        /// Writes a value, or a pointer to where it is already.
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
