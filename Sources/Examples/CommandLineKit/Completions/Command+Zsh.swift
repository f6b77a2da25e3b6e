extension Command {
    /// The completion script for zsh, to be sourced or put in a folder of `$fpath`.
    var zshCompletion: String {
        let function = "_" + name.shellIdentifier
        let options = allGroups.flatMap(\.shown).map(zshSpecification)
        let lines = (options + operands.map(\.zsh)).map { " \\\n        \($0)" }.joined()
        return """
            #compdef \(name)
            # Completion of \(name) for zsh. To load it: source <(\(name) --completion zsh)
            \(function)() {
                _arguments -s -S :\(lines)
            }
            if [ "$funcstack[1]" = "\(function)" ]; then
                \(function) "$@"
            elif (( $+functions[compdef] )); then
                compdef \(function) \(name)
            fi

            """
    }

    /// An option as `_arguments` wants it: what it rules out, its spellings, what it does, its value.
    private func zshSpecification(_ option: OptionDeclaration) -> String {
        let others = exclusive.filter { set in set.contains { $0.id == option.id } }.joined()
        let excluded = ([option] + others).flatMap(\.shownSpellings)
        let isAlone = excluded.count == 1
        let head =
            option.isRepeatable
            ? "'*'" : isAlone ? "" : "'(\(Set(excluded).sorted().joined(separator: " ")))'"

        let spellings = option.shownSpellings.map { spelling in
            switch option.argument {
            case .none: spelling
            case .required: spelling + (spelling.hasPrefix("--") ? "=" : "+")
            case .optional: spelling + (spelling.hasPrefix("--") ? "=-" : "")
            }
        }
        let names = spellings.count > 1 ? "{\(spellings.joined(separator: ","))}" : spellings.joined()
        let message = option.reader.placeholder.zshEscaped(alsoColons: true)
        let value =
            switch option.argument {
            case .none: ""
            case .required: ":\(message):\(option.reader.completion.zsh)"
            case .optional: "::\(message):\(option.reader.completion.zsh)"
            }
        let description = "[\(option.help.firstSentence.zshEscaped())]"
        return head + names + (description + value).shellQuoted
    }
}

extension OperandDeclaration {
    /// The operand as `_arguments` wants it.
    fileprivate var zsh: String {
        let position = count.upperBound > 1 ? "*" : count.lowerBound == 0 ? ":" : ""
        let source = "\(name.zshEscaped(alsoColons: true)):\(reader.completion.zsh)"
        return "\(position):\(source)".shellQuoted
    }
}

extension CompletionSource {
    /// The action of `_arguments`.
    fileprivate var zsh: String {
        switch self {
        case .nothing: " "
        case .words(let words): "(\(words.map { $0.zshEscaped(alsoColons: true) }.joined(separator: " ")))"
        case .files: "_files"
        case .wordsOrFiles(let words):
            "{compadd -- \(words.map(\.shellQuoted).joined(separator: " ")); _files}"
        case .hosts: "_hosts"
        case .interfaces: "_net_interfaces"
        }
    }
}

extension String {
    /// The text with what `_arguments` would take for the end of a part.
    fileprivate func zshEscaped(alsoColons: Bool = false) -> String {
        var escaped = ""
        for character in self {
            if "[]\\".contains(character) || alsoColons && ":() ".contains(character) { escaped += "\\" }
            escaped.append(character)
        }
        return escaped
    }
}
