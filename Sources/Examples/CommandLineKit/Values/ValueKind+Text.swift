extension ValueKind where Value == String {
    /// Any text, the empty one too.
    public static var text: Self { Self("TEXT", expecting: "text") { $0 } }

    /// The path of a file, or `-`; whether it can be read is found out when it is.
    public static var file: Self {
        Self("FILE", expecting: "the path of a file", completion: .files) { $0.isEmpty ? nil : $0 }
    }

    /// The name or address of a host; names are resolved later, where an error can say why.
    public static var host: Self {
        Self("HOST", expecting: "the name or address of a host", completion: .hosts) { text in
            text.isEmpty || text.contains(where: \.isWhitespace) ? nil : text
        }
    }

    /// The name of a network interface.
    public static var interface: Self {
        // 15 bytes is what the kernel's IFNAMSIZ leaves beside the terminating zero.
        Self("INTERFACE", expecting: "the name of a network interface", completion: .interfaces) { text in
            (1...15).contains(text.utf8.count) && !text.contains("/") ? text : nil
        }
    }

    /// One of a few words.
    public static func words(_ words: [String]) -> Self {
        Self(words.joined(separator: "|"), expecting: words.alternatives, completion: .words(words)) { text in
            words.contains(text) ? text : nil
        }
    }
}

extension ValueKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the words that an enumeration lists.
    public static func choice(_ type: Value.Type = Value.self) -> Self {
        let words = type.allCases.map { $0.rawValue }
        return Self(
            words.joined(separator: "|"), expecting: words.alternatives, completion: .words(words),
            show: { $0.rawValue }, read: { Value(rawValue: $0) })
    }
}

extension [String] {
    /// The words as the end of the sentence `"x" is not …`.
    fileprivate var alternatives: String {
        count == 1 ? self[0] : "one of " + joined(separator: ", ")
    }
}
