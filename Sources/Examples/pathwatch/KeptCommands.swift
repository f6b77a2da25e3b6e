import TraceCore
import TraceCoreCommandLine
import TraceCorePathStore
import TraceCoreWatch

/// Lists the targets of a store.
struct ListCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let json = Option("json", help: "Print them as JSON: their names, labels, and how they are watched.")

    var command: Command {
        Command(
            "pathwatch list", summary: "List the targets of a store.", options: [OptionGroup("Output", [json])],
            operands: [store],
            exitCodes: [0: "Done.", 2: "The store cannot be read."], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let store = try await PathStore(parsed[store], for: .reading)
            let targets = try await store.read { (reader) throws(StoreError) in try reader.targets() }
            func labels(of target: StoredTarget) -> [(key: String, value: String)] {
                // What begins with a full stop is the store's own.
                target.labels.filter { !$0.key.hasPrefix(".") }.sorted { $0.key < $1.key }
            }
            guard !parsed[json] else {
                let all = targets.map { target -> JSON.Value in
                    let labels = labels(of: target).map { JSON.Value.Member($0.key, .string($0.value)) }
                    return .object([
                        .init("name", .string(target.name)), .init("labels", .object(labels)),
                        .init("request", (try? JSON.Value(parsing: target.settings)) ?? .null),
                    ])
                }
                return Output.standard.print(try JSON.text(JSON.Value.array(all), style: .pretty))
            }
            for target in targets {
                let labels = labels(of: target).map { " \($0.key)=\(UntrustedText($0.value).word)" }
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

    var command: Command {
        Command(
            "pathwatch show", summary: "Print how a path was at a time, as mtr does.",
            options: [span.group, OptionGroup("Output", [json])], operands: [store, target],
            exitCodes: [0: "Done.", 2: "The store cannot be read, or has no such target."],
            seeAlso: ["pathwatch(1)", "mtr(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let (from, to) = try span.span(in: parsed)
            let kept = try await KeptPath(parsed[target], in: parsed[store])
            let report = try await kept.history(from: from, to: to, slots: 1).report
            if parsed[json] {
                Output.standard.print(try JSON.text(report, style: .pretty))
            } else {
                for line in MTRReport(report, fields: .kept).textLines(isWide: true) { Output.standard.print(line) }
            }
        }
    }
}

/// Draws how a path was over time.
struct ChartCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let target = Operand("target", value: .text, help: "The name of the target.")
    let span = SpanOptions()
    let output = Option("o", "output", value: .file, help: "The picture (SVG); without it, it is printed.")

    var command: Command {
        Command(
            "pathwatch chart", summary: "Draw how a path was over time.",
            description: [
                "A picture for light and dark screens: the round trips to the target in bands, its loss, and each hop over time."
            ],
            options: [span.group, OptionGroup("Output", [output])], operands: [store, target],
            exitCodes: [0: "Done.", 2: "The store cannot be read, has no such target, or the file cannot be written."],
            examples: ["pathwatch chart paths.db Tokyo --last 24h -o tokyo.svg": "The last day."],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let (from, to) = try span.span(in: parsed)
            if let file = parsed[output] { try checkFile(file, as: "The chart") }
            let kept = try await KeptPath(parsed[target], in: parsed[store])
            let picture = try await kept.history(from: from, to: to, slots: 360).chart.svg(width: 1_200)
            guard let file = parsed[output] else { return Output.standard.write(picture) }
            try replaceFile(file, with: Array(picture.utf8), as: "The chart")
        }
    }
}

/// Prints what was measured.
struct ExportCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let target = Operand("target", value: .text, help: "The name of the target.")
    let span = SpanOptions()
    let csv = Option("csv", help: "Print a line for each hop of each round, below their names; the default.")
    let json = Option("json", help: "Print a list of all rounds.")
    let ndjson = Option("ndjson", help: "Print an object for each round, each on its line.")

    var command: Command {
        Command(
            "pathwatch export", summary: "Print what was measured, for spreadsheets and programs.",
            options: [span.group, OptionGroup("Output", [csv, json, ndjson])], oneOf: [[csv, json, ndjson]],
            operands: [store, target],
            exitCodes: [0: "Done.", 2: "The store cannot be read, or has no such target."], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let (from, to) = try span.span(in: parsed)
            let kept = try await KeptPath(parsed[target], in: parsed[store])
            let format: KeptPath.Format = parsed[json] ? .json : parsed[ndjson] ? .ndjson : .csv
            try await kept.lines(from: from, to: to, as: format) { Output.standard.print($0) }
        }
    }
}

/// Copies a store.
struct BackupCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let copy = Operand("copy", value: .file, help: "The copy, which must not be there yet.")

    var command: Command {
        Command(
            "pathwatch backup", summary: "Copy a store while it is being written.",
            description: ["To restore it, end the daemon, put the copy in the place of its store, and start it again."],
            options: [], operands: [store, copy], exitCodes: [0: "Done.", 2: "There is no whole copy."],
            seeAlso: ["pathwatch(1)"])
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
