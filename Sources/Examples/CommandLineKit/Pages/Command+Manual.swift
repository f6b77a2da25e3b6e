extension Command {
    /// The manual page, in the man(7) macros that groff and mandoc share.
    var manual: String {
        var page = Manual()
        let title = [name.uppercased(), "1", date, "\(name) \(version)", "User Commands"]
        page.line(".TH " + title.map { Roff.argument($0) }.joined(separator: " "))
        page.section("NAME")
        page.line("\(Roff.verbatim(name)) \\- \(Roff.text(summary.withoutStop))")

        page.section("SYNOPSIS")
        let words = operands.map { operand in
            operand.synopsis.replacing(operand.name, with: Roff.italic(operand.name), maxReplacements: 1)
        }
        page.line(([Roff.bold(name), "[\(Roff.italic("options"))]"] + words).joined(separator: " "))

        page.section("DESCRIPTION")
        for (index, paragraph) in (description.isEmpty ? [summary] : description).enumerated() {
            if index > 0 { page.line(".PP") }
            page.line(Roff.text(paragraph))
        }
        if !operands.isEmpty { page.section("OPERANDS") }
        for operand in operands {
            page.entry(Roff.italic(operand.name), Roff.text(operand.help))
        }

        page.table("COMMANDS", subcommands.map { ($0.key, $0.value) })

        page.section("OPTIONS")
        for group in allGroups where !group.shown.isEmpty {
            page.line(".SS \(Roff.argument(group.heading))")
            for option in group.shown {
                page.entry(option.manualTerm, Roff.text(option.helpWithDefault))
            }
        }
        page.table("EXIT STATUS", exitCodes.map { ("\($0.key)", $0.value) })
        page.table("ENVIRONMENT", environment.map { ($0.key, $0.value) })
        if !examples.isEmpty {
            page.section("EXAMPLES")
            for (index, example) in examples.enumerated() {
                if index > 0 { page.line(".PP") }
                page.line(Roff.text(example.value))
                page.line(".PP\n.RS 4\n.nf\n\(Roff.verbatim(example.key))\n.fi\n.RE")
            }
        }
        if !seeAlso.isEmpty {
            page.section("SEE ALSO")
            page.line(seeAlso.map(Roff.manualReference).joined(separator: ",\n"))
        }
        return page.source
    }
}

/// A manual page in the making.
private struct Manual {
    var source = ""

    mutating func line(_ text: String) { source += text + "\n" }

    mutating func section(_ heading: String) { line(".SH \(Roff.argument(heading))") }

    mutating func entry(_ term: String, _ text: String) {
        line(".TP\n\(term)\n\(text)")
    }

    mutating func table(_ heading: String, _ rows: [(String, String)]) {
        guard !rows.isEmpty else { return }
        section(heading)
        for row in rows { entry(Roff.bold(row.0), Roff.text(row.1)) }
    }
}

extension Roff {
    /// A page such as "ping(8)", its name bold.
    fileprivate static func manualReference(_ page: String) -> String {
        let parts = page.split(separator: "(", maxSplits: 1)
        guard parts.count == 2 else { return text(page) }
        return "\(bold(parts[0]))(\(parts[1])"
    }
}

extension OptionDeclaration {
    /// The spellings in bold, the value in italics.
    fileprivate var manualTerm: String {
        let value = Roff.italic(reader.placeholder)
        return [short.map { "-" + $0 }, long.map { "--" + $0 }].compactMap { $0 }.map { spelling in
            switch argument {
            case .none: Roff.bold(spelling)
            case .required where spelling.hasPrefix("--"): "\(Roff.bold(spelling))=\(value)"
            case .required: "\(Roff.bold(spelling)) \(value)"
            case .optional where spelling.hasPrefix("--"): "\(Roff.bold(spelling))[=\(value)]"
            case .optional: Roff.bold(spelling)
            }
        }.joined(separator: ", ")
    }
}

extension String {
    /// The text without a full stop at its end, as the NAME section has it.
    fileprivate var withoutStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
