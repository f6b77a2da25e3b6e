/// Checks that every value can be read within the limits of a record, and that pointers lead to values.
///
/// What a value costs with everything in it is computed once, however many pointers lead to it. So a few pointers that
/// stand for billions of values are found out without reading these.
struct DataCosts {
    private let map: DataMap
    private let numbers: PositionSet.Numbers
    /// What each shared map or array costs, by its number.
    private var known: [Known]

    /// What reading a value takes.
    private struct Cost {
        /// The values that it holds, at every level.
        var values = 0
        /// The bytes of its strings, byte arrays and keys.
        var bytes = 0
        /// The levels below it.
        var height = 0
    }

    /// A cost in few bytes, for there may be many. Each number is within its limit.
    private struct Known {
        var values: UInt32 = 0
        var bytes: UInt32 = 0
        var height: UInt32 = 0
        /// The size of the value in the file; 0 as long as nothing is known.
        var size: UInt32 = 0
    }

    init(_ map: DataMap) {
        self.map = map
        numbers = PositionSet.Numbers(of: map.shared)
        known = Array(repeating: Known(), count: numbers.count)
    }

    /// Checks all values of the section. Those within others cost less than these.
    mutating func check(in bytes: Span<UInt8>) throws(MMDBError) {
        var at = map.section.start
        while at < map.section.end {
            let (cost, next) = try cost(in: bytes, at: at, level: 1)
            try Self.check(cost, at: at)
            at = next
        }
    }

    private static func check(_ cost: Cost, at offset: Int) throws(MMDBError) {
        var budget = Budget()
        // The reader counts the record itself, too.
        try budget.takeValues(cost.values &+ 1, at: offset)
        try budget.takeBytes(cost.bytes, at: offset)
    }

    /// What the value at a position costs, and the position of the next one.
    private mutating func cost(
        in bytes: Span<UInt8>, at offset: Int, level: Int
    ) throws(MMDBError) -> (cost: Cost, next: Int) {
        // A value that contains itself is found here to be too deep.
        try Budget.check(level: level, at: offset)
        let field = try map.section.field(in: bytes, at: offset)
        switch field.kind {
        case .pointer:
            try checkTarget(field.size, of: offset)
            return (try cost(in: bytes, at: field.size, level: level).cost, field.start)
        case .map, .array:
            guard field.size > 0 else { return (Cost(), field.start) }
            return try shared(field, in: bytes, at: offset, level: level)
        case .string, .bytes: return (Cost(bytes: field.size), field.end)
        default: return (Cost(), field.end)
        }
    }

    /// What a map or an array costs, which is computed only if it is not known.
    private mutating func shared(
        _ field: Field, in bytes: Span<UInt8>, at offset: Int, level: Int
    ) throws(MMDBError) -> (cost: Cost, next: Int) {
        guard let number = numbers.number(of: offset) else {
            return try content(of: field, in: bytes, at: offset, level: level)
        }
        if known[number].size > 0 {
            let known = known[number]
            try Budget.check(level: level &+ Int(known.height), at: offset)
            return (
                Cost(values: Int(known.values), bytes: Int(known.bytes), height: Int(known.height)),
                offset &+ Int(known.size)
            )
        }
        let (cost, next) = try content(of: field, in: bytes, at: offset, level: level)
        known[number] = Known(
            values: UInt32(cost.values), bytes: UInt32(cost.bytes), height: UInt32(cost.height),
            size: UInt32(next - offset))
        return (cost, next)
    }

    private mutating func content(
        of field: Field, in bytes: Span<UInt8>, at offset: Int, level: Int
    ) throws(MMDBError) -> (cost: Cost, next: Int) {
        var total = Cost(values: field.size)
        var at = field.start
        for _ in 0..<field.size {
            if field.kind == .map {
                let key = try map.section.key(in: bytes, at: at)
                let name = try map.section.field(in: bytes, at: at)
                if name.kind == .pointer { try checkTarget(name.size, of: at) }
                total.bytes &+= key.count
                at = key.value
            }
            let (cost, next) = try cost(in: bytes, at: at, level: level &+ 1)
            total.values &+= cost.values
            total.bytes &+= cost.bytes
            total.height = max(total.height, cost.height &+ 1)
            try Self.check(total, at: offset)
            at = next
        }
        return (total, at)
    }

    private func checkTarget(_ target: Int, of offset: Int) throws(MMDBError) {
        guard map.values.contains(target) else {
            throw MMDBError(.broken, "a pointer leads into the middle of a value", at: offset)
        }
    }
}
