extension Command {
    /// Mistakes in the table itself. A program's tests expect none.
    public var mistakes: [String] {
        let options = allGroups.flatMap(\.options)
        var found: [String] = []
        var seen: Set<OptionName> = []
        for name in options.flatMap(\.names) where !seen.insert(name).inserted {
            found.append("\(name.spelling) is declared twice")
        }
        for option in options where option.names.isEmpty || option.names.contains(where: { $0.text.isEmpty }) {
            found.append("an option has no name (\(option.help))")
        }
        for option in options where !option.help.hasSuffix(".") {
            found.append("the help of \(option.id) is not a sentence")
        }
        for option in exclusive.joined() where !options.contains(where: { $0.id == option.id }) {
            found.append("\(option.id) excludes others but is in no group")
        }
        if operands.filter({ $0.count.lowerBound != $0.count.upperBound }).count > 1 {
            found.append("more than one operand may be left out, so it is not clear which one was")
        }
        return found
    }
}
