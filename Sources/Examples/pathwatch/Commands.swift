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
    "chart": "Draw how a path was over time.",
    "export": "Print what was measured, for spreadsheets and programs.",
    "once": "Trace hosts once, and print the report of the older monitoring script.",
    "runs": "List the runs of a store, or print one.",
    "map": "Draw the ways of runs on a map.",
    "import": "Take over what the older tools have kept.",
    "backup": "Copy a store while it is being written.",
    "query": "Ask what many vantage points have seen.",
    "schema": "Print the tables for a larger store, or the schema of the settings.",
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

/// The settings in a file or at an address; the program ends with what is wrong in them.
private func settings(in file: String, of command: Command) async -> WatchSettings {
    do {
        guard let address = SettingsAddress(file) else { return try settings(in: file) }
        return try await RemoteSettings(address, say: { _ in }).begin { try address.settings(in: $0) }
    } catch let error as ProbeError {
        Output.error.print(error.message)
        exit(2)
    } catch {
        command.fail("\(error)", exitCode: 2)
    }
}

/// Says what is wrong in a file of settings.
struct CheckCommand {
    let file = Operand("file", value: .file, help: "The settings: a file, or an address of http or https.")

    var command: Command {
        Command(
            "pathwatch check", summary: "Say what is wrong in a file of settings.",
            description: ["Every mistake is told with its line, its place, and what is allowed there."], options: [],
            operands: [file], exitCodes: [0: "Nothing is wrong.", 2: "Something is, and it was said what."],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        let settings = await settings(in: parsed[file], of: command)
        func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
        Output.standard.print(
            "\(SettingsAddress(parsed[file])?.place ?? UntrustedText(parsed[file]).word): \(count(settings.targets.count, "target")), "
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
            let settings = await settings(in: parsed[file], of: command)
            guard let receiver = settings.receivers.first(where: { $0.name == parsed[name] }) else {
                let names = settings.receivers.map { UntrustedText($0.name).word }.joined(separator: ", ")
                throw UsageError("there is no such receiver; there is \(names.isEmpty ? "none" : names)")
            }
            let courier = try courier(for: [receiver], isOnly: true)
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
///
/// - Parameter isOnly: Whether there will be no other try.
func courier(for receivers: [Receiver], isOnly: Bool = false) throws -> Courier {
    var schedule = TrySchedule()
    if isOnly { schedule.lifetime = .zero }
    // The kernel would end the program on a line that nobody reads.
    signal(SIGPIPE, SIG_IGN)
    let turn = Lock(())
    return Courier(
        http: receivers.contains(where: \.usesHTTP) ? try HTTPClient() : nil, schedule: schedule,
        print: { line in try turn.withLock { _ in try printLine(line) } },
        log: { Output.error.print("pathwatch: \($0)") })
}

/// Prints a line on standard output, or throws why it cannot be.
///
/// The usual way ends the program where nobody reads, and waits where the reader does; a daemon has others to tell.
private func printLine(_ line: String) throws {
    var bytes = Array("\(line)\n".utf8)[...]
    while !bytes.isEmpty {
        var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, 1_000) != 0 else { throw Output.Ending.failed("nobody reads it") }
        // So much a pipe takes at once when it takes anything.
        let count = bytes.prefix(4_096).withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if count >= 0 {
            bytes.removeFirst(count)
        } else if errno != EINTR, errno != EAGAIN {
            throw errno == EPIPE ? Output.Ending.closed : .failed(String(cString: strerror(errno)))
        }
    }
}
