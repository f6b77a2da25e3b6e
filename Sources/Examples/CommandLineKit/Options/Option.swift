/// An option that a command understands, and the key to its value once arguments are parsed.
///
/// The initialiser chosen says what `parsed[option]` is: a flag gives `Bool`; a value with a default gives
/// the value; one without gives an optional; `each:` gives the list of every occurrence.
///
///     let numeric  = Option("n", "numeric", help: "Show addresses only.")
///     let count    = Option("c", "count", value: .integer(1...1_000_000), help: "Stop after this many.")
///     let interval = Option("i", value: .duration(unit: .seconds(1)), default: .seconds(1), help: "…")
///     let files    = Option("f", "file", each: .file, help: "Read targets from this file.")
public struct Option<Value: Sendable>: OptionRow {
    /// The row of the option table.
    public let declaration: OptionDeclaration

    /// What the value is when the option is not given.
    let absent: Value
}

extension Option where Value == Bool {
    /// A flag: true when it is given.
    public init(_ names: OptionName..., isHidden: Bool = false, help: String) {
        self.init(names: names, isHidden: isHidden, help: help)
    }

    /// A flag whose spellings are computed.
    public init(names: [OptionName], isHidden: Bool = false, help: String) {
        declaration = OptionDeclaration(
            names: names, argument: .none, isRepeatable: false, isHidden: isHidden, help: help,
            showDefault: nil, reader: .nothing, bare: true)
        absent = false
    }
}

extension Option {
    /// An option whose value has a default; `bare` makes the value optional and is what it then stands for.
    public init(
        _ names: OptionName..., value kind: ValueKind<Value>, placeholder: String? = nil,
        default absent: Value, bare: Value? = nil, isHidden: Bool = false, help: String
    ) {
        declaration = OptionDeclaration(
            names: names, argument: bare == nil ? .required : .optional, isRepeatable: false,
            isHidden: isHidden, help: help, showDefault: { kind.show(absent) },
            reader: ValueReader(kind, placeholder: placeholder) { value, _ in value }, bare: bare)
        self.absent = absent
    }

    /// An option whose value is nil unless it is given.
    public init<Wrapped>(
        _ names: OptionName..., value kind: ValueKind<Wrapped>, placeholder: String? = nil,
        bare: Wrapped? = nil, isHidden: Bool = false, help: String
    ) where Value == Wrapped? {
        self.init(names: names, value: kind, placeholder: placeholder, bare: bare, isHidden: isHidden, help: help)
    }

    /// An option whose spellings are computed, and whose value is nil unless it is given.
    public init<Wrapped>(
        names: [OptionName], value kind: ValueKind<Wrapped>, placeholder: String? = nil,
        bare: Wrapped? = nil, isHidden: Bool = false, help: String
    ) where Value == Wrapped? {
        declaration = OptionDeclaration(
            names: names, argument: bare == nil ? .required : .optional, isRepeatable: false,
            isHidden: isHidden, help: help, showDefault: nil,
            reader: ValueReader(kind, placeholder: placeholder) { value, _ in Value.some(value) }, bare: bare)
        absent = nil
    }

    /// An option that may be repeated, whose values are collected in order.
    public init<Element>(
        _ names: OptionName..., each kind: ValueKind<Element>, placeholder: String? = nil,
        isHidden: Bool = false, help: String
    ) where Value == [Element] {
        declaration = OptionDeclaration(
            names: names, argument: .required, isRepeatable: true, isHidden: isHidden, help: help,
            showDefault: nil,
            reader: ValueReader(kind, placeholder: placeholder) { value, earlier in
                (earlier as? [Element] ?? []) + [value]
            }, bare: nil)
        absent = []
    }
}
