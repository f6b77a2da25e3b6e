import TraceCore
import TraceCoreCommandLine
import TraceCoreFleet
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

extension ValueKind where Value == String {
    /// A name in SQL.
    fileprivate static var identifier: Self {
        Self("NAME", expecting: "letters, digits and '_', not a digit first") { text in
            text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,62}/) == nil ? nil : text
        }
    }
}
