/// A place in a topology text, for messages.
struct TopologyPosition: Sendable, Hashable {
    let line: Int
    let column: Int
}

/// What is wrong with a topology text, and where.
struct TopologyMistake: Error {
    let position: TopologyPosition
    let message: String
    let expected: String?

    init(_ message: String, at position: TopologyPosition, expected: String? = nil) {
        self.position = position
        self.message = message
        self.expected = expected
    }

    /// The mistake as a caller sees it: `name:line:column: what is wrong`.
    func error(in name: String) -> ProbeError {
        ProbeError(
            .badInput, "\(UntrustedText(name)):\(position.line):\(position.column): \(message)",
            remedy: expected.map { "Expected \($0)" })
    }
}
