extension DataSection {
    /// The position of the next value after the one at a position. Pointers are not followed.
    ///
    /// The skipped value is not checked, except for its length.
    @inline(__always)
    func skip(in bytes: Span<UInt8>, at offset: Int, _ budget: inout Budget) throws(MMDBError) -> Int {
        guard offset >= start, offset < end else { throw Self.beyond(offset) }
        let control = bytes[offset]
        let size = Int(control & 0x1F)
        // For most values the first byte is enough: pointers, and short strings and numbers.
        let next =
            switch control >> 5 {
            case 1: offset &+ 2 &+ size >> 3
            case 2...6 where size < 29: offset &+ 1 &+ size
            default: Int.max
            }
        if next <= end { return next }
        let field = try field(in: bytes, at: offset)
        guard field.kind == .map || field.kind == .array else { return field.end }
        return try skip(in: bytes, over: field, &budget)
    }

    @inline(never)
    private func skip(
        in bytes: Span<UInt8>, over container: Field, _ budget: inout Budget
    ) throws(MMDBError) -> Int {
        // A counter instead of recursion, so that depth does not matter.
        var pending = 0
        var field = container
        var at = container.start
        while true {
            switch field.kind {
            case .map:
                try budget.takeValues(field.size, at: at)
                pending &+= field.size &* 2
            case .array:
                try budget.takeValues(field.size, at: at)
                pending &+= field.size
            default: break
            }
            at = field.end
            guard pending > 0 else { return at }
            pending &-= 1
            field = try self.field(in: bytes, at: at)
        }
    }

    /// The key of a map at a position, and the position of its value.
    @inline(__always)
    func key(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) -> (start: Int, count: Int, value: Int) {
        guard offset >= start, offset < end else { throw Self.beyond(offset) }
        let control = bytes[offset]
        let (text, next) = control >> 5 == 1 ? try pointer(in: bytes, at: offset, control) : (offset, -1)
        // Nearly all keys are short strings.
        let size = Int(bytes[text]) &- 0x40
        guard size >= 0, size < 29, size < end &- text else { return try longKey(in: bytes, at: offset) }
        return (text &+ 1, size, next < 0 ? text &+ 1 &+ size : next)
    }

    @inline(never)
    private func longKey(
        in bytes: Span<UInt8>, at offset: Int
    ) throws(MMDBError) -> (start: Int, count: Int, value: Int) {
        let (key, next) = try resolved(in: bytes, at: offset)
        guard key.kind == .string else { throw Self.keyIsNoString(key.kind, offset) }
        return (key.start, key.size, next ?? key.end)
    }

    /// The position of the value at the end of a path, or nil if there is none. It may be a pointer.
    func find(
        _ path: MMDBPath, in bytes: Span<UInt8>, from offset: Int, _ budget: inout Budget
    ) throws(MMDBError) -> Int? {
        var at = offset
        for search in path.searches {
            let found =
                if let key = search.key {
                    try find(key, in: bytes, from: at, &budget)
                } else {
                    try find(search.index, in: bytes, from: at, &budget)
                }
            guard let found else { return nil }
            at = found
        }
        return at
    }

    private func find(
        _ wanted: SearchKey, in bytes: Span<UInt8>, from offset: Int, _ budget: inout Budget
    ) throws(MMDBError) -> Int? {
        let map = try resolved(in: bytes, at: offset).field
        guard map.kind == .map else { return nil }
        try budget.takeValues(map.size, at: offset)
        var at = map.start
        for _ in 0..<map.size {
            let key = try key(in: bytes, at: at)
            if key.count == wanted.count, wanted.matches(bytes, at: key.start) { return key.value }
            at = try skip(in: bytes, at: key.value, &budget)
        }
        return nil
    }

    private func find(
        _ index: Int, in bytes: Span<UInt8>, from offset: Int, _ budget: inout Budget
    ) throws(MMDBError) -> Int? {
        let array = try resolved(in: bytes, at: offset).field
        guard array.kind == .array, index >= 0, index < array.size else { return nil }
        try budget.takeValues(array.size, at: offset)
        var at = array.start
        for _ in 0..<index { at = try skip(in: bytes, at: at, &budget) }
        return at
    }

    @inline(never) private static func keyIsNoString(_ kind: Field.Kind, _ offset: Int) -> MMDBError {
        MMDBError(.broken, "the key of a map has type \(kind.name), which must be string", at: offset)
    }
}
