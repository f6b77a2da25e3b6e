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
