internal import TraceCore

extension MMDBDatabase {
    /// Checks the whole search tree and every value, and throws for the first rule that the file breaks.
    ///
    /// It needs at most 4 MiB of memory, and reads each byte a few times.
    public func verify() throws(MMDBError) {
        try verifySeparator()
        var check = DataCheck(section: file.data)
        var networks = networks()
        while let network = try networks.next() {
            guard let record = network.record else { continue }
            try file.bytes.withSpan { bytes throws(MMDBError) in try check.record(in: bytes, at: record.offset) }
        }
        // Values that no network leads to must be valid too. The section is a sequence of values.
        try file.bytes.withSpan { bytes throws(MMDBError) in
            var at = file.data.start
            while at < file.data.end { at = try check.value(in: bytes, at: at) }
        }
    }

    private func verifySeparator() throws(MMDBError) {
        try file.bytes.withSpan { bytes throws(MMDBError) in
            for offset in file.tree.size..<file.data.start where bytes[offset] != 0 {
                throw MMDBError(
                    .broken, "the 16 bytes between the search tree and the data are not all zero", at: offset)
            }
        }
    }
}

/// Checks values. A value that several pointers lead to is checked once.
private struct DataCheck {
    let section: DataSection
    /// Positions of values that are known to be valid, in a direct-mapped table. In a small section each has its own
    /// slot.
    private var sound: [Int]

    init(section: DataSection) {
        self.section = section
        var count = 1
        while count < section.end - section.start, count < 1 << 19 { count <<= 1 }
        sound = Array(repeating: -1, count: count)
    }

    /// Checks the value at a position with everything in it, and returns the position of the next one.
    @discardableResult
    mutating func value(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) -> Int {
        try value(in: bytes, at: offset, level: 1)
    }

    /// Checks a record, which several networks may share.
    mutating func record(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) {
        try target(in: bytes, at: offset, level: 1)
    }

    private mutating func value(in bytes: Span<UInt8>, at offset: Int, level: Int) throws(MMDBError) -> Int {
        try Budget.check(level: level, at: offset)
        let field = try section.field(in: bytes, at: offset)
        switch field.kind {
        case .pointer:
            _ = try section.resolved(in: bytes, at: offset)
            try target(in: bytes, at: field.size, level: level)
            return field.start
        case .map:
            var at = field.start
            for _ in 0..<field.size {
                at = try key(in: bytes, at: at)
                at = try value(in: bytes, at: at, level: level + 1)
            }
            return at
        case .array:
            var at = field.start
            for _ in 0..<field.size { at = try value(in: bytes, at: at, level: level + 1) }
            return at
        case .string:
            try checkText(field, in: bytes, at: offset)
            return field.end
        default: return field.end
        }
    }

    private mutating func target(in bytes: Span<UInt8>, at offset: Int, level: Int) throws(MMDBError) {
        let place = (offset - section.start) & (sound.count - 1)
        if sound[place] == offset { return }
        _ = try value(in: bytes, at: offset, level: level)
        // Only afterwards, so that a value that contains itself is found to be too deep.
        sound[place] = offset
    }

    private func key(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) -> Int {
        let key = try section.key(in: bytes, at: offset)
        try checkText(Field(kind: .string, size: key.count, start: key.start), in: bytes, at: offset)
        return key.value
    }

    private func checkText(_ field: Field, in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) {
        guard section.isText(field, in: bytes) else {
            throw MMDBError(.broken, "a string is not UTF-8", at: offset)
        }
    }
}
