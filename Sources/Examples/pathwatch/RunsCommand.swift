import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCorePathStore
import TraceCoreWatch

/// Lists the runs of a store, or prints one of them.
struct RunsCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let name = Operand("id", optional: .text, help: "The run to print: its ID, the beginning of it, or `last`.")
    let limit = Option("limit", value: .integer(1...1_000_000), default: 100, help: "List this many, the newest first.")
    let json = Option("json", help: "Print the report as JSON.")
    let events = Option("events", help: "Print the events, which `trace --replay` reads.")

    var command: Command {
        Command(
            "pathwatch runs", summary: "List the runs of a store, or print one.",
            options: [OptionGroup("What is printed", [limit, json, events])], oneOf: [[limit, json, events]],
            operands: [store, name],
            exitCodes: [0: "Done.", 2: "The store cannot be read, or has no such run."],
            examples: [
                "pathwatch runs runs.db": "List what `pathwatch once --store runs.db` has kept.",
                "pathwatch runs runs.db last": "Print the newest run with the places of its hops.",
            ], seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let store = try await PathStore(parsed[store], for: .reading)
            guard let name = parsed[name] else {
                guard !parsed[json], !parsed[events] else {
                    throw UsageError("--json and --events are for one run: give its ID")
                }
                let limit = parsed[limit]
                let runs = try await store.read { (reader) throws(StoreError) in try reader.runs(limit: limit) }
                for run in runs { Output.standard.print(run.textLines[0]) }
                return
            }
            let run = try await store.run(named: name)
            if parsed[json] {
                Output.standard.print(try JSON.text(try JSON.Value(parsing: run.report), style: .pretty))
            } else if parsed[events] {
                guard let events = run.events else {
                    throw ProbeError(.badInput, "Of the run \(UntrustedText(run.id).word) no events were kept")
                }
                Output.standard.write(String(decoding: events, as: UTF8.self))
            } else {
                for line in run.textLines { Output.standard.print(line) }
            }
        }
    }
}

/// Draws runs on a map.
struct MapCommand {
    let store = Operand("store", value: .file, help: "The store.")
    let names = Operand(
        "id", each: .text, atLeast: 1, help: "The runs: their IDs, the beginnings of them, or `last`.")
    let output = Option(
        "o", "output", value: .file, help: "The map: a picture if the file is called .svg, or .geojson.")

    var command: Command {
        Command(
            "pathwatch map", summary: "Draw the ways of runs on a map.",
            description: [
                "The places are those that were kept with the runs. A hop without one is listed and not drawn."
            ],
            options: [OptionGroup("Output", [output])], operands: [store, names],
            exitCodes: [0: "Done.", 2: "There is no map: no such run, no places, or no room for the file."],
            examples: ["pathwatch map runs.db last -o way.svg": "Draw the newest run."],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            guard let file = parsed[output], file.hasSuffix(".svg") || file.hasSuffix(".geojson") else {
                throw UsageError("--output wants a file that ends in .svg or .geojson")
            }
            let store = try await PathStore(parsed[store], for: .reading)
            var routes: [MapRoute] = []
            for name in parsed[names] { routes.append(try await store.run(named: name).route) }
            guard routes.contains(where: { !$0.stops.isEmpty }) else {
                throw ProbeError(
                    .badInput, "No hop of these runs has a place",
                    remedy: "Trace with pathwatch once --geo FILE --store FILE")
            }
            let map = GeoMap(routes: routes)
            try replaceFile(file, with: Array((file.hasSuffix(".svg") ? map.svg() : map.geoJSON()).utf8), as: "The map")
        }
    }
}

/// Takes over what the older tools have kept.
struct ImportCommand {
    let store = Operand("store", value: .file, help: "The store, which is made if it is not there.")
    let files = Operand(
        "file", each: .file, atLeast: 1,
        help:
            "Databases of the older tracer (SQLite), or reports of the older monitoring script (JSON): one, a list, or one a line."
    )
    let host = Option(
        "host", value: .host, help: "The host of the reports, which do not name it; without it, the last hop's address."
    )

    var command: Command {
        Command(
            "pathwatch import", summary: "Take over what the older tools have kept.",
            description: [
                "What was taken over before is left out, so that a file can be given again when it has grown."
            ],
            options: [OptionGroup("Reports", [host])], operands: [store, files],
            exitCodes: [0: "Done.", 2: "A file cannot be read or is none of these; nothing of it was taken over."],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            let store = try await PathStore(parsed[store])
            for file in parsed[files] {
                let count = try await take(file, into: store, host: parsed[host])
                Output.standard.print("\(UntrustedText(file).word): \(count) new \(count == 1 ? "run" : "runs")")
            }
            await store.close()
        }
    }

    private func take(_ file: String, into store: PathStore, host: String?) async throws -> Int {
        let bytes = try Input(file).bytes()
        if bytes.starts(with: Array("SQLite format 3".utf8)) {
            guard host == nil else { throw UsageError("--host is for reports: the table has its own addresses") }
            return try await store.importTraces(from: file)
        }
        let runs: [StoredRun]
        do {
            runs = try ScriptReport.list(in: bytes).map { try StoredRun(importing: $0, of: host) }
        } catch let error as ProbeError {
            throw ProbeError(error.code, "\(UntrustedText(file).word): \(error.message)", remedy: error.remedy)
        }
        return try await store.write(.promised) { (writer) throws(StoreError) in
            var count = 0
            for run in runs where try writer.run(run.id) == nil {
                try writer.insert(run)
                count += 1
            }
            return count
        }
    }
}
