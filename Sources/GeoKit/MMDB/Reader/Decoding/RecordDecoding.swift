internal import TraceCore

/// The state that the decoders and containers of one record share: the budget and the path.
final class RecordDecoding {
    /// A key of an open map, and the position of its value.
    struct Entry {
        let keyStart: Int
        let keyCount: Int
        let value: Int
    }

    /// The mutable state, in one struct so that exclusive access to it is checked once.
    struct State {
        var budget = Budget()
        /// The keys that lead to the current value.
        var path: [any CodingKey] = []
        /// The entries of all open maps, one after the other. A separate array for each would be an allocation.
        var entries: [Entry] = []
    }

    let file: DatabaseFile
    private var state = State()

    /// The keys that lead to the current value.
    var path: [any CodingKey] {
        get { state.path }
        set { state.path = newValue }
        _modify { yield &state.path }
    }

    init(file: DatabaseFile) {
        self.file = file
        state.entries.reserveCapacity(32)
        state.path.reserveCapacity(8)
    }

    // MARK: - Containers

    /// Calls the body with a key added to the path.
    @inline(__always)
    func within<Value>(
        _ key: some CodingKey, _ base: [any CodingKey]?, _ body: () throws -> Value
    ) throws -> Value {
        guard let base else {
            path.append(key)
            defer { path.removeLast() }
            return try body()
        }
        let before = path
        path = base + [key]
        defer { path = before }
        return try body()
    }

    /// Reads the keys of the map at a position, and returns their range in the entries; nil if it is not a map.
    func openMap(at offset: Int, level: Int) throws(MMDBError) -> Range<Int>? {
        try reading { bytes throws(MMDBError) in
            try Self.openMap(in: bytes, file.data, at: offset, level: level, &state)
        }
    }

    private static func openMap(
        in bytes: Span<UInt8>, _ data: DataSection, at offset: Int, level: Int, _ state: inout State
    ) throws(MMDBError) -> Range<Int>? {
        let map = try data.resolved(in: bytes, at: offset).field
        guard map.kind == .map else { return nil }
        try Budget.check(level: level, at: offset)
        try state.budget.takeValues(map.size, at: offset)
        let first = state.entries.count
        var at = map.start
        for _ in 0..<map.size {
            let key = try data.key(in: bytes, at: at)
            state.entries.append(Entry(keyStart: key.start, keyCount: key.count, value: key.value))
            at = try data.skip(in: bytes, at: key.value, &state.budget)
        }
        return first..<state.entries.count
    }

    /// The position of the value for a key of an open map.
    func find(_ name: String, in map: Range<Int>) -> Int? {
        file.bytes.withSpan { bytes in
            let wanted = SearchKey(name)
            return Self.find(wanted, of: map, in: bytes, state.entries)
        }
    }

    @inline(__always)
    private static func find(
        _ wanted: SearchKey, of map: Range<Int>, in bytes: Span<UInt8>, _ entries: [Entry]
    ) -> Int? {
        for index in map {
            let entry = entries[index]
            if entry.keyCount == wanted.count, wanted.matches(bytes, at: entry.keyStart) { return entry.value }
        }
        return nil
    }

    /// The keys of an open map.
    func keys(of map: Range<Int>) -> [String] {
        file.bytes.withSpan { bytes in
            map.map { index in
                let entry = state.entries[index]
                let field = Field(kind: .string, size: entry.keyCount, start: entry.keyStart)
                return file.data.text(field, in: bytes).raw
            }
        }
    }

    /// The position of the first element of an array, and the number of elements; nil if it is not an array.
    func openArray(at offset: Int, level: Int) throws(MMDBError) -> (first: Int, count: Int)? {
        try reading { bytes throws(MMDBError) in
            let array = try file.data.resolved(in: bytes, at: offset).field
            guard array.kind == .array else { return nil }
            try Budget.check(level: level, at: offset)
            try state.budget.takeValues(array.size, at: offset)
            return (array.start, array.size)
        }
    }

    /// The position of the element after the one at a position.
    func next(after offset: Int) throws(MMDBError) -> Int {
        try reading { bytes throws(MMDBError) in try file.data.skip(in: bytes, at: offset, &state.budget) }
    }

    // MARK: - Scalars

    /// The type of the value at a position.
    func kind(at offset: Int) throws(MMDBError) -> Field.Kind {
        try reading { bytes throws(MMDBError) in try file.data.resolved(in: bytes, at: offset).field.kind }
    }

