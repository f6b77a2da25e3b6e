import Foundation
import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreFleet
import TraceCoreGeoOptions
import TraceCorePathStore
import TraceCoreWatch

/// Prints the tables of a larger store.
struct SchemaCommand {
    let what = Operand(
        "what", value: .words(["clickhouse", "settings"]),
        help: "`clickhouse` for the tables that `ship` sends to, `settings` for the JSON Schema of the settings.")
    let database = Option(
        "database", value: .identifier, default: "pathwatch", help: "The name of the database.")
    let cluster = Option(
        "cluster", value: .identifier,
        help:
            "The name of a cluster, for several servers: each shard has a part of the rows, and all can be asked for all."
    )
    let replicated = Option(
        "replicated",
        help: "Each shard has several servers with the same rows. It takes ZooKeeper or ClickHouse Keeper.")

    var command: Command {
        Command(
            "pathwatch schema", summary: "Print the tables for a larger store, or the schema of the settings.",
            description: [
                "The statements suit ClickHouse from 18.16 on. For several servers without --replicated, run them on each."
            ],
            options: [OptionGroup("ClickHouse", [database, cluster, replicated])], operands: [what],
            exitCodes: [0: "Done.", 2: "Something is wrong."],
            examples: ["pathwatch schema clickhouse | clickhouse-client --multiquery": "Make the tables."],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        await command.finish {
            guard parsed[what] == "clickhouse" else {
                return Output.standard.print(try JSON.text(WatchSettings.jsonSchema, style: .pretty))
            }
            guard !parsed[replicated] || parsed[cluster] != nil else {
                throw UsageError("--replicated is about the servers of a cluster: give --cluster NAME as well")
            }
            var schema = ClickHouseSchema()
            (schema.database, schema.cluster, schema.isReplicated) = (
                parsed[database], parsed[cluster], parsed[replicated]
            )
            for statement in schema.statements { Output.standard.print(statement) }
        }
    }
}

/// Asks what many vantage points have seen.
struct QueryCommand {
    let source = Operand(
        "source", value: .file,
        help:
            "A store, or the address of ClickHouse such as http://127.0.0.1:8123, or settings that say where everything is sent on to."
    )
    let question = Operand(
        "question", value: .words(["target", "causes", "networks", "matrix"]),
        help:
            "How one target is from all places; what the paths that fail have in common; which networks carry whom, and what moved; all targets from all places."
    )
    let target = Option("target", value: .text, placeholder: "NAME", help: "The name of the target, for `target`.")
    let span = SpanOptions()
    let json = Option("json", help: "Print the answer as JSON.")
    let database = Option(
        "database", value: .identifier, help: "The database of ClickHouse; `pathwatch` if nothing else is said.")
    let user = Option("user", value: .text, help: "Who asks ClickHouse.")
    let password = Option("password-file", value: .file, help: "The file with the password for ClickHouse.")
    let name = Option("name", value: .text, default: "here", help: "What a store's own vantage point is called.")
    let places = DatabaseOptions(help: "Say to which networks addresses belong, by this database (mmdb)").databases

    var command: Command {
        Command(
            "pathwatch query", summary: "Ask what many vantage points have seen.",
            description: [
                "The answers are those of the pages, of the last hour if nothing else is said. A store answers for its own vantage point and for "
                    + "those that watch for it; ClickHouse for all that send there."
            ],
            options: [
                OptionGroup("What", [target]), span.group, OptionGroup("Output", [json]),
                OptionGroup("ClickHouse", [database, user, password]), OptionGroup("A store", [name, places]),
            ], operands: [source, question],
            exitCodes: [
                0: "Done.", 1: "With `causes`: some paths fail.", 2: "Nothing can be read, or nobody answers.",
            ],
            examples: [
                "pathwatch query http://127.0.0.1:8123 causes": "Which hop do all that fail have in common?",
                "pathwatch query paths.db target --target Tokyo --last 24h": "Tokyo from all places, over a day.",
            ],
            seeAlso: ["pathwatch(1)"])
    }

    func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        do {
            let answer = try await ask(parsed)
            if parsed[json] {
                Output.standard.print(try JSON.text(answer, style: .pretty))
            } else {
                let terminal = Terminal.output
                for line in answer.lines(width: terminal.isTerminal ? max(40, terminal.width) : 10_000) {
                    Output.standard.print(line)
                }
            }
            Output.standard.flush()
            if case .causes(let causes) = answer.content, causes.failing + causes.silent > 0 { exit(1) }
            exit(0)
        } catch let error as UsageError {
            command.fail(error)
        } catch {
            command.fail("\(error)", exitCode: 2)
        }
    }

    private func ask(_ parsed: ParsedArguments) async throws -> FleetAnswer {
        let (from, to) = try span.span(in: parsed)
        let question: FleetQuestion
        switch parsed[self.question] {
        case "target":
            guard let target = parsed[target] else { throw UsageError("which target? Say it with --target NAME") }
            question = .target(target)
        case "causes": question = .causes
        case "networks": question = .networks
        default: question = .matrix
        }
        if parsed[target] != nil, parsed[self.question] != "target" {
            throw UsageError("--target is for the question target")
        }
        let archive = try await archive(parsed)
        let answer = try await FleetAnswer(
            question, of: archive, from: from, to: to, most: parsed[json] ? nil : Self.mostTargets)
        if case .target(let series) = answer.content, series.isEmpty, let name = parsed[target] {
            throw ProbeError(
                .badInput, "Nobody watched \(UntrustedText(name).word) in this time",
                remedy: "The question matrix lists the targets; --last and --from choose another time")
        }
        return answer
    }

    /// So many targets of a matrix are for people; programs get all.
    private static let mostTargets = 200

    private func archive(_ parsed: ParsedArguments) async throws -> any PathArchive {
        let path = parsed[source]
        if path.wholeMatch(of: #/https?:\/\/.*/#) != nil {
            var engine = ClickHouse.Settings(url: path)
            (engine.user, engine.passwordFile) = (parsed[user], parsed[password])
            if let name = parsed[database] { engine.database = name }
            return try ClickHouseArchive(engine)
        }
        let head = FileHandle(forReadingAtPath: path)?.readData(ofLength: 64) ?? Data()
        if head.first(where: { !(9...13).contains($0) && $0 != 32 }) == UInt8(ascii: "{") {
            guard let ship = try settings(in: path).ship else {
                throw ProbeError(
                    .badInput, "\(UntrustedText(path).word) are settings that send nothing on: they have no ship",
                    remedy: "Give the store that they name, or the address of ClickHouse")
            }
            guard parsed[user] == nil, parsed[password] == nil, parsed[database] == nil else {
                throw UsageError(
                    "--database, --user and --password-file are for an address; the settings have their own")
            }
            return try ClickHouseArchive(ship.engine)
        }
        let locators = GeolocatorChain(try DatabaseOptions.geolocators(in: parsed[places]))
        return KeptArchive(try await PathStore(path, for: .reading), agent: parsed[name]) { address in
            locators.locate(GeoSubject(address: address)).systems.first
        }
    }
}

extension ValueKind where Value == String {
    /// A name in SQL.
    fileprivate static var identifier: Self {
        Self("NAME", expecting: "letters, digits and '_', not a digit first") { text in
            text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,62}/) == nil ? nil : text
        }
    }
}
