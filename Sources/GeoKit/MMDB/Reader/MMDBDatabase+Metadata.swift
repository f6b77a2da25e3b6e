public import TraceCore

extension MMDBDatabase {
    /// What a database says about itself.
    public struct Metadata: Sendable, Hashable {
        /// The number of nodes in the search tree.
        public let nodeCount: Int
        /// The size of each of the two records of a node, in bits: 24, 28 or 32.
        public let recordSize: Int
        /// 4 for a database of IPv4 addresses, 6 for a database of both families.
        public let ipVersion: Int
        /// The name for the kind of its records: "GeoLite2-City".
        public let databaseType: UntrustedText
        /// The languages of its names.
        public let languages: [UntrustedText]
        /// When it was built, in seconds since 1970 in UTC, as the file has it. It may be any number.
        public let buildEpoch: UInt64
        /// When it was built. What is too late for a `UTCTime` is the latest one.
        public var buildDate: UTCTime { .epoch + .seconds(Int(clamping: buildEpoch)) }
        /// What it is, by language.
        public let description: [String: UntrustedText]
        /// The major version of the format: 2.
        public let majorVersion: Int
        /// The minor version of the format.
        public let minorVersion: Int
    }
}

extension MMDBDatabase.Metadata {
    /// The section of the metadata after the last marker, and where the marker is.
    static func section(in bytes: Span<UInt8>) throws(MMDBError) -> (section: DataSection, marker: Int) {
        let marker = MMDBFormat.marker
        let wanted = marker.span
        var at = bytes.count - wanted.count
        let lowest = max(0, bytes.count - MMDBFormat.metadataLimit)
        while at >= lowest {
            if bytes[at] == wanted[0], bytes.holds(wanted, at: at) {
                return (DataSection(start: at + wanted.count, end: bytes.count), at)
            }
            at -= 1
        }
        throw MMDBError(.notADatabase, "not a MaxMind DB file: its last 128 KiB contain no metadata")
    }

    /// Reads the metadata and checks the parts that the rest of the file depends on.
    init(in bytes: Span<UInt8>, _ section: DataSection) throws(MMDBError) {
        var reader = ValueReader(section: section)
        var cache = ValueCache.none
        let value = try reader.value(in: bytes, at: section.start, &cache)
        guard case .map(let pairs) = value else {
            throw MMDBError(.broken, "the metadata are not a map", at: section.start)
        }
        let fields = MetadataFields(pairs: pairs, offset: section.start)
        majorVersion = try fields.number("binary_format_major_version", in: 0...65535)
        guard majorVersion == 2 else {
            throw MMDBError(
                .notADatabase, "the file has version \(majorVersion) of the format, and only version 2 is known",
                at: section.start)
        }
        minorVersion = try fields.number("binary_format_minor_version", in: 0...65535, default: 0)
        nodeCount = try fields.number("node_count", in: 0...0xFFFF_FFFF)
        recordSize = try fields.number("record_size", in: 0...65535)
        guard [24, 28, 32].contains(recordSize) else {
            throw MMDBError(
                .broken, "the metadata give a record size of \(recordSize) bits, which must be 24, 28 or 32",
                at: section.start)
        }
        ipVersion = try fields.number("ip_version", in: 0...65535)
        guard ipVersion == 4 || ipVersion == 6 else {
            throw MMDBError(
                .broken, "the metadata give IP version \(ipVersion), which must be 4 or 6", at: section.start)
        }
        buildEpoch = try fields.number("build_epoch", in: 0...UInt64.max, default: 0)
        databaseType = try fields.text("database_type") ?? ""
        languages = try fields.texts("languages")
        description = try fields.textsByKey("description")
    }
}

/// The pairs of the metadata, read with a check of their types.
private struct MetadataFields {
    let pairs: [MMDBValue.Pair]
    let offset: Int

    private func value(_ key: String) -> MMDBValue? { pairs.first { $0.key.raw == key }?.value }

    private func wrong(_ key: String, _ rule: String) -> MMDBError {
        MMDBError(.broken, "the metadata's \(key) \(rule)", at: offset)
    }

    func number<Number: FixedWidthInteger>(
        _ key: String, in range: ClosedRange<Number>, default other: Number? = nil
    ) throws(MMDBError) -> Number {
        guard let value = value(key) else {
            if let other { return other }
            throw wrong(key, "is missing")
        }
        guard let number = value.unsigned else { throw wrong(key, "is not an unsigned number") }
        guard let number = Number(exactly: number), range.contains(number) else { throw wrong(key, "is too large") }
        return number
    }

    func text(_ key: String) throws(MMDBError) -> UntrustedText? {
        switch value(key) {
        case nil: return nil
        case .string(let text): return text
        default: throw wrong(key, "is not a string")
        }
    }

    func texts(_ key: String) throws(MMDBError) -> [UntrustedText] {
        guard let value = value(key) else { return [] }
        guard case .array(let values) = value else { throw wrong(key, "is not an array") }
        var texts: [UntrustedText] = []
        for value in values {
            guard case .string(let text) = value else { throw wrong(key, "contains something other than strings") }
            texts.append(text)
        }
        return texts
    }

    func textsByKey(_ key: String) throws(MMDBError) -> [String: UntrustedText] {
        guard let value = value(key) else { return [:] }
        guard case .map(let pairs) = value else { throw wrong(key, "is not a map") }
        var texts: [String: UntrustedText] = [:]
        for pair in pairs {
            guard case .string(let text) = pair.value else { throw wrong(key, "contains something other than strings") }
            texts[pair.key.raw] = text
        }
        return texts
    }
}

extension MMDBValue {
    /// The number, if this is one and is not negative.
    fileprivate var unsigned: UInt128? {
        switch self {
        case .uint16(let number): UInt128(number)
        case .uint32(let number): UInt128(number)
        case .uint64(let number): UInt128(number)
        case .uint128(let number): number
        case .int32(let number): UInt128(exactly: number)
        default: nil
        }
    }
}
