/// A program's command line as data: the one table that parsing, help, manual and completion come from.
public struct Command: Sendable {
    /// What is typed to start it.
    public let name: String
    /// What it does, in one line.
    public let summary: String
    /// Paragraphs about what it does, for the manual.
    public let description: [String]
    /// The version.
    public let version: String
    /// The day of the version as year, month and day, for the manual.
    public let date: String
    /// Its own options, in groups.
    public let groups: [OptionGroup]
    /// What it takes beside options, in order.
    public let operands: [OperandDeclaration]
    /// Its subcommands, with what each does. Each of them is a command with pages of its own.
    public let subcommands: KeyValuePairs<String, String>
    /// Sets of options of which only one may be given.
    public let exclusive: [[OptionDeclaration]]
    /// What its exit codes say.
    public let exitCodes: KeyValuePairs<Int32, String>
    /// The exit code for a wrong command line.
    public let usageExitCode: Int32
    /// The exit code for everything else that cannot be done, such as writing to a full disk.
    public let failureExitCode: Int32
    /// The environment variable whose words stand before the arguments, if there is one.
    public let optionsVariable: String?
    /// The environment variables that it reads.
    public let environment: KeyValuePairs<String, String>
    /// Command lines to start from, with what each does.
    public let examples: KeyValuePairs<String, String>
    /// Related manual pages, such as "ping(8)".
    public let seeAlso: [String]

    /// A command from its table.
    ///
    /// Text may mark what is typed with backquotes; the manual shows it bold.
    public init(
        _ name: String, summary: String, description: [String] = [], version: String = Release.version,
        date: String = Release.date,
        options groups: [OptionGroup], oneOf exclusive: [[any OptionRow]] = [],
        operands: [any OperandRow] = [], subcommands: KeyValuePairs<String, String> = [:],
        exitCodes: KeyValuePairs<Int32, String> = [:],
        usageExitCode: Int32 = 2, failureExitCode: Int32 = 2, optionsFrom optionsVariable: String? = nil,
        environment: KeyValuePairs<String, String> = [:],
        examples: KeyValuePairs<String, String> = [:], seeAlso: [String] = []
    ) {
        self.name = name
        self.summary = summary
        self.description = description
        self.version = version
        self.date = date
        self.groups = groups
        self.operands = operands.map(\.declaration)
        self.subcommands = subcommands
        self.exclusive = exclusive.map { $0.map(\.declaration) }
        self.exitCodes = exitCodes
        self.usageExitCode = usageExitCode
        self.failureExitCode = failureExitCode
        self.optionsVariable = optionsVariable
        self.environment = environment
        self.examples = examples
        self.seeAlso = seeAlso
    }

    /// The groups with the one that every command has.
    var allGroups: [OptionGroup] {
        let taken = groups.flatMap(\.options).flatMap(\.names)
        return groups + [StandardOptions.group(of: name, beside: Set(taken))]
    }
}
