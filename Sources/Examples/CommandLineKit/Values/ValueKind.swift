/// What an option or operand accepts: how its text becomes a value, and how the value is spoken about.
///
/// The kinds at hand are numbers, durations, words, text, files, hosts, interfaces, addresses and lists;
/// a program adds one of its own with the initialiser.
public struct ValueKind<Value: Sendable>: Sendable {
    /// The word that stands for the value in help, such as `TIME`.
    public let placeholder: String

    /// What is accepted, as the end of a sentence: `"x" is not …`.
    public let expectation: String

    /// What a shell offers for the value.
    public let completion: CompletionSource

    /// The value that a text stands for, or nil where it is not accepted.
    public let read: @Sendable (String) -> Value?

    /// A value as it would be typed.
    public let show: @Sendable (Value) -> String

    /// A kind of your own.
    public init(
        _ placeholder: String, expecting expectation: String, completion: CompletionSource = .nothing,
        show: @escaping @Sendable (Value) -> String = { "\($0)" },
        read: @escaping @Sendable (String) -> Value?
    ) {
        self.placeholder = placeholder
        self.expectation = expectation
        self.completion = completion
        self.show = show
        self.read = read
    }
}

/// What a shell can offer when the tab key is pressed on a value.
public enum CompletionSource: Sendable, Hashable {
    /// Nothing: a number, a time, free text.
    case nothing
    /// One of these words.
    case words([String])
    /// The names of files.
    case files
    /// One of these words, or the name of a file.
    case wordsOrFiles([String])
    /// The names of hosts that the shell knows.
    case hosts
    /// The names of network interfaces.
    case interfaces
}

/// A value kind without its type: what the parser calls, and what it says when a text is not accepted.
struct ValueReader: Sendable {
    let placeholder: String
    let expectation: String
    let completion: CompletionSource

    /// The new value after an earlier one of the same option, or nil where the text is not accepted.
    let read: @Sendable (_ text: String, _ earlier: (any Sendable)?) -> (any Sendable)?

    /// The reader of a flag, which reads nothing.
    static let nothing = ValueReader(
        placeholder: "", expectation: "", completion: .nothing, read: { _, _ in nil })
}

extension ValueReader {
    /// The reader of a kind; `combine` says what one more value makes of the earlier ones.
    init<Element, Value: Sendable>(
        _ kind: ValueKind<Element>, placeholder: String?,
        combine: @escaping @Sendable (Element, (any Sendable)?) -> Value
    ) {
        self.init(
            placeholder: placeholder ?? kind.placeholder, expectation: kind.expectation,
            completion: kind.completion,
            read: { text, earlier in kind.read(text).map { combine($0, earlier) } })
    }
}
