extension Command {
    /// The usage text, readable from 40 columns on.
    func help(width: Int) -> String {
        let groups = allGroups.filter { !$0.shown.isEmpty }
        let columns = TwoColumns(width: width, rows: groups.flatMap(\.shown).map(\.term))
        let indent = String(repeating: " ", count: "Usage: ".count)
        var text = "Usage: "
        text += synopsis.wrapped(to: columns.width - indent.count).joined(separator: "\n" + indent)
        text += "\n\n"
        text += summary.withoutMarks.wrapped(to: columns.width).map { $0 + "\n" }.joined()

        if !operands.isEmpty {
            text += "\nOperands\n"
            text += operands.map { columns.row($0.name, $0.help) }.joined()
        }
        if !subcommands.isEmpty {
            text += table("Commands", subcommands.map { ($0.key, $0.value) }, width: width)
        }
        for group in groups {
            text += "\n\(group.heading)\n"
            text += group.shown.map { columns.row($0.term, $0.helpWithDefault) }.joined()
        }
        if !exitCodes.isEmpty {
            text += table("Exit codes", exitCodes.map { ("\($0.key)", $0.value) }, width: width)
        }
        if !environment.isEmpty {
            text += table("Environment", environment.map { ($0.key, $0.value) }, width: width)
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

    /// A table with columns of its own.
    private func table(_ heading: String, _ rows: [(String, String)], width: Int) -> String {
        let columns = TwoColumns(width: width, rows: rows.map(\.0))
        return "\n\(heading)\n" + rows.map { columns.row($0.0, $0.1) }.joined()
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

    /// The word for the value, with what separates it from the name.
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
        return "\(help) Default:\u{A0}\(defaultText)."
    }
}

extension OperandDeclaration {
    /// The operand in a synopsis: `host`, `[size]`, `host...`.
    var synopsis: String {
        let repeated = count.upperBound > 1 ? name + "..." : name
        return count.lowerBound == 0 ? "[\(repeated)]" : repeated
    }
}
