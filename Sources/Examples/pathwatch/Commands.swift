import Glibc
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePathStore
import TraceCoreReceivers
import TraceCoreServer
import TraceCoreWatch

let commands: KeyValuePairs<String, String> = [
    "demo": "Watch a handful of paths on a simulated internet.",
    "run": "Watch what a file says, keep it, show it, and tell when something is wrong.",
    "check": "Say what is wrong in a file of settings.",
    "test-receiver": "Send a receiver a sample.",
    "list": "List the targets of a store.",
    "show": "Print how a path was at a time, as mtr does.",
    "export": "Print what was measured, for spreadsheets and programs.",
    "once": "Trace hosts once, and print the report of the older monitoring script.",
    "runs": "List the runs of a store, or print one.",
    "map": "Draw the ways of runs on a map.",
    "import": "Take over what the older tools have kept.",
    "backup": "Copy a store while it is being written.",
]

let overview = Command(
    "pathwatch", summary: "Watch network paths day and night.",
    description: [
        "Watches the paths to many hosts, keeps what it sees, draws it, and sends word when something is truly different. It needs "
            + "no privilege. `pathwatch demo` shows all of it with a simulated internet.",
        "`pathwatch COMMAND --help` describes each command.",
    ],
    options: [], subcommands: commands, exitCodes: [0: "Done.", 2: "Something is wrong, and it was said what."],
    examples: [
        "pathwatch demo": "The whole of it, at http://127.0.0.1:8081/.",
        "pathwatch check watch.json && pathwatch run watch.json": "Watch what a file says.",
        "pathwatch show paths.db Tokyo --last 24h": "How the path to Tokyo was in the last day.",
    ],
    seeAlso: ["mtr(1)", "trace(1)", "lookingglass(1)"])

extension Command {
    /// Does a command's work, and ends the program.
    func finish(_ work: () async throws -> Void) async -> Never {
        do {
            try await work()
            Output.standard.flush()
            exit(0)
        } catch let error as UsageError {
            fail(error)
        } catch {
            fail("\(error)", exitCode: 2)
        }
    }
}

/// The settings in a file.
///
/// - Throws: All that is wrong in it, a line each.
func settings(in file: String) throws -> WatchSettings {
    let input = Input(file, limit: 64 << 20)
    do {
        return try WatchSettings(parsing: input.bytes(), opensFiles: true)
    } catch let mistakes as SettingsMistakes {
        throw ProbeError(.badInput, mistakes.all.map { "\(input.name): \($0)" }.joined(separator: "\n"))
    }
}

/// The settings in a file; the program ends with what is wrong in it.
private func settings(in file: String, of command: Command) -> WatchSettings {
    do {
        return try settings(in: file)
    } catch let error as ProbeError {
        Output.error.print(error.message)
        exit(2)
    } catch {
        command.fail("\(error)", exitCode: 2)
    }
}

/// Says what is wrong in a file of settings.
struct CheckCommand {
    let file = Operand("file", value: .file, help: "The settings.")

    var command: Command {
        Command(
            "pathwatch check", summary: "Say what is wrong in a file of settings.",
            description: ["Every mistake is told with its line, its place, and what is allowed there."], options: [],
            operands: [file], exitCodes: [0: "Nothing is wrong.", 2: "Something is, and it was said what."],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) {
        let parsed = command.parseOrExit(arguments)
        let settings = settings(in: parsed[file], of: command)
        func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
        Output.standard.print(
            "\(UntrustedText(parsed[file]).word): \(count(settings.targets.count, "target")), "
                + "\(count(settings.rules.count, "rule")), \(count(settings.receivers.count, "receiver"))")
        Output.standard.flush()
    }
}

/// Sends a receiver a sample.
struct TestReceiverCommand {
    let file = Operand("file", value: .file, help: "The settings.")
    let name = Operand("name", value: .text, help: "The name of the receiver.")

    var command: Command {
        Command(
            "pathwatch test-receiver", summary: "Send a receiver a sample.",
            description: ["Sends one alert that is wrong and one that is over, and says what came of it."], options: [],
            operands: [file, name], exitCodes: [0: "It was taken.", 2: "It was not."], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let settings = settings(in: parsed[file], of: command)
            guard let receiver = settings.receivers.first(where: { $0.name == parsed[name] }) else {
                let names = settings.receivers.map { UntrustedText($0.name).word }.joined(separator: ", ")
                throw UsageError("there is no such receiver; there is \(names.isEmpty ? "none" : names)")
            }
            let courier = try courier(for: [receiver])
            let now = UTCTime.now
            var alert = Alert(
                id: "sample-\(now.microsecondsSince1970)", rule: "sample", kind: "lost", severity: "info",
                startsAt: now - .seconds(60), notedAt: now, labels: ["target": "sample"],
                summary: "this is a sample: nothing is wrong")
            alert.targets = ["sample"]
            for state in [Alert.State.firing, .resolved] {
                alert.state = state
                if state == .resolved { alert.endsAt = now }
                switch await courier.deliver(try receiver.delivery(for: alert, at: now), to: receiver) {
                case .taken(let words): Output.standard.print("\(receiver): \(state.rawValue) was taken: \(words)")
                case .again(_, let words), .givenUp(let words), .receiverGone(let words):
                    throw ProbeError(.network, "\(receiver): \(state.rawValue) was not taken: \(words)")
                }
            }
        }
    }
}

/// What brings messages to receivers.
func courier(for receivers: [Receiver]) throws -> Courier {
    let ending = Lock<Output.Ending?>(nil)
    return Courier(
        http: receivers.contains(where: \.usesHTTP) ? try HTTPClient() : nil,
        print: { line in
            // The usual one ends the program where nobody reads, and a daemon has others to tell.
            let output = Output(descriptor: STDOUT_FILENO, isFlushedByLine: true) { new in ending.withLock { $0 = new } }
            output.print(line)
            let failure = ending.withLock { ending in
                defer { ending = nil }
                return ending
            }
            if let failure { throw failure }
        }, log: { Output.error.print("pathwatch: \($0)") })
}

// MARK: - What was kept

/// Lists the targets of a store.
struct ListCommand {
    let store = Operand("store", value: .file, help: "The store.")

