internal import Glibc
internal import TraceCore

extension Command {
    /// The values of a command line, or the page that it asks for.
    ///
    /// - Parameter defaults: Arguments that stand before them, and give way where both cannot be.
    public func parse(_ arguments: [String], after defaults: [String] = []) throws(UsageError) -> ParsedArguments {
        var parser = ArgumentParser(self, arguments, after: defaults)
        return try parser.parse()
    }

    /// The values of this process's command line.
    ///
    /// A page that is asked for is printed and ends the program with success; a mistake is explained on
    /// standard error and ends it with `usageExitCode`.
    public func parseOrExit(_ arguments: [String] = Array(CommandLine.arguments.dropFirst()))
        -> ParsedArguments
    {
        assert(mistakes.isEmpty, "The table of \(name) is not sound: \(mistakes)")
        StandardStreams.hold()
        Output.failureExitCode.withLock { $0 = failureExitCode }
        do throws(UsageError) {
            let parsed = try parse(arguments, after: optionsVariable.flatMap(words) ?? [])
            if let page = parsed.page {
                Output.standard.write(text(of: page, width: Terminal.output.width))
                Output.standard.flush()
                exit(0)
            }
            return parsed
        } catch {
            if let optionsVariable, let value = getenv(optionsVariable) {
                let words = UntrustedText(String(cString: value)).debugDescription
                Output.error.print("\(name): \(optionsVariable) is set to \(words), which stands before the arguments")
            }
            fail(error)
        }
    }

    /// The words of an environment variable, or nil where it is not set.
    private func words(of variable: String) -> [String]? {
        guard let value = getenv(variable) else { return nil }
        return String(cString: value).split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
    }

    /// Ends the program with an error if it may open too few files for tasks and timers.
    public func checkDescriptors() async {
        if let shortage = await Descriptors.shortage() { fail(shortage, exitCode: failureExitCode) }
    }

    /// Does what the command line of this process asks for, and ends the program with the exit code that comes of it.
    ///
    /// A `UsageError` ends it with `usageExitCode`; any other error is printed and ends it with `failureExitCode`.
    @MainActor public func run(
        _ arguments: [String] = Array(CommandLine.arguments.dropFirst()),
        _ work: @MainActor (ParsedArguments) async throws -> Int32
    ) async -> Never {
        let parsed = parseOrExit(arguments)
        await checkDescriptors()
        do {
            exit(try await work(parsed))
        } catch let error as UsageError {
            fail(error)
        } catch {
            fail("\(error)", exitCode: failureExitCode)
        }
    }

    /// Ends the program as for a wrong command line: what is wrong, and where help is.
    ///
    /// For what only the program can check, such as two values that do not go together.
    public func fail(_ error: UsageError) -> Never {
        Output.error.write(text(of: error))
        exit(usageExitCode)
    }

    /// Ends the program with an error that is not about its command line.
    public func fail(_ message: some CustomStringConvertible, exitCode: Int32) -> Never {
        Output.standard.flush()
        Output.error.write("\(name): \(message)\n")
        exit(exitCode)
    }

    /// What is printed about a wrong command line.
    public func text(of error: UsageError) -> String {
        "\(name): \(error)\nTry '\(name) --help'.\n"
    }

    /// A page, wrapped to a width where it is meant for people.
    public func text(of page: Page, width: Int = 80) -> String {
        switch page {
        case .help: help(width: width)
        case .version: "\(name) \(version)\n"
        case .manual: manual
        case .completion(.bash): bashCompletion
        case .completion(.zsh): zshCompletion
        case .completion(.fish): fishCompletion
        }
    }
}
