/// One walk over the arguments, with the habits of getopt_long: bundles, values attached or next,
/// unambiguous prefixes of long options, operands between options, and `--` as the end of options. No operand of any
/// program is a negative number, so `-3` is an option, known or not.
struct ArgumentParser {
    private let command: Command
    private let options: [OptionDeclaration]
    private var rest: ArraySlice<String>
    private var operands: [String] = []
    /// How many arguments were typed; what comes before them stands in an environment variable.
    private let typed: Int
    /// The options that are only given there.
    private var defaults: Set<String> = []
    private var parsed: ParsedArguments

    init(_ command: Command, _ arguments: [String], after defaults: [String] = []) {
        self.command = command
        typed = arguments.count
        options = command.allGroups.flatMap(\.options)
        rest = (defaults + arguments)[...]
        parsed = ParsedArguments(
            declared: Set(options.map(\.id)).union(command.operands.map(\.id)))
    }

    /// The values; or the page that was asked for, found before anything after it is looked at.
    mutating func parse() throws(UsageError) -> ParsedArguments {
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                rest = []
            } else if argument.hasPrefix("--") {
                try readLong(argument)
            } else if argument.hasPrefix("-"), argument.count > 1 {
                try readBundle(argument)
            } else {
                operands.append(argument)
            }
            parsed.page = StandardOptions.page(in: parsed)
            if parsed.page != nil { return parsed }
        }
        try checkExclusive()
        try assignOperands()
        return parsed
    }

    // MARK: - Options

    private mutating func readLong(_ argument: String) throws(UsageError) {
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let attached = parts.count > 1 ? String(parts[1]) : nil
        let (option, spelling) = try findLong(name)

        switch (option.argument, attached) {
        case (.none, _?):
            throw UsageError("\(spelling) takes no value")
        case (.none, nil), (.optional, nil):
            store(option.bare, of: option, as: spelling)
        case (.required, nil):
            try readValue(of: option, as: spelling)
        case (.required, let text?), (.optional, let text?):
            try store(text, of: option, as: spelling)
        }
    }

    /// The option of that name or, as getopt_long has it, the only one which begins so.
    private func findLong(_ name: String) throws(UsageError) -> (OptionDeclaration, String) {
        let wanted = OptionName(name)
        if name.count > 1, let option = options.first(where: { $0.names.contains(wanted) }) {
            return (option, "--" + name)
        }
        let candidates = options.filter { !$0.isHidden }.flatMap { option in
            option.names.filter { !$0.isShort && $0.text.hasPrefix(name) }.map { (option, $0.spelling) }
        }
        guard let first = candidates.first, !name.isEmpty else {
            throw unknown("--" + name, near: name)
        }
        guard candidates.allSatisfy({ $0.0.id == first.0.id }) else {
            let meanings = candidates.map(\.1).joined(separator: ", ")
            throw UsageError("--\(name.printable) is ambiguous: it could be \(meanings)")
        }
        return first
    }

    private mutating func readBundle(_ argument: String) throws(UsageError) {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            let spelling = "-\(letter)"
            let wanted = OptionName(String(letter))
            guard let option = options.first(where: { $0.names.contains(wanted) }) else {
                throw unknown(spelling, near: String(argument.dropFirst()), in: argument)
            }
            switch option.argument {
            case .none, .optional:
                store(option.bare, of: option, as: spelling)
            case .required where letters.isEmpty:
                try readValue(of: option, as: spelling)
            case .required:
                try store(String(letters), of: option, as: spelling)
                return
            }
        }
    }

    /// Takes the next argument as the value, whatever it looks like: `-s -5` is minus five.
    private mutating func readValue(of option: OptionDeclaration, as spelling: String) throws(UsageError) {
        guard let text = rest.popFirst() else {
            throw UsageError("\(spelling) needs a value: \(option.reader.expectation)")
        }
        try store(text, of: option, as: spelling)
    }

    private mutating func store(
        _ text: String, of option: OptionDeclaration, as spelling: String
    ) throws(UsageError) {
        guard let value = option.reader.read(text, parsed.values[option.id]) else {
            throw rejected(text, by: option.reader, of: spelling)
        }
        store(value, of: option, as: spelling)
    }

    private mutating func store(
        _ value: (any Sendable)?, of option: OptionDeclaration, as spelling: String
    ) {
        parsed.values[option.id] = value
        parsed.spellings[option.id] = spelling
        if rest.count >= typed { defaults.insert(option.id) } else { defaults.remove(option.id) }
    }

    // MARK: - What belongs together

    private mutating func checkExclusive() throws(UsageError) {
        for set in command.exclusive {
            // What is typed takes the place of what an environment variable says.
            if set.contains(where: { parsed.spellings[$0.id] != nil && !defaults.contains($0.id) }) {
                for option in set where defaults.contains(option.id) {
                    (parsed.values[option.id], parsed.spellings[option.id]) = (nil, nil)
                }
            }
            let given = set.compactMap { parsed.spellings[$0.id] }
            if given.count > 1 {
                throw UsageError("\(given[0]) and \(given[1]) cannot be used together")
            }
        }
    }

    /// Each operand takes what it can, and leaves what the ones after it need.
    private mutating func assignOperands() throws(UsageError) {
        var remaining = operands[...]
        for (index, operand) in command.operands.enumerated() {
            let kept = command.operands[(index + 1)...].reduce(0) { $0 + $1.count.lowerBound }
            let taken = min(operand.count.upperBound, max(remaining.count - kept, 0))
            guard taken >= operand.count.lowerBound else {
                throw UsageError("\(operand.name) is missing: give \(operand.reader.expectation)")
            }
            for text in remaining.prefix(taken) {
                guard let value = operand.reader.read(text, parsed.values[operand.id]) else {
                    throw rejected(text, by: operand.reader, of: operand.name)
                }
                parsed.values[operand.id] = value
            }
            remaining = remaining.dropFirst(taken)
        }
        if let extra = remaining.first {
            throw UsageError("unexpected argument \(extra.quotedForMessage)")
        }
    }
}

// MARK: - What is said when something is wrong

extension ArgumentParser {
    private func rejected(_ text: String, by reader: ValueReader, of name: String) -> UsageError {
        let message = "\(name): \(text.quotedForMessage) is not \(reader.expectation)"
        // getopt takes the value right after the letter, so that `-c=3` is the value "=3".
        if text.hasPrefix("="), reader.read(String(text.dropFirst()), nil) != nil {
            return UsageError(message, suggestion: "\(name) \(text.dropFirst())")
        }
        guard case .words(let words) = reader.completion else { return UsageError(message) }
        return UsageError(message, suggestion: text.lowercased().nearest(in: words))
    }

    private func unknown(_ spelling: String, near name: String, in bundle: String? = nil) -> UsageError {
        let long = options.filter { !$0.isHidden }.flatMap(\.names).filter { !$0.isShort }.map(\.text)
        // One dash and a whole word is a long option with a dash too few.
        let typed = bundle.map { _ in String(name.prefix { $0 != "=" }) } ?? name
        let meant = typed.count > 1 ? typed.lowercased().nearest(in: long) : nil
        let place = bundle.map { $0.count > 2 ? " in \($0.printable)" : "" } ?? ""
        return UsageError("unknown option \(spelling.printable)\(place)", suggestion: meant.map { "--" + $0 })
    }
}

extension String {
    /// The text as it was typed where that is harmless on a terminal, otherwise quoted and escaped.
    fileprivate var printable: String {
        let quoted = quotedForMessage
        return quoted == "\"\(self)\"" ? self : quoted
    }
}
