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