    func string(at offset: Int) throws -> String {
        let text: String?? = try reading { bytes throws(MMDBError) in
            let field = try file.data.resolved(in: bytes, at: offset).field
            guard field.kind == .string else { return nil }
            try state.budget.takeBytes(field.size, at: offset)
            return .some(file.data.validText(field, in: bytes))
        }
        guard let text else { throw try mismatch(String.self, at: offset) }
        guard let text else { throw corrupted("a string is not UTF-8") }
        return text
    }

    func text(at offset: Int) throws -> UntrustedText {
        let text: UntrustedText? = try reading { bytes throws(MMDBError) in
            let field = try file.data.resolved(in: bytes, at: offset).field
            guard field.kind == .string else { return nil }
            try state.budget.takeBytes(field.size, at: offset)
            return file.data.text(field, in: bytes)
        }
        guard let text else { throw try mismatch(UntrustedText.self, at: offset) }
        return text
    }

    /// The bytes at a position, or nil if it has another type.
    func data(at offset: Int) throws(MMDBError) -> [UInt8]? {
        try reading { bytes throws(MMDBError) in
            let field = try file.data.resolved(in: bytes, at: offset).field
            guard field.kind == .bytes else { return nil }
            try state.budget.takeBytes(field.size, at: offset)
            return file.data.data(field, in: bytes)
        }
    }

    func boolean(at offset: Int) throws -> Bool {
        let value: Bool? = try reading { bytes throws(MMDBError) in
            let field = try file.data.resolved(in: bytes, at: offset).field
            return field.kind == .boolean ? field.size == 1 : nil
        }
        guard let value else { throw try mismatch(Bool.self, at: offset) }
        return value
    }

    func real(at offset: Int) throws -> Double {
        switch try number(at: offset) {
        case .real(let number): return number
        case .whole(let number): return Double(number)
        case nil: throw try mismatch(Double.self, at: offset)
        }
    }

    func integer<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) throws -> Value {
        guard case .whole(let number) = try number(at: offset) else {
            // The only type that may not fit an Int128.
            if let wide = try wideNumber(at: offset) { return try fitting(wide) }
            throw try mismatch(type, at: offset)
        }
        return try fitting(number)
    }

    private func fitting<Value: FixedWidthInteger>(_ number: some BinaryInteger) throws -> Value {
        guard let value = Value(exactly: number) else { throw corrupted("\(number) does not fit into \(Value.self)") }
        return value
    }

    private func number(at offset: Int) throws(MMDBError) -> DatabaseFile.Number? {
        try reading { bytes throws(MMDBError) in
            file.data.number(try file.data.resolved(in: bytes, at: offset).field, in: bytes)
        }
    }

    private func wideNumber(at offset: Int) throws(MMDBError) -> UInt128? {
        try reading { bytes throws(MMDBError) in
            let field = try file.data.resolved(in: bytes, at: offset).field
            return field.kind == .uint128 ? bytes.wideNumber(at: field.start, count: field.size) : nil
        }
    }

    // MARK: - Errors

    /// Calls the body with the bytes of the file, and adds the path to an error.
    @inline(__always)
    private func reading<Result>(
        _ body: (Span<UInt8>) throws(MMDBError) -> Result
    ) throws(MMDBError) -> Result {
        do throws(MMDBError) {
            return try file.bytes.withSpan(body)
        } catch {
            throw located(error)
        }
    }

    @inline(never)
    private func located(_ error: MMDBError) -> MMDBError {
        path.isEmpty ? error : MMDBError(error.code, "\(Self.text(path)): \(error.message)", at: error.offset)
    }

    /// A path as text: `/city/names/en`.
    private static func text(_ path: [any CodingKey]) -> String {
        path.map { key in "/" + (key.intValue.map(String.init) ?? UntrustedText(key.stringValue).description) }.joined()
    }

    @inline(never)
    func mismatch(_ type: any Any.Type, at offset: Int) throws -> DecodingError {
        DecodingError.typeMismatch(
            type,
            DecodingError.Context(
                codingPath: path,
                debugDescription: "\(Self.text(path)): expected \(type), found a \(try kind(at: offset).name) "
                    + "(at byte \(offset))"))
    }

    @inline(never)
    func missing(_ key: any CodingKey) -> DecodingError {
        DecodingError.keyNotFound(
            key,
            DecodingError.Context(
                codingPath: path, debugDescription: "\(Self.text(path + [key])): the record has no such key"))
    }

    @inline(never)
    private func corrupted(_ rule: String) -> DecodingError {
        DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: path, debugDescription: "\(Self.text(path)): \(rule)"))
    }
}
