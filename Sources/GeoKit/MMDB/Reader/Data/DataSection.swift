/// A part of a file that contains values: the records or the metadata.
///
/// Positions are from the beginning of the file. Each one is checked against the end of the section before it is used.
struct DataSection: Sendable {
    /// Where the section begins. Pointers count from here.
    let start: Int
    /// Where the section ends.
    let end: Int

    /// The field at a position.
    @inline(__always)
    func field(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) -> Field {
        // Most values have a type without a second byte, and a size in the first byte.
        guard offset >= start, offset < end else { throw Self.beyond(offset) }
        let control = bytes[offset]
        let size = Int(control & 0x1F)
        let type = control >> 5
        if size < 29, let kind = Field.Kind(common: type) {
            // The size of a map is in pairs, which have at least two bytes.
            guard size << (kind == .map ? 1 : 0) < end &- offset else { throw Self.tooLong(kind, size, offset) }
            return Field(kind: kind, size: size, start: offset &+ 1)
        }
        if type == 1 {
            let (target, next) = try pointer(in: bytes, at: offset, control)
            return Field(kind: .pointer, size: target, start: next)
        }
        return try otherField(in: bytes, at: offset, control)
    }

    /// The field at a position, or the one that it points to; in that case, also where the next one begins.
    @inline(__always)
    func resolved(in bytes: Span<UInt8>, at offset: Int) throws(MMDBError) -> (field: Field, next: Int?) {
        let field = try field(in: bytes, at: offset)
        guard field.kind == .pointer else { return (field, nil) }
        let target = try self.field(in: bytes, at: field.size)
        guard target.kind != .pointer else { throw Self.pointerToPointer(offset) }
        return (target, field.start)
    }

    /// The target of a pointer, and where the next value begins. A pointer has 11, 19, 27 or 32 bits, and each form
    /// begins counting where the shorter one ends.
    @inline(__always)
    func pointer(
        in bytes: Span<UInt8>, at offset: Int, _ control: UInt8
    ) throws(MMDBError) -> (target: Int, next: Int) {
        let length = Int(control >> 3 & 3)
        guard length &+ 1 < end &- offset else { throw Self.cut(offset) }
        let high = UInt32(control & 7)
        let distance: UInt32
        switch length {
        case 0: distance = high << 8 | UInt32(bytes[offset &+ 1])
        case 1: distance = (high << 16 | UInt32(bytes[offset &+ 1]) << 8 | UInt32(bytes[offset &+ 2])) &+ 2048
        case 2:
            distance =
                (high << 24 | UInt32(bytes[offset &+ 1]) << 16 | UInt32(bytes[offset &+ 2]) << 8
                    | UInt32(bytes[offset &+ 3])) &+ 526_336
        default: distance = bytes.word(at: offset &+ 1)
        }
        guard Int(distance) < end &- start else { throw Self.pointsBeyond(distance, offset) }
        return (start &+ Int(distance), offset &+ length &+ 2)
    }

    @inline(never)
    private func otherField(in bytes: Span<UInt8>, at offset: Int, _ control: UInt8) throws(MMDBError) -> Field {
        var at = offset &+ 1
        var type = control >> 5
        if type == 0 {
            guard at < end else { throw Self.cut(offset) }
            // The second byte is the type minus 7. Types below 8 are in the first byte.
            let (number, isTooLarge) = bytes[at].addingReportingOverflow(7)
            guard !isTooLarge, number > 7 else { throw Self.unknownType(Int(bytes[at]) + 7, offset) }
            type = number
            at &+= 1
        }
        guard let kind = Field.Kind(rawValue: type) else { throw Self.unknownType(Int(type), offset) }
        var size = Int(control & 0x1F)
        if size >= 29 {
            let more = size &- 28
            guard more <= end &- at else { throw Self.cut(offset) }
            switch more {
            case 1: size = 29 &+ Int(bytes[at])
            case 2: size = 285 &+ (Int(bytes[at]) << 8 | Int(bytes[at &+ 1]))
            default:
                size = 65821 &+ (Int(bytes[at]) << 16 | Int(bytes[at &+ 1]) << 8 | Int(bytes[at &+ 2]))
            }
            at &+= more
        }
        try check(kind, size, at: at, of: offset)
        return Field(kind: kind, size: size, start: at)
    }

    /// Throws unless the size fits the type, and the content fits the section.
    private func check(_ kind: Field.Kind, _ size: Int, at: Int, of offset: Int) throws(MMDBError) {
        let limit: Int
        switch kind {
        case .string, .bytes, .array, .pointer: limit = .max
        case .map:
            // A key and a value have at least a byte each.
            guard size <= (end &- at) / 2 else { throw Self.tooLong(kind, size, offset) }
            return
        case .double:
            guard size == 8 else { throw Self.wrongSize(kind, size, "8", offset) }
            limit = 8
        case .float:
            guard size == 4 else { throw Self.wrongSize(kind, size, "4", offset) }
            limit = 4
        case .boolean:
            guard size <= 1 else { throw Self.wrongSize(kind, size, "0 or 1", offset) }
            return
        case .uint16: limit = 2
        case .uint32, .int32: limit = 4
        case .uint64: limit = 8
        case .uint128: limit = 16
        }
        guard size <= limit else { throw Self.wrongSize(kind, size, "at most \(limit)", offset) }
        guard size <= end &- at else { throw Self.tooLong(kind, size, offset) }
    }
}

extension DataSection {
    // Errors are made in separate functions, to keep the code that runs small.
    @inline(never) static func beyond(_ offset: Int) -> MMDBError {
        MMDBError(.broken, "a value begins outside of the data section", at: offset)
    }

    @inline(never) private static func cut(_ offset: Int) -> MMDBError {
        MMDBError(.broken, "a value is cut off by the end of the data section", at: offset)
    }

    @inline(never) private static func tooLong(_ kind: Field.Kind, _ size: Int, _ offset: Int) -> MMDBError {
        MMDBError(.broken, "a value of type \(kind.name) and size \(size) reaches beyond the data section", at: offset)
    }

    @inline(never) private static func pointsBeyond(_ distance: UInt32, _ offset: Int) -> MMDBError {
        MMDBError(.broken, "a pointer points to \(distance), beyond the data section", at: offset)
    }

    @inline(never) static func pointerToPointer(_ offset: Int) -> MMDBError {
        MMDBError(.broken, "a pointer points to a pointer", at: offset)
    }

    @inline(never) private static func unknownType(_ type: Int, _ offset: Int) -> MMDBError {
        MMDBError(.broken, "a value has type \(type), which does not exist", at: offset)
    }

    @inline(never) private static func wrongSize(
        _ kind: Field.Kind, _ size: Int, _ right: String, _ offset: Int
    ) -> MMDBError {
        MMDBError(
            .broken, "a value of type \(kind.name) has a size of \(size) bytes, which must be \(right)", at: offset)
    }
}

/// The beginning of a value in the data section: its type, its size and where its content begins.
struct Field {
    typealias Kind = MMDBFormat.FieldType

    var kind: Kind
    /// The number of bytes of content, of pairs of a map or of elements of an array; the value of a boolean; the target
    /// of a pointer, from the beginning of the file.
    var size: Int
    /// Where the content begins, from the beginning of the file.
    var start: Int

    /// Where the next value begins, if this one holds no others.
    var end: Int {
        switch kind {
        case .pointer, .boolean, .map, .array: start
        default: start &+ size
        }
    }
}
