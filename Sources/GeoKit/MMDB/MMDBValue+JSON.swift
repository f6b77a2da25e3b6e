internal import TraceCore

extension MMDBValue: Encodable {
    /// Writes the value like other tools do: bytes as base64, and numbers as numbers. Infinity and NaN are strings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .map(let pairs):
            var container = encoder.container(keyedBy: NameKey.self)
            for pair in pairs { try container.encode(pair.value, forKey: NameKey(pair.key.raw)) }
        case .array(let values): try values.encode(to: encoder)
        case .string(let text): try text.raw.encode(to: encoder)
        case .bytes(let bytes): try Base64.text(of: bytes).encode(to: encoder)
        // JSON has no infinity and no NaN.
        case .double(let value):
            if value.isFinite { try value.encode(to: encoder) } else { try "\(value)".encode(to: encoder) }
        case .float(let value):
            if value.isFinite { try value.encode(to: encoder) } else { try "\(value)".encode(to: encoder) }
        case .int32(let value): try value.encode(to: encoder)
        case .uint16(let value): try value.encode(to: encoder)
        case .uint32(let value): try value.encode(to: encoder)
        case .uint64(let value): try value.encode(to: encoder)
        case .uint128(let value):
            if let small = UInt64(exactly: value) { return try small.encode(to: encoder) }
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .boolean(let value): try value.encode(to: encoder)
        }
    }

    private struct NameKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}

/// Base64 (RFC 4648, section 4).
private enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let three = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for index in 0..<3 { bits = bits << 8 | (index < three.count ? Int(three[start + index]) : 0) }
            for index in 0..<4 {
                out.append(index <= three.count ? letters[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