    var command: Command {
        Command(
            "pathwatch list", summary: "List the targets of a store.", options: [], operands: [store],
            exitCodes: [0: "Done.", 2: "The store cannot be read."], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let store = try await PathStore(parsed[store], for: .reading)
            for target in try await store.read({ (reader) throws(StoreError) in try reader.targets() }) {
                let labels = target.labels.sorted { $0.key < $1.key }.map {
                    " \($0.key)=\(UntrustedText($0.value).word)"
                }
                Output.standard.print("\(UntrustedText(target.name).word)\(labels.joined())")
            }
        }
    }
}

/// The span of time that a command is about.
struct SpanOptions {
    let last = Option(
        "last", value: .text, placeholder: "TIME",
        help: "The last while, such as 24h or 30d; with --from, so long from there on. The default is 1h.")
    let from = Option(
        "from", value: .text, placeholder: "TIME", help: "From this time on, such as 2026-01-31T12:00:00Z.")
    let to = Option("to", value: .text, placeholder: "TIME", help: "Up to this time.")

    var group: OptionGroup { OptionGroup("When", [last, from, to]) }

    func span(in parsed: ParsedArguments) throws -> (from: UTCTime, to: UTCTime) {
        func time(_ option: String, _ text: String?) throws -> UTCTime? {
            guard let text else { return nil }
            guard let time = UTCTime(text) else {
                throw UsageError("\(option): \(UntrustedText(text).word) is no time such as 2026-01-31T12:00:00Z")
            }
            return time
        }
        let text = parsed[last] ?? "1h"
        guard let length = Duration(settingText: text) else {
            throw UsageError("--last: \(UntrustedText(text).word) is no time such as 1h, 24h or 30d")
        }
        let from = try time("--from", parsed[from])
        let end = try time("--to", parsed[to]) ?? (parsed[last] == nil ? nil : from.map { $0 + length }) ?? .now
        let start = from ?? end - length
        guard start < end else { throw UsageError("--from is not before --to") }
        return (start, end)
    }
}

/// Prints how a path was at a time.
struct ShowCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let target = Operand("target", value: .text, help: "The name of the target.")
    let span = SpanOptions()
    let json = Option("json", help: "Print the report as JSON.")
    let chart = ChartOption()

    var command: Command {
        Command(
            "pathwatch show", summary: "Print how a path was at a time, as mtr does.",
            options: [span.group, OptionGroup("Output", [json, chart.file])], operands: [store, target],
            exitCodes: [0: "Done.", 2: "The store cannot be read, or has no such target."],
            seeAlso: ["pathwatch(1)", "mtr(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let (from, to) = try span.span(in: parsed)
            let kept = try await KeptPath(parsed[target], in: parsed[store])
            let picture = try await kept.history(from: from, to: to, slots: parsed[chart.file] == nil ? 1 : 360)
            try chart.write(picture.chart.svg(width: 1_200), in: parsed)
            if parsed[json] {
                Output.standard.print(try JSON.text(picture.report, style: .pretty))
            } else {
                for line in MTRReport(picture.report, showsLabels: false).textLines(isWide: true) {
                    Output.standard.print(line)
                }
            }
        }
    }
}

/// Prints what was measured.
struct ExportCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let target = Operand("target", value: .text, help: "The name of the target.")
    let span = SpanOptions()
    let ndjson = Option("ndjson", help: "Print an object for each round, and not a line for each hop as CSV.")

    var command: Command {
        Command(
            "pathwatch export", summary: "Print what was measured, for spreadsheets and programs.",
            options: [span.group, OptionGroup("Output", [ndjson])], operands: [store, target],
            exitCodes: [0: "Done.", 2: "The store cannot be read, or has no such target."], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let (from, to) = try span.span(in: parsed)
            let kept = try await KeptPath(parsed[target], in: parsed[store])
            try await kept.lines(from: from, to: to, asJSON: parsed[ndjson]) { Output.standard.print($0) }
        }
    }
}

/// Copies a store.
struct BackupCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let copy = Operand("copy", value: .file, help: "The copy, which must not be there yet.")

    var command: Command {
        Command(
            "pathwatch backup", summary: "Copy a store while it is being written.", options: [],
            operands: [store, copy], exitCodes: [0: "Done.", 2: "There is no whole copy."], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let store = try await PathStore(parsed[store], for: .reading)
            try await store.backup(to: parsed[copy])
            Output.standard.print("\(UntrustedText(parsed[copy]).word): a whole copy")
        }
    }
}
