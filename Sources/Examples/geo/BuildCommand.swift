import TraceCoreCommandLine
import GeoKit
import TraceCore

/// Makes a database of the networks in a file.
struct BuildCommand {
    let input = Operand(
        "input", value: .file,
        help:
            "A table (.csv) with a column `network`, or two columns `start_ip` and `end_ip`; the other columns become keys. Or "
            + "lines of JSON (.jsonl) with `network` and `record`.")
    let output = Option(
        "o", "output", value: .file,
        help: "The database to write. An existing file is replaced when the new one is complete.")
    let type = Option(
        "type", value: .text, default: "TraceCore",
        help: "The type of the database, which tells programs what its records contain.")
    let description = Option("description", value: .text, help: "A description of the database.")
    let format = Option(
        "format", value: .choice(MMDBWriter.ImportFormat.self),
        help: "The format of the input, if its name does not say.")
    let recordSize = Option(
        "record-size", value: .words(["24", "28", "32"]),
        help: "The size of the records of the tree, in bits. By default, the smallest that fits.")
    let only4 = Option("4", "ipv4", help: "Write a database with IPv4 addresses only.")
    let withoutAliases = Option(
        "no-aliases",
        help:
            "Do not find IPv4 networks by IPv6 addresses that contain them (::ffff:0:0/96, 6to4, Teredo). The input may "
            + "have networks there.")
    let conflict = Option(
        "conflict", value: .choice(MMDBWriter.Conflict.self), default: .replace,
        help: "What happens where a network overlaps an earlier one.")

    var command: Command {
        Command(
            "geo build", summary: "Make a database of the networks in a file.",
            description: [
                "Dots in the names of columns make nested maps (`country.iso_code`). A name can end with a type "
                    + "(`asn:uint32`). Empty cells are left out."
            ],

            options: [
                OptionGroup("The database", [output, type, description, recordSize, only4, withoutAliases]),
                OptionGroup("The input", [format, conflict]),
            ],
            operands: [input],
            exitCodes: [0: "The database was written.", 2: "It was not, and an existing file is unchanged."],
            examples: [
                "geo build places.csv -o places.mmdb": "Make a database from a table.",
                "geo dump old.mmdb | geo build --format jsonl - -o new.mmdb": "Copy a database.",
            ],
            seeAlso: ["geo(1)"])
    }

    func run(_ arguments: [String]) throws {
        let command = command
        let parsed = command.parseOrExit(arguments)
        guard let path = parsed[output] else {
            command.fail(UsageError("there is no database to write to: give one with -o FILE"))
        }
        let source = Input(parsed[input], limit: 4 << 30)
        guard let format = parsed[format] ?? Self.format(of: parsed[input]) else {
            command.fail(
                UsageError("\(UntrustedText(parsed[input]).word) may be csv or jsonl: say which with --format"))
        }
        var options = MMDBWriter.Options(
            databaseType: parsed[type], description: parsed[description].map { ["en": $0] } ?? [:], languages: ["en"])
        options.ipv4Aliases = !parsed[withoutAliases]
        options.ipVersion = parsed[only4] ? .v4 : .v6
        options.recordSize = parsed[recordSize].flatMap { Int($0) }.flatMap { MMDBWriter.RecordSize(rawValue: $0) }
        var writer = MMDBWriter(options)
        let count = try writer.insert(
            contentsOf: try source.bytes(), as: format, named: source.name, conflict: parsed[conflict])
        do throws(MMDBError) {
            try writer.write(to: path)
        } catch {
            throw FileError(writing: error)
        }
        Output.error.print(
            "geo: \(count.grouped) \(count == 1 ? "network" : "networks") written to \(UntrustedText(path).word)")
    }

    /// The format that the name of a file says.
    private static func format(of path: String) -> MMDBWriter.ImportFormat? {
        let name = path.lowercased()
        if name.hasSuffix(".csv") { return .csv }
        return [".jsonl", ".ndjson", ".json"].contains { name.hasSuffix($0) } ? .jsonl : nil
    }
}
