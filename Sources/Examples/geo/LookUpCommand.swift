import TraceCoreCommandLine
import GeoKit
import TraceCore

/// Looks addresses up.
struct LookUpCommand {
    let databases = Option(
        "d", "db", each: .file, help: "Look addresses up in this database; may be given several times.")
    let file = Option(
        "f", "file", value: .file,
        help: "Look up the addresses that this file lists, one a line; `-` is standard input.")
    let json = Option(
        "json",
        help: "Print a line of JSON for each address: `address`, `network` and `record`, null where the database has "
            + "nothing. With several databases, `results` has those for each, in their order.")
    let addresses = Operand("address", each: .host, help: "The address to look up; several may follow each other.")

    var command: Command {
        Command(
            "geo", summary: "Say where addresses are, and whose.",
            description: [
                "Looks addresses up in databases of MaxMind's format (mmdb), whoever made them: `geo --db FILE ADDRESS`. "
                    + "Without an address, or with `-f -`, it reads them from standard input.",
                "`geo build` makes such a database, `geo verify` checks one, `geo info` says what it is, and `geo dump` "
                    + "prints all that is in it; each has `--help` of its own.",
            ],
            version: "0.1.0", date: "2026-11-21",
            options: [OptionGroup("What to look up", [databases, file]), OptionGroup("Output", [json])],
            operands: [addresses],
            exitCodes: [
                0: "Each address was found in one of the databases.", 1: "One was not.",
                2: "One is no address, or a database could not be read.",
            ],
            examples: [
                "geo --db city.mmdb 192.0.2.1": "Where an address is.",
                "geo --db city.mmdb --db asn.mmdb --json -f addresses.txt": "All that two databases know of a list.",
                "geo build places.csv -o places.mmdb": "A database of one's own.",
            ],
            seeAlso: ["trace(1)"])
    }

    /// Looks all of them up, and gives the exit code.
    func run(_ arguments: [String]) throws -> Int32 {
        let parsed = command.parseOrExit(arguments)
        guard !parsed[databases].isEmpty else {
            command.fail(UsageError("which database? Give one with --db"))
        }
        let opened = try parsed[databases].map { path throws(FileError) in try NamedDatabase(path) }
        let chain = GeolocatorChain(opened.map { MMDBGeolocator($0.database) })
        var (isAllFound, hasFailed) = (true, false)
        func lookUp(_ text: String, at place: String?) {
            guard let address = IPAddress(text) else {
                Output.standard.flush()
                let prefix = place.map { "\($0): " } ?? ""
                Output.error.print("geo: \(prefix)\(UntrustedText(text).debugDescription) is no IP address")
                hasFailed = true
                return
            }
            do throws(FileError) {
                let results = try opened.map { named throws(FileError) in try self.result(of: address, in: named) }
                if !results.contains(where: { $0.record != nil }) { isAllFound = false }
                Output.standard.print(
                    parsed[json]
                        ? JSONLine(address, results).text
                        : TextLine(address, results, chain.locate(GeoSubject(address))).text)
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
                // Who types addresses, or pipes them in one by one, waits for each.
                Output.standard.flush()
            }
        }
        Output.standard.flush()
        return hasFailed ? 2 : isAllFound ? 0 : 1
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

/// What one database says of an address.
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

/// All that is known of an address, for programs.
private struct JSONLine: Encodable {
    let address: IPAddress
    let results: [LookUp]

    init(_ address: IPAddress, _ results: [LookUp]) {
        self.address = address
        self.results = results
    }

    // Records have nothing that JSON has no form for but numbers that are none.
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

/// All that is known of an address, for people: the place and the system, or else the record as it is.
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
