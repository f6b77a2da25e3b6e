internal import TraceCore

extension DataSection {
    /// The text of a string, whatever bytes it has.
    func text(_ field: Field, in bytes: Span<UInt8>) -> UntrustedText {
        let part = bytes.extracting(field.start..<field.start &+ field.size)
        // Bytes that are not UTF-8 are kept as scalars of the private range that begins with these two; text that has
        // such scalars of its own goes the long way too.
        var mayBeStray = false
        for index in part.indices where part[index] == 0xEE || part[index] == 0xEF { mayBeStray = true }
        if !mayBeStray, let text = try? UTF8Span(validating: part) { return UntrustedText(String(copying: text)) }
        return UntrustedText(decoding: Self.array(part))
    }

    /// The text of a string that is UTF-8; nil for others.
    func validText(_ field: Field, in bytes: Span<UInt8>) -> String? {
        let part = bytes.extracting(field.start..<field.start &+ field.size)
        guard let text = try? UTF8Span(validating: part) else { return nil }
        return String(copying: text)
    }

    /// Whether a string is UTF-8.
    func isText(_ field: Field, in bytes: Span<UInt8>) -> Bool {
        let part = bytes.extracting(field.start..<field.start &+ field.size)
        return (try? UTF8Span(validating: part)) != nil
    }

    /// The bytes of a field.
    func data(_ field: Field, in bytes: Span<UInt8>) -> [UInt8] {
        Self.array(bytes.extracting(field.start..<field.start &+ field.size))
    }

    private static func array(_ part: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: part.count) { buffer, count in
            // The buffer has room for as many as the span has.
            for index in part.indices { unsafe buffer.initializeElement(at: index, to: part[index]) }
            count = part.count
        }
    }

    /// A number in binary64.
    func double(_ field: Field, in bytes: Span<UInt8>) -> Double {
        Double(bitPattern: bytes.number(at: field.start, count: 8))
    }

    /// A number in binary32.
    func float(_ field: Field, in bytes: Span<UInt8>) -> Float {
        Float(bitPattern: bytes.word(at: field.start))
    }

    /// A signed number: negative only if all its four bytes are there.
    func signed(_ field: Field, in bytes: Span<UInt8>) -> Int32 {
        Int32(truncatingIfNeeded: bytes.number(at: field.start, count: field.size))
    }
}
