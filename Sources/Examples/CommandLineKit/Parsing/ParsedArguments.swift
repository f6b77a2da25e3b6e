/// The values of a command line, read with the options and operands themselves as keys.
public struct ParsedArguments: Sendable {
    /// The page that was asked for instead of a run (`--help` and its like).
    public internal(set) var page: Page?

    var values: [String: any Sendable] = [:]

    /// How each option was spelled when it was last given.
    var spellings: [String: String] = [:]

    /// The ids of everything the command declares, so that a forgotten row is noticed at once.
    let declared: Set<String>

    /// The value of an option: given, or its default.
    public subscript<Value>(option: Option<Value>) -> Value {
        let id = option.declaration.id
        precondition(declared.contains(id), "\(id) is not in the command's option table")
        return values[id] as? Value ?? option.absent
    }

    /// The value of an option that this command may not have: then it is as if it were not given.
    func value<Value>(ifDeclared option: Option<Value>) -> Value {
        declared.contains(option.declaration.id) ? self[option] : option.absent
    }

    /// How an option was spelled when it was last given, or nil if it was not.
    func spelling<Value>(of option: Option<Value>) -> String? { spellings[option.declaration.id] }

    /// The value of an operand.
    public subscript<Value>(operand: Operand<Value>) -> Value {
        let id = operand.declaration.id
        guard let value = values[id] as? Value ?? operand.absent else {
            preconditionFailure("\(id) is not among the command's operands, or a page was asked for")
        }
        return value
    }

    /// Whether an option was given, even if with its default.
    public func isGiven<Value>(_ option: Option<Value>) -> Bool {
        values[option.declaration.id] != nil
    }
}
