public import TraceCore

/// What a database says of itself.
public struct MMDBMetadata: Sendable, Hashable {
    /// How many nodes its search tree has.
    public let nodeCount: Int
    /// How many bits each of the two records of a node has: 24, 28 or 32.
    public let recordSize: Int
    /// 4 for a database of IPv4 addresses, 6 for one of both kinds.
    public let ipVersion: Int
    /// What kind of records it has, as its maker calls it: "GeoLite2-City".
    public let databaseType: UntrustedText
    /// The languages of its names.
    public let languages: [UntrustedText]
    /// When it was built.
    public let buildDate: UTCTime
    /// What it is, by language.
    public let description: [String: UntrustedText]
    /// The version of the format, the larger part: 2.
    public let majorVersion: Int
    /// The version of the format, the smaller part.
    public let minorVersion: Int
}

extension MMDBMetadata {
    /// The bytes that the metadata follow.
    static let marker: [UInt8] = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
    /// How far from the end of the file they may begin.
    static let reach = 128 << 10

    /// The section of the metadata, after the last marker; and where the marker stands.
    static func section(in bytes: Span<UInt8>) throws(MMDBError) -> (section: DataSection, marker: Int) {
        let wanted = marker.span
        var at = bytes.count - wanted.count
        let lowest = max(0, bytes.count - reach)
        while at >= lowest {
            if bytes[at] == wanted[0], bytes.holds(wanted, at: at) {
                return (DataSection(start: at + wanted.count, end: bytes.count), at)
            }
            at -= 1
        }
        throw MMDBError(.notADatabase, "no MaxMind DB file: there is no metadata marker in its last 128 KiB")
    }

    /// Reads the metadata and checks what the rest of the file is read by.
    init(in bytes: Span<UInt8>, _ section: DataSection) throws(MMDBError) {
        var reader = ValueReader(section: section)
        var cache = ValueCache.none
        let value = try reader.value(in: bytes, at: section.start, &cache)
        guard case .map(let pairs) = value else {
            throw MMDBError(.broken, "the metadata are no map", at: section.start)
        }
        let fields = MetadataFields(pairs: pairs, offset: section.start)
        majorVersion = try fields.number("binary_format_major_version", in: 0...65535)
        guard majorVersion == 2 else {
            throw MMDBError(
                .notADatabase, "the file is of version \(majorVersion) of the format, and only version 2 is known",
                at: section.start)
        }
        minorVersion = try fields.number("binary_format_minor_version", in: 0...65535, default: 0)
        nodeCount = try fields.number("node_count", in: 0...0xFFFF_FFFF)
        recordSize = try fields.number("record_size", in: 0...65535)
        guard [24, 28, 32].contains(recordSize) else {
            throw MMDBError(
                .broken, "the metadata give records of \(recordSize) bits, and there are only 24, 28 and 32",
                at: section.start)
        }
        ipVersion = try fields.number("ip_version", in: 0...65535)
        guard ipVersion == 4 || ipVersion == 6 else {
            throw MMDBError(
                .broken, "the metadata give IP version \(ipVersion), and there are only 4 and 6", at: section.start)
        }
        let seconds = try fields.number("build_epoch", in: 0...Int.max, default: 0)
        buildDate = .epoch + .seconds(seconds)
        databaseType = try fields.text("database_type") ?? ""
        languages = try fields.texts("languages")
        description = try fields.textsByKey("description")
    }
}

/// The pairs of the metadata, each of which has to be of its type.
private struct MetadataFields {
    let pairs: [MMDBPair]
    let offset: Int

    private func value(_ key: String) -> MMDBValue? { pairs.first { $0.key.raw == key }?.value }

    private func wrong(_ key: String, _ rule: String) -> MMDBError {
        MMDBError(.broken, "the metadata's \(key) \(rule)", at: offset)
    }

    func number(_ key: String, in range: ClosedRange<Int>, default other: Int? = nil) throws(MMDBError) -> Int {
        guard let value = value(key) else {
            if let other { return other }
            throw wrong(key, "is missing")
        }
        guard let number = value.unsigned else { throw wrong(key, "is no unsigned number") }
        guard let number = Int(exactly: number), range.contains(number) else { throw wrong(key, "is too large") }
        return number
    }

    func text(_ key: String) throws(MMDBError) -> UntrustedText? {
        switch value(key) {
        case nil: return nil
        case .string(let text): return text
        default: throw wrong(key, "is no string")
        }
    }

    func texts(_ key: String) throws(MMDBError) -> [UntrustedText] {
        guard let value = value(key) else { return [] }
        guard case .array(let values) = value else { throw wrong(key, "is no array") }
        var texts: [UntrustedText] = []
        for value in values {
            guard case .string(let text) = value else { throw wrong(key, "holds what is no string") }
            texts.append(text)
        }
        return texts
    }

    func textsByKey(_ key: String) throws(MMDBError) -> [String: UntrustedText] {
        guard let value = value(key) else { return [:] }
        guard case .map(let pairs) = value else { throw wrong(key, "is no map") }
        var texts: [String: UntrustedText] = [:]
        for pair in pairs {
            guard case .string(let text) = pair.value else { throw wrong(key, "holds what is no string") }
            texts[pair.key.raw] = text
        }
        return texts
    }
}

extension MMDBValue {
    /// The number, if this is one that is not negative.
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
