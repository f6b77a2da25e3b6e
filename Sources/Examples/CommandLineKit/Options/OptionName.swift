/// One spelling of an option: a single character is a short option, anything longer a long one.
///
/// Written without dashes, as in `"c"` and `"count"`.
public struct OptionName: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The name without its dashes.
    public let text: String

    /// The name from its text without dashes.
    public init(_ text: String) { self.text = text }

    /// The name from a literal without dashes.
    public init(stringLiteral text: String) { self.text = text }

    /// Whether this is the one-letter kind, which can be bundled.
    public var isShort: Bool { text.count == 1 }

    /// The name as it is typed, with its dashes.
    public var spelling: String { (isShort ? "-" : "--") + text }
}
