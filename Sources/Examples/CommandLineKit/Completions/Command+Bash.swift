extension Command {
    /// The completion script for bash, which needs nothing but bash 4.4 itself.
    var bashCompletion: String {
        let options = allGroups.flatMap(\.shown)
        let valued = options.filter { $0.argument == .required }
        let letters = valued.flatMap(\.names).filter(\.isShort).map(\.text).joined()
        let names = options.flatMap(\.shownSpellings).joined(separator: " ")
        let cases = bashCases(options)
        let operand = operands.first?.reader.completion ?? .nothing

        return """
            # Completion of \(name) for bash. To load it: source <(\(name) --completion bash)
            _\(name.shellIdentifier)_completion() {
                local current=${COMP_WORDS[COMP_CWORD]} option= word index letter
                COMPREPLY=()

                # bash takes the = of --option=value for a word of its own.
                if [[ $current == "=" ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 1]}= current=
                elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 2]}=
                else
                    option=${COMP_WORDS[COMP_CWORD - 1]}
                    # The last letter of a bundle takes the value, unless an earlier one took the rest.
                    if [[ $option == -[!-]?* ]]; then
                        word=$option option=
                        for ((index = 1; index < ${#word}; index++)); do
                            letter=${word:index:1}
                            if [[ \(letters.shellQuoted) == *"$letter"* ]]; then
                                ((index == ${#word} - 1)) && option=-$letter
                                break
                            fi
                        done
                    fi
                fi
                for ((index = 1; index < COMP_CWORD; index++)); do
                    [[ ${COMP_WORDS[index]} == -- ]] && option=--
                done

                case $option in
            \(cases)    esac

                if [[ $current == -* && $option != -- ]]; then
                    mapfile -t COMPREPLY < <(compgen -W \(names.shellQuoted) -- "$current")
                    return
                fi
                \(operand.bash)
            }
            complete -F _\(name.shellIdentifier)_completion \(name)

            """
    }

    /// What is offered for the values of options: one case for each source, whichever options have it.
    private func bashCases(_ options: [OptionDeclaration]) -> String {
        var sources: [CompletionSource] = []
        var patterns: [CompletionSource: [String]] = [:]
        for option in options {
            let source = option.reader.completion
            if !sources.contains(source) { sources.append(source) }
            patterns[source, default: []] += option.bashPatterns
        }
        return sources.filter { !(patterns[$0] ?? []).isEmpty }.map { source in
            """
                    \((patterns[source] ?? []).joined(separator: " | ")))
                        \(source.bash)
                        return
                        ;;

            """
        }.joined()
    }
}

extension OptionDeclaration {
    /// What comes before a value of the option; an optional value must be attached.
    fileprivate var bashPatterns: [String] {
        names.flatMap { name -> [String] in
            switch argument {
            case .none: []
            case .required: name.isShort ? [name.spelling] : [name.spelling, name.spelling + "="]
            case .optional: name.isShort ? [] : [name.spelling + "="]
            }
        }
    }
}

extension CompletionSource {
    /// The command that fills COMPREPLY.
    fileprivate var bash: String {
        switch self {
        case .nothing: ":"
        case .words(let words):
            "mapfile -t COMPREPLY < <(compgen -W \(words.joined(separator: " ").shellQuoted) -- \"$current\")"
        case .files:
            "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
        case .wordsOrFiles(let words):
            "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -W "
                + words.joined(separator: " ").shellQuoted + " -- \"$current\"; compgen -f -- \"$current\")"
        case .hosts: "mapfile -t COMPREPLY < <(compgen -A hostname -- \"$current\")"
        case .interfaces:
            "mapfile -t COMPREPLY < <(compgen -W \"$(command ls /sys/class/net 2>/dev/null)\" -- \"$current\")"
        }
    }
}

extension String {
    /// The text as one word of any of the three shells.
    ///
    /// Inside single quotes fish alone gives the backslash a meaning, so it is kept out of them.
    var shellQuoted: String {
        var quoted = "'"
        for character in self {
            switch character {
            case "'": quoted += "'\\''"
            case "\\": quoted += "'\\\\'"
            default: quoted.append(character)
            }
        }
        return quoted + "'"
    }

    /// The text as part of a function's name.
    var shellIdentifier: String {
        String(map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
