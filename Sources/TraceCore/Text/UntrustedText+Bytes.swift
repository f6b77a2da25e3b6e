extension UntrustedText {
    /// Untrusted text from bytes as they came, which need not be UTF-8.
    ///
    /// No byte is lost and no two inputs become equal: a byte that is not part of valid UTF-8 is kept as a
    /// private-use scalar (and shown as `\x{ff}`), and so are the bytes of those scalars themselves.
    public init(decoding bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        // A Swift string is equal under canonical equivalence; that is a matter of looks, not of bytes.
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: Self.isStray)
        {
            self.init(text)
            return
        }
        var text = String.UnicodeScalarView()
        var index = 0
        while index < bytes.count {
            let length = Self.sequenceLength(bytes[index])
            if length > 0, index + length <= bytes.count,
                let sequence = String(validating: bytes[index..<index + length], as: UTF8.self),
                let scalar = sequence.unicodeScalars.first, !Self.isStray(scalar)
            {
                text.append(scalar)
                index += length
            } else {
                text.append(Self.scalar(strayByte: bytes[index]))
                index += 1
            }
        }
        self.init(String(text))
    }

    /// The bytes as they came: those that were not UTF-8 are turned back.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.utf8.count)
        for scalar in raw.unicodeScalars {
            if let byte = Self.strayByte(scalar) {
                bytes.append(byte)
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            }
        }
        return bytes
    }

    // U+10F780…U+10F7FF, far out in a private plane, stand for the bytes 80…FF. Only such bytes can be
    // stray (ASCII is always valid), and the UTF-8 of these very scalars is made of such bytes too.
    private static let strayBase: UInt32 = 0x10F700

    private static func isStray(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= strayBase + 0x80 && scalar.value <= strayBase + 0xFF
    }

    private static func scalar(strayByte byte: UInt8) -> Unicode.Scalar {
        Unicode.Scalar(strayBase + UInt32(byte)) ?? "\u{FFFD}"
    }

    /// The byte that a private-use scalar of ``raw`` stands for.
    static func strayByte(_ scalar: Unicode.Scalar) -> UInt8? {
        isStray(scalar) ? UInt8(truncatingIfNeeded: scalar.value) : nil
    }

    /// How many bytes a UTF-8 sequence with this first byte has, or 0 for a byte that starts none.
    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}
