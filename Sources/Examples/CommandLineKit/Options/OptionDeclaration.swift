/// One row of the option table without the type of its value: what help, manual and completion need.
public struct OptionDeclaration: Sendable {
    /// Whether an option is followed by a value.
    public enum Argument: Sendable, Hashable {
        /// A flag: it is there or it is not.
        case none
        /// A value must follow, in the same argument or the next.
        case required
        /// A value may follow an equals sign; alone, the option has a meaning of its own.
        case optional
    }

    /// All spellings; the first short and the first long one are shown, the others are accepted.
    public internal(set) var names: [OptionName]

    /// Whether a value follows.
    public let argument: Argument

    /// Whether every occurrence counts, and not only the last.
    public let isRepeatable: Bool

    /// Whether help, manual and completion leave the option out.
    public let isHidden: Bool

    /// What the option does, in full sentences.
    public internal(set) var help: String

    /// Writes the default as it would be typed. Made only when help is printed.
    let showDefault: (@Sendable () -> String)?

    /// How the text of a value is understood.
    let reader: ValueReader

    /// What a bare option (a flag, or one whose value is optional) stands for, after earlier occurrences.
    let bare: (any Sendable)?

    /// The value in force when the option is not given, as it would be typed.
    public var defaultText: String? { showDefault?() }

    /// The first short spelling without its dash.
    var short: String? { names.first { $0.isShort }?.text }

    /// The first long spelling without its dashes.
    var long: String? { names.first { !$0.isShort }?.text }

    /// The spelling that messages use when the person's own is not known, and the key of the value.
    var id: String { long.map { "--" + $0 } ?? short.map { "-" + $0 } ?? "" }

    /// The spellings that are shown, the short one first.
    var shownSpellings: [String] { [short.map { "-" + $0 }, long.map { "--" + $0 }].compactMap { $0 } }
}

/// Anything that can stand in an option table: an `Option` of any value.
public protocol OptionRow: Sendable {
    /// The row without the type of its value.
    var declaration: OptionDeclaration { get }
}

extension OptionDeclaration: OptionRow {
    /// The row itself.
    public var declaration: OptionDeclaration { self }
}

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

/// Options that help and manual show together under a heading.
public struct OptionGroup: Sendable {
    /// The heading, such as "Output".
    public let heading: String

    /// The rows, in the order in which they are shown.
    public internal(set) var options: [OptionDeclaration]

    /// A group of options under a heading.
    public init(_ heading: String, _ options: [any OptionRow]) {
        self.heading = heading
        self.options = options.map(\.declaration)
    }

    /// The rows that are shown.
    var shown: [OptionDeclaration] { options.filter { !$0.isHidden } }
}
