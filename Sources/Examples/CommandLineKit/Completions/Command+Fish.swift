extension Command {
    /// The completion script for fish, to be sourced or put in its completions folder.
    var fishCompletion: String {
        let options = allGroups.flatMap(\.shown).map { option in
            "complete -c \(name)\(option.fish)\n"
        }
        let sources = operands.map(\.reader.completion)
        let operand = sources.contains(.files) ? "" : " -f" + (sources.first?.fishArguments ?? "")
        return """
            # Completion of \(name) for fish. To load it: \(name) --completion fish | source
            complete -c \(name) -e
            complete -c \(name)\(operand)

            """ + options.joined()
    }
}

extension OptionDeclaration {
    /// The option as arguments of fish's `complete`.
    fileprivate var fish: String {
        let names = [short.map { " -s \($0)" }, long.map { " -l \($0)" }].compactMap { $0 }.joined()
        let value =
            switch (argument, reader.completion) {
            case (.none, _): ""
            case (.optional, let source): " -f" + source.fishArguments
            case (.required, .files): " -r -F"
            case (.required, .wordsOrFiles): " -r -F" + reader.completion.fishArguments
            case (.required, let source): " -x" + source.fishArguments
            }
        return names + value + " -d \(help.firstSentence.shellQuoted)"
    }
}

extension CompletionSource {
    /// The candidates as an argument of fish's `complete`.
    fileprivate var fishArguments: String {
        switch self {
        case .nothing, .files: ""
        case .words(let words), .wordsOrFiles(let words): " -a \(words.joined(separator: " ").shellQuoted)"
        case .hosts: " -a '(__fish_print_hostnames)'"
        case .interfaces: " -a '(command ls /sys/class/net 2>/dev/null)'"
        }
    }
}
