/// Text that a stranger on the network chose: a router's reverse name, an interface name, a record.
///
/// Printed in any way (`print`, interpolation, `dump`, a debugger) it shows its escaped form, in which no
/// control, bidi or invisible character survives, so that a router cannot write to the terminal of the
/// person tracing it. Only ``raw`` hands out the text as it came.
public struct UntrustedText: Sendable, Hashable {
    /// The text as it came; never write it to a terminal, a page or a shell.
    ///
    /// A byte that was not UTF-8 stands in it as a private-use scalar; ``bytes`` turns it back.
    public let raw: String

    /// Untrusted text from a string.
    public init(_ raw: String) {
        self.raw = raw
    }

    /// The most scalars that ``description``, ``debugDescription`` and ``html`` show.
    public static let displayLimit = 255

    /// The whole text with every hazardous character as `\u{1b}`, every stray byte as `\x{ff}` and the
    /// backslash doubled, so that two different texts never look the same.
    public var escaped: String {
        isPlain ? raw : escaped(limit: .max, alsoEscaping: nil)
    }

    /// Whether the text is printable ASCII without a backslash, so that it is its own escaped form.
    private var isPlain: Bool {
        raw.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    }

    private func escaped(limit: Int, alsoEscaping quote: Unicode.Scalar?) -> String {
        var out = ""
        var shown = 0
        for scalar in raw.unicodeScalars {
            let escape = Self.escape(of: scalar, isFirst: shown == 0, quote: quote)
            let length = escape?.unicodeScalars.count ?? 1
            // An escape is shown whole or not at all: half of one would read as something else.
            if shown + length > limit {
                out.unicodeScalars.append("\u{2026}")
                break
            }
            if let escape { out += escape } else { out.unicodeScalars.append(scalar) }
            shown += length
        }
        return out
    }

    private static func escape(
        of scalar: Unicode.Scalar, isFirst: Bool, quote: Unicode.Scalar?
    ) -> String? {
        if scalar == "\\" { return "\\\\" }
        if let quote, scalar == quote { return "\\" + String(scalar) }
        if let byte = strayByte(scalar) { return "\\x{" + String(byte, radix: 16) + "}" }
        // A mark with nothing before it would sit on whatever the program printed last.
        guard scalar.isHazardous || (isFirst && scalar.isMark) else { return nil }
        return "\\u{" + String(scalar.value, radix: 16) + "}"
    }
}

extension UntrustedText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The escaped form, cut after 255 scalars with an ellipsis.
    public var description: String {
        if isPlain && raw.utf8.count <= Self.displayLimit { return raw }
        return escaped(limit: Self.displayLimit, alsoEscaping: nil)
    }

    /// The escaped form in double quotes, cut after 255 scalars with an ellipsis.
    public var debugDescription: String {
        "\"" + escaped(limit: Self.displayLimit, alsoEscaping: "\"") + "\""
    }

    /// A mirror without children, so that `dump` prints the escaped form and not the stored text.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>())
    }
}

extension UntrustedText: ExpressibleByStringLiteral {
    /// Untrusted text from a literal, for examples and tests.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension UntrustedText: Comparable {
    /// Orders by the text's Unicode scalars, as strings do.
    public static func < (left: UntrustedText, right: UntrustedText) -> Bool {
        left.raw < right.raw
    }
}

extension UntrustedText: Codable {
    /// Reads the raw text from a string.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the raw text as a string; an encoder has its own escapes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(raw)
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        guard value >= 0x300 else { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
