internal import TraceCore

extension DataSection {
    /// The text of a string, which may contain any bytes.
    func text(_ field: Field, in bytes: Span<UInt8>) -> UntrustedText {
        let part = bytes.extracting(field.start..<field.start &+ field.size)
        // UntrustedText keeps bytes that are not UTF-8 as private scalars, whose UTF-8 begins with these two bytes.
        // Text that contains such scalars takes the slow path too.
        var mayBeStray = false
        for index in part.indices where part[index] == 0xEE || part[index] == 0xEF { mayBeStray = true }
        if !mayBeStray, let text = try? UTF8Span(validating: part) { return UntrustedText(String(copying: text)) }
        return UntrustedText(decoding: Self.array(part))
    }

    /// The text of a string, or nil if it is not UTF-8.
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
            // The capacity of the buffer is the length of the span.
            for index in part.indices { unsafe buffer.initializeElement(at: index, to: part[index]) }
            count = part.count
        }
    }

    /// The number in a double.
    func double(_ field: Field, in bytes: Span<UInt8>) -> Double {
        Double(bitPattern: bytes.number(at: field.start, count: 8))
    }

    /// The number in a float.
    func float(_ field: Field, in bytes: Span<UInt8>) -> Float {
        Float(bitPattern: bytes.word(at: field.start))
    }

    /// A signed number. It is negative only if it has all four bytes.
    func signed(_ field: Field, in bytes: Span<UInt8>) -> Int32 {
        Int32(truncatingIfNeeded: bytes.number(at: field.start, count: field.size))
    }
}
