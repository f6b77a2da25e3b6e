import TraceCoreCommandLine
import GeoKit
import TraceCore

/// Looks up addresses.
struct LookUpCommand {
    let databases = Option(
        "d", "db", each: .file, help: "Look addresses up in this database. Repeat the option for several databases.")
    let file = Option(
        "f", "file", value: .file,
        help: "Look up the addresses in this file, one on each line. `-` is standard input.")
    let json = Option(
        "json",
        help:
            "Print a line of JSON for each address: `address`, `network` and `record`, which is null if the database has "
            + "no record. With several databases, `results` contains the result of each, in their order.")
    let addresses = Operand("address", each: .host, help: "The addresses to look up.")

    var command: Command {
        Command(
            "geo", summary: "Say where addresses are and whose they are.",
            description: [
                "Looks up addresses in databases in MaxMind's format (mmdb) from any vendor: `geo --db FILE ADDRESS`. "
                    + "Without an address, or with `-f -`, it reads addresses from standard input."
            ],

            options: [OptionGroup("What to look up", [databases, file]), OptionGroup("Output", [json])],
            operands: [addresses],
            subcommands: [
                "geo build": "Make a database from a table.", "geo verify": "Check a database.",
                "geo info": "Describe a database.", "geo dump": "Print the content of a database.",
            ],
            exitCodes: [
                0: "Every address was found in one of the databases.", 1: "An address was not found.",
                2: "A word is not an address, or a database could not be read.",
            ],
            examples: [
                "geo --db city.mmdb 192.0.2.1": "Look up an address.",
                "geo --db city.mmdb --db asn.mmdb --json -f addresses.txt":
                    "Look up a list of addresses in two databases.",
                "geo build places.csv -o places.mmdb": "Make a database.",
            ],
            seeAlso: ["trace(1)"])
    }

    /// Looks up all addresses, and returns the exit code.
    func run(_ arguments: [String]) throws -> Int32 {
        if let error = misspelledCommand(arguments) { command.fail(error) }
        let parsed = command.parseOrExit(arguments)
        guard !parsed[databases].isEmpty else {
            command.fail(UsageError("there is no database to look up addresses in: give one with --db FILE"))
        }
        let opened = try parsed[databases].map { path throws(FileError) in try NamedDatabase(path) }
        let chain = GeolocatorChain(opened.map { MMDBGeolocator($0.database) })
        var (isAllFound, hasFailed) = (true, false)
        func lookUp(_ text: String, at place: String?) {
            guard let address = IPAddress(text) else {
                Output.standard.flush()
                let prefix = place.map { "\($0): " } ?? ""
                Output.error.print("geo: \(prefix)\(UntrustedText(text).debugDescription) is not an IP address")
                hasFailed = true
                return
            }
            do throws(FileError) {
                let results = try opened.map { named throws(FileError) in try self.result(of: address, in: named) }
                if !results.contains(where: { $0.record != nil }) { isAllFound = false }
                Output.standard.print(
                    parsed[json]
                        ? JSONLine(address, results).text
                        : TextLine(address, results, chain.locate(GeoSubject(address: address))).text)
            } catch {
                Output.standard.flush()
                Output.error.print("geo: \(error)")
                hasFailed = true
            }
        }
        for text in parsed[addresses] { lookUp(text, at: nil) }
        if parsed[file] != nil || parsed[addresses].isEmpty {
            let input = Input(parsed[file] ?? "-")
            var line = 0
            try input.eachLine { text throws(InputError) in
                line += 1
                let word = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map(String.init) ?? ""
                guard !word.isEmpty, !word.hasPrefix("#") else { return }
                lookUp(word, at: "\(input.name):\(line)")
                // Addresses may be typed or piped in one by one, so each result is printed at once.
                Output.standard.flush()
            }
        }
        Output.standard.flush()
        return hasFailed ? 2 : isAllFound ? 0 : 1
    }

    /// A first word that is not an address is most likely a misspelled command, unless a database is given.
    private func misspelledCommand(_ arguments: [String]) -> UsageError? {
        let hasDatabase = arguments.contains { $0 == "--db" || $0.hasPrefix("--db=") || $0.hasPrefix("-d") }
        guard let word = arguments.first, !word.hasPrefix("-"), IPAddress(word) == nil, !hasDatabase else {
            return nil
        }
        return UsageError(
            "\(UntrustedText(word).debugDescription) is neither a command nor an IP address", word: word,
            candidates: ["build", "verify", "info", "dump"])
    }

    private func result(of address: IPAddress, in named: NamedDatabase) throws(FileError) -> LookUp {
        do throws(MMDBError) {
            let result = try named.database.lookup(address)
            return LookUp(database: named.path, network: result.network, record: try result.record?.value())
        } catch {
            throw FileError(named.path, error)
        }
    }
}

/// What one database says about an address.
struct LookUp: Encodable {
    let database: String
    let network: IPNetwork
    let record: MMDBValue?

    enum Key: String, CodingKey { case database, address, network, record, results }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(database, forKey: .database)
        try container.encode(network.description, forKey: .network)
        try container.encode(record, forKey: .record)
    }
}

/// The results for an address, for programs.
private struct JSONLine: Encodable {
    let address: IPAddress
    let results: [LookUp]

    init(_ address: IPAddress, _ results: [LookUp]) {
        self.address = address
        self.results = results
    }

    // Infinity and NaN are written as strings, so this should not fail.
    var text: String { (try? JSON.text(self)) ?? #"{"address":"\#(address)","error":"not a number"}"# }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: LookUp.Key.self)
        try container.encode(address.description, forKey: .address)
        guard results.count == 1, let result = results.first else {
            return try container.encode(results, forKey: .results)
        }
        try container.encode(result.network.description, forKey: .network)
        try container.encode(result.record, forKey: .record)
    }
}

/// The results for an address, for people: its places and networks, or else the records.
private struct TextLine {
    let text: String

    init(_ address: IPAddress, _ results: [LookUp], _ findings: GeoFindings) {
        var parts = ["\(address)"]
        if let result = results.first(where: { $0.record != nil }) { parts.append("\(result.network)") }
        for place in findings.places { parts.append(place.shortName) }
        for system in findings.systems { parts.append(system.shortName) }
        if findings == GeoFindings() {
            let records = results.compactMap(\.record).map { (try? JSON.text($0)) ?? "?" }
            parts += records.isEmpty ? ["not found"] : records
        }
        text = parts.joined(separator: "  ")
    }
}
