import TraceCoreCommandLine
import GeoKit
import TraceCore

/// Makes a database of networks that are listed in a file.
struct BuildCommand {
    let input = Operand(
        "input", value: .file,
        help: "A table (.csv) with a column `network`, or `start_ip` and `end_ip`, whose other columns become keys; or "
            + "lines of JSON (.jsonl) with `network` and `record`.")
    let output = Option(
        "o", "output", value: .file, help: "The database to write; what stood there stays until it is whole.")
    let type = Option(
        "type", value: .text, default: "TraceCore",
        help: "What the database is about, by which programs know its records.")
    let description = Option("description", value: .text, help: "The database in a sentence.")
    let format = Option(
        "format", value: .words(["csv", "jsonl"]), help: "What the input is, where its name does not say.")
    let recordSize = Option(
        "record-size", value: .words(["24", "28", "32"]), help: "The bits of a record of the tree: the fewest that do.")
    let only4 = Option("4", "ipv4", help: "Write a database of IPv4 alone.")
    let withoutAliases = Option(
        "no-aliases",
        help: "Do not answer for IPv4 networks under their other IPv6 names (::ffff:0:0/96, 6to4, Teredo), and let "
            + "networks be put there.")
    let conflict = Option(
        "conflict", value: .choice(MMDBWriter.Conflict.self), default: .replace,
        help: "What a network does to an earlier one that it overlaps.")

    var command: Command {
        Command(
            "geo build", summary: "Make a database of the networks that a file lists.",
            description: [
                "Dots in the names of columns make maps in maps (`country.iso_code`), and a type can stand behind a name "
                    + "(`asn:uint32`). Cells that are empty are left out."
            ],
            version: "0.1.0", date: "2026-11-21",
            options: [
                OptionGroup("The database", [output, type, description, recordSize, only4, withoutAliases]),
                OptionGroup("The input", [format, conflict]),
            ],
            operands: [input],
            exitCodes: [0: "The database is written.", 2: "It is not, and what stood there still does."],
            examples: [
                "geo build places.csv -o places.mmdb": "A database of a table.",
                "geo dump old.mmdb | geo build --format jsonl - -o new.mmdb": "A copy.",
            ],
            seeAlso: ["geo(1)"])
    }

    func run(_ arguments: [String]) throws {
        let command = command
        let parsed = command.parseOrExit(arguments)
        guard let path = parsed[output] else { command.fail(UsageError("where to? Give the database with -o")) }
        let source = Input(parsed[input], limit: 4 << 30)
        let isCSV: Bool
        switch parsed[format] {
        case "csv": isCSV = true
        case "jsonl": isCSV = false
        default:
            let name = parsed[input].lowercased()
            isCSV = name.hasSuffix(".csv")
            guard isCSV || name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") || name.hasSuffix(".json") else {
                command.fail(UsageError("is \(UntrustedText(parsed[input]).word) csv or jsonl? Say so with --format"))
            }
        }
        var options = MMDBWriter.Options(
            databaseType: parsed[type], description: parsed[description].map { ["en": $0] } ?? [:], languages: ["en"])
        options.ipv4Aliases = !parsed[withoutAliases]
        options.ipVersion = parsed[only4] ? .v4 : .v6
        options.recordSize = parsed[recordSize].flatMap { Int($0) }.flatMap { MMDBWriter.RecordSize(rawValue: $0) }
        var writer = MMDBWriter(options)
        let bytes = try source.bytes()
        let count =
            isCSV
            ? try writer.insert(
                contentsOf: try MMDBCSVReader(bytes, name: source.name), conflict: parsed[conflict])
            : try writer.insert(contentsOf: MMDBJSONLReader(bytes, name: source.name), conflict: parsed[conflict])
        do throws(MMDBError) {
            try writer.write(to: path)
        } catch {
            throw FileError(error)
        }
        Output.error.print(
            "geo: \(count.grouped) \(count == 1 ? "network" : "networks") written to \(UntrustedText(path).word)")
    }
}
