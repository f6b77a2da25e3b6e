internal import TraceCore

extension MMDBWriter {
    /// The largest size that a field can have.
    static let sizeLimit = 65_821 + 0xFF_FFFF
}

extension [UInt8] {
    /// Adds the type and the size of a field.
    mutating func append(_ type: MMDBFormat.FieldType, size: Int) {
        let (short, count) =
            switch size {
            case ..<29: (size, 0)
            case ..<285: (29, 1)
            case ..<65_821: (30, 2)
            default: (31, 3)
            }
        // Types above 7 have a byte of their own.
        append((type.rawValue > 7 ? 0 : type.rawValue << 5) | UInt8(truncatingIfNeeded: short))
        if type.rawValue > 7 { append(type.rawValue - 7) }
        switch count {
        case 1: append(big: UInt64(size - 29), bytes: 1)
        case 2: append(big: UInt64(size - 285), bytes: 2)
        case 3: append(big: UInt64(size - 65_821), bytes: 3)
        default: break
        }
    }

    /// Adds a pointer to an offset in the data section, in the shortest form.
    mutating func append(pointer offset: UInt32) {
        let tag = MMDBFormat.FieldType.pointer.rawValue << 5
        switch offset {
        case ..<2048:
            append(tag | UInt8(truncatingIfNeeded: offset >> 8))
            append(UInt8(truncatingIfNeeded: offset))
        case ..<526_336:
            let rest = offset - 2048
            append(tag | 1 << 3 | UInt8(truncatingIfNeeded: rest >> 16))
            append(big: UInt64(rest), bytes: 2)
        case ..<134_744_064:
            let rest = offset - 526_336
            append(tag | 2 << 3 | UInt8(truncatingIfNeeded: rest >> 24))
            append(big: UInt64(rest), bytes: 3)
        default:
            append(tag | 3 << 3)
            append(big: UInt64(offset), bytes: 4)
        }
    }

    /// The length of a pointer to an offset, in bytes.
    static func pointerLength(_ offset: UInt32) -> Int {
        switch offset {
        case ..<2048: 2
        case ..<526_336: 3
        case ..<134_744_064: 4
        default: 5
        }
    }

    /// Adds the low bytes of a number in big-endian order.
    mutating func append(big value: UInt64, bytes count: Int) {
        var shift = (count - 1) * 8
        while shift >= 0 {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
            shift -= 8
        }
    }

    /// Adds a number in as few bytes as possible. Zero needs none.
    mutating func append(_ type: MMDBFormat.FieldType, number: some UnsignedInteger & FixedWidthInteger) {
        let count = (number.bitWidth - number.leadingZeroBitCount + 7) / 8
        append(type, size: count)
        for index in (0..<count).reversed() { append(UInt8(truncatingIfNeeded: number >> (index * 8))) }
    }

    /// Adds a value that holds no others. Its size has been checked.
    mutating func append(scalar value: MMDBValue) {
        switch value {
        case .string(let text):
            let bytes = text.raw.utf8
            append(.string, size: bytes.count)
            append(contentsOf: bytes)
        case .bytes(let bytes):
            append(.bytes, size: bytes.count)
            append(contentsOf: bytes)
        case .double(let number):
            append(.double, size: 8)
            append(big: number.bitPattern, bytes: 8)
        case .float(let number):
            append(.float, size: 4)
            append(big: UInt64(number.bitPattern), bytes: 4)
        // Leading zero bytes are left out. A negative number has none.
        case .int32(let number): append(.int32, number: UInt32(bitPattern: number))
        case .uint16(let number): append(.uint16, number: number)
        case .uint32(let number): append(.uint32, number: number)
        case .uint64(let number): append(.uint64, number: number)
        case .uint128(let number): append(.uint128, number: number)
        // The size field is the value.
        case .boolean(let isTrue): append(.boolean, size: isTrue ? 1 : 0)
        case .map, .array: break
        }
    }
}
