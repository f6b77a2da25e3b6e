internal import TraceCore

/// A column of a table: the keys that lead to its values, and their type.
struct CSVColumn {
    /// The types that the name of a column can give, as in `asn:uint32`.
    enum CellType: String, CaseIterable {
        case string, bytes, double, float, int32, uint16, uint32, uint64, uint128, boolean
    }

    /// The name in the header.
    let name: String
    let keys: [String]
    /// The type that the name gives, or nil if it is derived from each cell.
    let type: CellType?

    init(name: String) throws(ImportFault) {
        self.name = name
        var path = name[...]
        if let colon = name.lastIndex(of: ":") {
            guard let known = CellType(rawValue: String(name[name.index(after: colon)...])) else {
                throw ImportFault(
                    "the column \(UntrustedText(name).debugDescription) ends in an unknown type",
                    remedy: "The types are \(CellType.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            type = known
            path = name[..<colon]
        } else {
            type = nil
        }
        keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !keys.contains("") else {
            throw ImportFault(
                "the column \(UntrustedText(name).debugDescription) has an empty name or an empty part in its name",
                remedy: "Name columns like country.iso_code")
        }
    }

    /// The value of a cell that is not empty.
    func value(_ cell: ArraySlice<UInt8>) throws(ImportFault) -> MMDBValue {
        guard let type else { return try guessedValue(cell) }
        let text = try Self.text(cell)
        let number = NumberSpelling(cell)
        let whole = number.flatMap { $0.isWhole && !($0.isNegative && $0.magnitude != 0) ? $0.magnitude : nil }
        let value: MMDBValue? =
            switch type {
            case .string: .string(UntrustedText(decoding: cell))
            case .bytes: Self.bytes(hex: cell).map(MMDBValue.bytes)
            case .double: Double(text).map(MMDBValue.double)
            case .float: Float(text).map(MMDBValue.float)
            case .int32: Int32(text).map(MMDBValue.int32)
            case .uint16: whole.flatMap(UInt16.init(exactly:)).map(MMDBValue.uint16)
            case .uint32: whole.flatMap(UInt32.init(exactly:)).map(MMDBValue.uint32)
            case .uint64: whole.flatMap(UInt64.init(exactly:)).map(MMDBValue.uint64)
            case .uint128: whole.map(MMDBValue.uint128)
            case .boolean: ["true": true, "1": true, "false": false, "0": false][text].map(MMDBValue.boolean)
            }
        guard let value else {
            throw ImportFault(
                "\(UntrustedText(text).debugDescription) in the column \(UntrustedText(name).debugDescription) is not a \(type.rawValue)",
                remedy: "Correct the cell or give the column another type")
        }
        return value
    }

    private func guessedValue(_ cell: ArraySlice<UInt8>) throws(ImportFault) -> MMDBValue {
        if let number = NumberSpelling(cell) {
            if !number.isWhole { return .double(Double(try Self.text(cell)) ?? 0) }
            // A number that does not fit 128 bits is an identifier.
            if let magnitude = number.magnitude {
                return try .whole(magnitude, isNegative: number.isNegative)
            }
        }
        let text = try Self.text(cell)
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: return .string(UntrustedText(decoding: cell))
        }
    }

    static func text(_ cell: ArraySlice<UInt8>) throws(ImportFault) -> String {
        guard let text = String(validating: cell, as: UTF8.self) else {
            throw ImportFault(
                "\(UntrustedText(decoding: cell).debugDescription) is not UTF-8", remedy: "Convert the file to UTF-8")
        }
        return text
    }

    private static func bytes(hex: ArraySlice<UInt8>) -> [UInt8]? {
        guard hex.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: hex.startIndex, to: hex.endIndex, by: 2) {
            guard let high = digit(hex[index]), let low = digit(hex[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
