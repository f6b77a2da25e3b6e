public import TraceCore

/// Documents that a server gives or sends are written down as they look.
extension JSON.Value: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral
{
    /// An object with its members in this order.
    public init(dictionaryLiteral members: (String, JSON.Value)...) {
        self = .object(members.map { Member($0.0, $0.1) })
    }

    /// A list.
    public init(arrayLiteral values: JSON.Value...) { self = .array(values) }
    /// A text.
    public init(stringLiteral text: String) { self = .string(text) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
