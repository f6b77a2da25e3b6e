/// Text that a stranger on the network wrote.
public struct UntrustedText: Sendable, Hashable {
    /// The text exactly as it came.
    public let raw: String

    /// Text from the network, kept apart from text that is safe to print.
    public init(_ raw: String) { self.raw = raw }
}
