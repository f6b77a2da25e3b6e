internal import TraceCore

/// Reads a whole value of any type, within the limits of a record.
struct ValueReader {
    let section: DataSection
    private var budget = Budget()
    /// The deepest level reached since it was last set.
    private var deepest = 0

    init(section: DataSection) { self.section = section }

    /// The value at a position.
    mutating func value(
        in bytes: Span<UInt8>, at offset: Int, _ cache: inout ValueCache
    ) throws(MMDBError) -> MMDBValue {
        try budget.takeValues(1, at: offset)
        return try shared(in: bytes, at: offset, level: 1, isRecord: true, &cache)
    }

    /// The value at a position, and the position of the next one.
    private mutating func value(
        in bytes: Span<UInt8>, at offset: Int, level: Int, _ cache: inout ValueCache
    ) throws(MMDBError) -> (value: MMDBValue, next: Int) {
        let field = try section.field(in: bytes, at: offset)
        if field.kind == .pointer {
            guard try section.field(in: bytes, at: field.size).kind != .pointer else {
                throw DataSection.pointerToPointer(offset)
            }
            return (
                try shared(in: bytes, at: field.size, level: level, isRecord: false, &cache), field.start
            )
        }
        return try content(of: field, in: bytes, at: offset, level: level, &cache)
    }

    /// The value at a position that several pointers may lead to, from the cache if possible.
    private mutating func shared(
        in bytes: Span<UInt8>, at offset: Int, level: Int, isRecord: Bool, _ cache: inout ValueCache
    ) throws(MMDBError) -> MMDBValue {
        if let known = isRecord ? cache.record(at: offset) : cache.value(at: offset) {
            // A cached value counts as if it were read.
            try budget.takeValues(known.values, at: offset)
            try budget.takeBytes(known.bytes, at: offset)
            try Budget.check(level: level &+ known.height, at: offset)
            deepest = max(deepest, level &+ known.height)
            return known.value
        }
        let before = budget
        let deepestBefore = deepest
        deepest = level
        let value = try value(in: bytes, at: offset, level: level, &cache).value
        let entry = ValueCache.Entry(
            offset: offset, value: value, values: before.values &- budget.values,
            bytes: before.bytes &- budget.bytes, height: deepest &- level)
        if isRecord { cache.keepRecord(entry) } else { cache.keep(entry) }
        deepest = max(deepest, deepestBefore)
        return value
    }

    private mutating func content(
        of field: Field, in bytes: Span<UInt8>, at offset: Int, level: Int, _ cache: inout ValueCache
    ) throws(MMDBError) -> (value: MMDBValue, next: Int) {
        switch field.kind {
        case .map: return try map(field, in: bytes, at: offset, level: level, &cache)
        case .array: return try array(field, in: bytes, at: offset, level: level, &cache)
        case .string:
            try budget.takeBytes(field.size, at: offset)
            return (.string(section.text(field, in: bytes)), field.end)
        case .bytes:
            try budget.takeBytes(field.size, at: offset)
            return (.bytes(section.data(field, in: bytes)), field.end)
        case .double: return (.double(section.double(field, in: bytes)), field.end)
        case .float: return (.float(section.float(field, in: bytes)), field.end)
        case .int32: return (.int32(section.signed(field, in: bytes)), field.end)
        case .uint16:
            return (
                .uint16(UInt16(truncatingIfNeeded: bytes.number(at: field.start, count: field.size))), field.end
            )
        case .uint32:
            return (
                .uint32(UInt32(truncatingIfNeeded: bytes.number(at: field.start, count: field.size))), field.end
            )
        case .uint64: return (.uint64(bytes.number(at: field.start, count: field.size)), field.end)
        case .uint128: return (.uint128(bytes.wideNumber(at: field.start, count: field.size)), field.end)
        case .boolean: return (.boolean(field.size == 1), field.end)
        case .pointer: throw DataSection.pointerToPointer(offset)
        }
    }

    private mutating func map(
        _ field: Field, in bytes: Span<UInt8>, at offset: Int, level: Int, _ cache: inout ValueCache
    ) throws(MMDBError) -> (value: MMDBValue, next: Int) {
        try enter(field, at: offset, level: level)
        var pairs: [MMDBValue.Pair] = []
        pairs.reserveCapacity(field.size)
        var at = field.start
        for _ in 0..<field.size {
            let key = try section.key(in: bytes, at: at)
            try budget.takeBytes(key.count, at: at)
            let name = cache.key(at: key.start, count: key.count) { () -> UntrustedText in
                section.text(Field(kind: .string, size: key.count, start: key.start), in: bytes)
            }
            let (value, next) = try value(in: bytes, at: key.value, level: level &+ 1, &cache)
            pairs.append(MMDBValue.Pair(name, value))
            at = next
        }
        return (.map(pairs), at)
    }

    private mutating func array(
        _ field: Field, in bytes: Span<UInt8>, at offset: Int, level: Int, _ cache: inout ValueCache
    ) throws(MMDBError) -> (value: MMDBValue, next: Int) {
        try enter(field, at: offset, level: level)
        var values: [MMDBValue] = []
        values.reserveCapacity(field.size)
        var at = field.start
        for _ in 0..<field.size {
            let (value, next) = try value(in: bytes, at: at, level: level &+ 1, &cache)
            values.append(value)
            at = next
        }
        return (.array(values), at)
    }

    /// Enters a map or an array. Its size is taken from the budget first, so that it cannot reserve more memory.
    private mutating func enter(_ field: Field, at offset: Int, level: Int) throws(MMDBError) {
        try budget.takeValues(field.size, at: offset)
        guard field.size > 0 else { return }
        try Budget.check(level: level &+ 1, at: offset)
        deepest = max(deepest, level &+ 1)
    }
}
