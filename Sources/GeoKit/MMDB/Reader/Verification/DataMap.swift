/// Where the values of a section begin. The section is a sequence of values, so that each byte belongs to one of them.
///
/// Making it checks each value by itself, also those that nothing leads to.
struct DataMap {
    let section: DataSection
    /// Where values and keys begin, also those within others.
    private(set) var values: PositionSet
    /// Maps and arrays that pointers lead to, and that hold something.
    private(set) var shared: PositionSet

    init(of section: DataSection, in bytes: Span<UInt8>) throws(MMDBError) {
        self.section = section
        values = PositionSet(in: section)
        shared = PositionSet(in: section)
        var at = section.start
        while at < section.end { at = try value(in: bytes, at: at, level: 1) }
    }

    /// Enters the value at a position with everything in it, and returns the position of the next one.
    private mutating func value(in bytes: Span<UInt8>, at offset: Int, level: Int) throws(MMDBError) -> Int {
        try Budget.check(level: level, at: offset)
        values.insert(offset)
        let field = try section.field(in: bytes, at: offset)
        switch field.kind {
        case .pointer:
            let target = try section.resolved(in: bytes, at: offset).field
            if target.kind == .map || target.kind == .array, target.size > 0 { shared.insert(field.size) }
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

    /// Enters the key at a position, and returns the position of its value.
    private mutating func key(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) -> Int {
        values.insert(offset)
        let next = try section.key(in: bytes, at: offset).value
        // The text that a pointer leads to is checked where it is.
        let field = try section.field(in: bytes, at: offset)
        if field.kind == .string { try checkText(field, in: bytes, at: offset) }
        return next
    }

    private func checkText(_ field: Field, in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) {
        guard section.isText(field, in: bytes) else {
            throw MMDBError(.broken, "a string is not UTF-8", at: offset)
        }
    }
}
