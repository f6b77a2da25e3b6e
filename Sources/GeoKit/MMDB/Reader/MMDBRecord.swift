public import TraceCore

/// A record of a database. It is only a position in the file; values are read when they are asked for.
///
/// A record keeps its file open. Reading stops with an error after 512 levels, 65,536 values, or 2 MiB of strings and
/// bytes.
public struct MMDBRecord: Sendable {
    @usableFromInline let file: DatabaseFile
    /// The position in bytes from the beginning of the file. Networks that share a record share the position.
    public let offset: Int

    @inlinable
    init(file: DatabaseFile, offset: Int) {
        self.file = file
        self.offset = offset
    }

    /// The whole record.
    public func value() throws(MMDBError) -> MMDBValue { try file.value(at: offset) }

    /// The value at the end of a path, or nil if there is none. Nothing else is read.
    public func value(at path: MMDBPath) throws(MMDBError) -> MMDBValue? {
        guard let place = try file.find(path, from: offset) else { return nil }
        return try file.value(at: place)
    }

    /// The string at the end of a path, or nil if there is none.
    public func string(at path: MMDBPath) throws(MMDBError) -> UntrustedText? {
        try file.string(at: path, from: offset)
    }

    /// The number at the end of a path, or nil if there is none.
    public func double(at path: MMDBPath) throws(MMDBError) -> Double? {
        switch try file.number(at: path, from: offset) {
        case .real(let number): number
        case .whole(let number): Double(number)
        case nil: nil
        }
    }

    /// The whole number at the end of a path, or nil if there is none or it is too large.
    public func integer(at path: MMDBPath) throws(MMDBError) -> Int? {
        guard case .whole(let number) = try file.number(at: path, from: offset) else { return nil }
        return Int(exactly: number)
    }
}

extension DatabaseFile {
    enum Number {
        case real(Double)
        case whole(Int128)
    }

    /// The whole value at a position.
    func value(at offset: Int) throws(MMDBError) -> MMDBValue {
        try caches.withCache { cache throws(MMDBError) in
            try bytes.withSpan { bytes throws(MMDBError) in
                var reader = ValueReader(section: data)
                return try reader.value(in: bytes, at: offset, &cache)
            }
        }
    }

    /// The position of the value at the end of a path.
    func find(_ path: MMDBPath, from offset: Int) throws(MMDBError) -> Int? {
        try bytes.withSpan { bytes throws(MMDBError) in
            try place(of: path, in: bytes, from: offset)
        }
    }

    /// The position of the value at the end of a path, from the cache or by a search.
    @inline(__always)
    private func place(
        of path: MMDBPath, in bytes: Span<UInt8>, from offset: Int
    ) throws(MMDBError) -> Int? {
        if let known = places.place(of: path.number, from: offset) { return known < 0 ? nil : known }
        var budget = Budget()
        let place = try data.find(path, in: bytes, from: offset, &budget)
        places.keep(place ?? -1, of: path.number, from: offset)
        return place
    }

    /// The string at the end of a path.
    func string(at path: MMDBPath, from offset: Int) throws(MMDBError) -> UntrustedText? {
        try bytes.withSpan { bytes throws(MMDBError) in
            guard let place = try place(of: path, in: bytes, from: offset) else { return nil }
            let field = try data.resolved(in: bytes, at: place).field
            guard field.kind == .string else { return nil }
            var budget = Budget()
            try budget.takeBytes(field.size, at: place)
            return data.text(field, in: bytes)
        }
    }

    /// The number at the end of a path.
    func number(at path: MMDBPath, from offset: Int) throws(MMDBError) -> Number? {
        try bytes.withSpan { bytes throws(MMDBError) in
            guard let place = try place(of: path, in: bytes, from: offset) else { return nil }
            return data.number(try data.resolved(in: bytes, at: place).field, in: bytes)
        }
    }
}

extension DataSection {
    /// The number in a field, or nil if it is not a number or does not fit 127 bits.
    func number(_ field: Field, in bytes: Span<UInt8>) -> DatabaseFile.Number? {
        switch field.kind {
        case .double: .real(double(field, in: bytes))
        case .float: .real(Double(float(field, in: bytes)))
        case .int32: .whole(Int128(signed(field, in: bytes)))
        case .uint16, .uint32, .uint64: .whole(Int128(bytes.number(at: field.start, count: field.size)))
        case .uint128: Int128(exactly: bytes.wideNumber(at: field.start, count: field.size)).map { .whole($0) }
        default: nil
        }
    }
}
