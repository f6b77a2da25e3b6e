/// An argument that is no option, such as the host, and the key to its value once arguments are parsed.
///
///     let host  = Operand("host", value: .host, help: "Where the path leads.")
///     let size  = Operand("size", optional: .integer(28...65_000), help: "Bytes in each probe.")
///     let hosts = Operand("host", each: .host, atLeast: 1, help: "The hosts to ask.")
public struct Operand<Value: Sendable>: OperandRow {
    /// The operand without the type of its value.
    public let declaration: OperandDeclaration

    /// What the value is when the operand is not given; nil where it must be.
    let absent: Value?
}

/// An operand without the type of its value: what help, manual and completion need.
public struct OperandDeclaration: Sendable {
    /// The word that stands for the operand in the synopsis.
    public let name: String

    /// How many of it there may be.
    public let count: ClosedRange<Int>

    /// What the operand is, in full sentences.
    public let help: String

    /// How its text is understood.
    let reader: ValueReader

    /// The key of the value; no option is spelled so.
    var id: String { "<\(name)>" }
}

/// Anything that can stand in a list of operands: an `Operand` of any value.
public protocol OperandRow: Sendable {
    /// The operand without the type of its value.
    var declaration: OperandDeclaration { get }
}

extension Operand {
    /// An operand that must be given.
    public init(_ name: String, value kind: ValueKind<Value>, help: String) {
        declaration = OperandDeclaration(
            name: name, count: 1...1, help: help,
            reader: ValueReader(kind, placeholder: name) { value, _ in value })
        absent = nil
    }

    /// An operand whose value is nil unless it is given.
    public init<Wrapped>(_ name: String, optional kind: ValueKind<Wrapped>, help: String)
    where Value == Wrapped? {
        declaration = OperandDeclaration(
            name: name, count: 0...1, help: help,
            reader: ValueReader(kind, placeholder: name) { value, _ in Value.some(value) })
        absent = .some(nil)
    }

    /// A list of operands, of the length that is asked for.
    public init<Element>(
        _ name: String, each kind: ValueKind<Element>, atLeast least: Int = 0, atMost most: Int = .max,
        help: String
    ) where Value == [Element] {
        declaration = OperandDeclaration(
            name: name, count: least...most, help: help,
            reader: ValueReader(kind, placeholder: name) { value, earlier in
                (earlier as? [Element] ?? []) + [value]
            })
        absent = []
    }
}
