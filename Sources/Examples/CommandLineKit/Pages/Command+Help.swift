extension Command {
    /// The usage text, readable from 40 columns on.
    func help(width: Int) -> String {
        let groups = allGroups.filter { !$0.shown.isEmpty }
        let columns = TwoColumns(width: width, rows: groups.flatMap(\.shown).map(\.term))
        var text = "Usage: \(synopsis)\n\n"
        text += summary.withoutMarks.wrapped(to: columns.width).map { $0 + "\n" }.joined()

        if !operands.isEmpty {
            text += "\nOperands\n"
            text += operands.map { columns.row($0.name, $0.help) }.joined()
        }
        for group in groups {
            text += "\n\(group.heading)\n"
            text += group.shown.map { columns.row($0.term, $0.helpWithDefault) }.joined()
        }
        if !exitCodes.isEmpty {
            text += "\nExit codes\n"
            text += exitCodes.map { columns.row("\($0.key)", $0.value) }.joined()
        }
        if !environment.isEmpty {
            text += "\nEnvironment\n"
            text += environment.map { columns.row($0.key, $0.value) }.joined()
        }
        if !examples.isEmpty {
            // A command line is not wrapped: it is there to be copied.
            text += "\nExamples\n"
            text += examples.map { example in
                let lines = example.value.withoutMarks.wrapped(to: columns.width - 6)
                return "  \(example.key)\n" + lines.map { "      \($0)\n" }.joined()
            }.joined()
        }
        return text
    }

    /// The command line in one line: its name, that there are options, its operands.
    var synopsis: String {
        ([name, "[options]"] + operands.map(\.synopsis)).joined(separator: " ")
    }
}

extension OptionDeclaration {
    /// The option as it is typed, with the word for its value: `-c, --count N`.
    var term: String {
        let names = shownSpellings.joined(separator: ", ")
        return (short == nil ? "    " : "") + names + argumentSynopsis
    }

    /// The word for the value, with what stands between it and the name.
    private var argumentSynopsis: String {
        switch argument {
        case .none: ""
        case .required: " \(reader.placeholder)"
        case .optional: long == nil ? "" : "[=\(reader.placeholder)]"
        }
    }

    /// The help, and the default where there is one to tell.
    var helpWithDefault: String {
        guard let defaultText, !defaultText.isEmpty else { return help }
        return "\(help) Default: \(defaultText)."
    }
}

extension OperandDeclaration {
    /// The operand in a synopsis: `host`, `[size]`, `host...`.
    var synopsis: String {
        let repeated = count.upperBound > 1 ? name + "..." : name
        return count.lowerBound == 0 ? "[\(repeated)]" : repeated
    }
}
