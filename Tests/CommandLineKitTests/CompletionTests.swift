import TraceCoreCommandLine
import Foundation
import Testing

@Suite struct CompletionTests {
    @Test(arguments: Shell.allCases)
    func `each shell can parse its script`(shell: Shell) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let script = try folder.file("script", Sample.command.text(of: .completion(shell)))
        let result = try Tool(shell.rawValue).run(["-n", script.path()])
        #expect(result.error == "")
        #expect(result.status == 0)
    }

    /// The words as bash splits them, the last one being completed.
    @Test(arguments: [
        (["--cou"], ["--count"]),
        (["--co"], ["--completion", "--color", "--count"]),
        (["-n", "--js"], ["--json"]),
        (["-c", ""], []),
        (["-nc", ""], []),
        (["--mark", ""], ["dots", "none", "stars"]),
        (["--mark", "=", ""], ["dots", "none", "stars"]),
        (["--mark", "="], ["dots", "none", "stars"]),
        (["--mark", "=", "st"], ["stars"]),
        (["--color", "=", "a"], ["always", "auto"]),
        (["--colour", "=", "n"], ["never"]),
        (["--completion", "z"], ["zsh"]),
        (["-I", "l"], ["lo"]),
        (["-nI", "l"], ["lo"]),
        (["-cI", "--js"], ["--json"]),
        (["--", "--js"], []),
        (["-f", "two"], ["two words.txt"]),
        (["--file", "=", "two"], ["two words.txt"]),
    ])
    func `bash completes`(words: [String], expected: [String]) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        _ = try folder.file("two words.txt", "")
        let script = try folder.file("script.bash", Sample.command.text(of: .completion(.bash)))
        let driver = """
            cd "$1"; source "$2"; shift 2
            COMP_WORDS=(trace "$@") COMP_CWORD=$#
            _trace_completion
            [[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try Tool("bash").run(
            ["--norc", "-c", driver, "bash", folder.url.path(), script.path()] + words)
        #expect(result.output.split(separator: "\n").map(String.init).sorted() == expected.sorted())
        #expect(result.error == "")
    }

    @Test(arguments: [
        ("--cou", ["--count"]), ("--mark ", ["dots", "none", "stars"]), ("--mark=s", ["--mark=stars"]),
        ("--color=", ["--color=always", "--color=auto", "--color=never"]), ("--completion z", ["zsh"]),
        ("-c ", []), ("-I l", ["lo"]),
    ])
    func `fish completes`(line: String, expected: [String]) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let script = try folder.file("script.fish", Sample.command.text(of: .completion(.fish)))
        let result = try Tool("fish").run(
            ["--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script.path(), "trace " + line])
        let offered = result.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
        // fish offers the longer form of an option with a value beside the plain one.
        #expect(offered.map(String.init).filter { !$0.hasSuffix("=") }.sorted() == expected.sorted())
    }

    @Test func `zsh takes the script as the completion of the command`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let script = try folder.file("script.zsh", Sample.command.text(of: .completion(.zsh)))
        let result = try Tool("zsh").run([
            "-f", "-c", "autoload -Uz compinit; compinit -D -u; source $1; print $_comps[trace]", "zsh",
            script.path(),
        ])
        #expect(result.output == "_trace\n")
        #expect(result.error == "")
    }
}
