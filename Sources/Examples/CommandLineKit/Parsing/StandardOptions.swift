/// A page that a command can show instead of running.
public enum Page: Sendable, Hashable {
    /// The usage text.
    case help
    /// The name and version.
    case version
    /// The manual page, as roff.
    case manual
    /// The completion script of a shell.
    case completion(Shell)
}

/// A shell for which completion scripts are made.
public enum Shell: String, Sendable, Hashable, CaseIterable {
    /// The Bourne-again shell, from version 4.4.
    case bash
    /// The Z shell.
    case zsh
    /// The friendly interactive shell.
    case fish
}

/// The options that every command has, beside its own.
enum StandardOptions {
    static let help = Option("h", "help", help: "Show this help.")
    static let version = Option("V", "v", "version", help: "Show the version.")
    static let manual = Option("man", help: "Print the manual page.")
    static let completion = Option(
        "completion", value: .choice(Shell.self), placeholder: "SHELL",
        help: "Print the completion script for bash, zsh or fish.")

    /// The group of these options, without the letters that the command uses for something else.
    static func group(of command: String, beside taken: Set<OptionName>) -> OptionGroup {
        var manual = manual.declaration
        manual.help += " To read it: `\(command) --man | man -l -`."
        var group = OptionGroup("About", [help, version, manual, completion])
        for index in group.options.indices {
            group.options[index].names.removeAll { $0.isShort && taken.contains($0) }
        }
        return group
    }

    /// The page that was asked for, if one was.
    static func page(in parsed: ParsedArguments) -> Page? {
        if parsed[help] { return .help }
        if parsed[version] { return .version }
        if parsed[manual] { return .manual }
        return parsed[completion].map(Page.completion)
    }
}
