import TraceCoreCommandLine
import Glibc
import GeoKit
import TraceCore

/// Checks whole databases.
struct VerifyCommand {
    let files = Operand("file", each: .file, atLeast: 1, help: "The databases to check.")

    var command: Command {
        Command(
            "geo verify", summary: "Check every byte of a database.",
            description: ["Checks the whole search tree and every record, and says what is wrong and where."],
            options: [], operands: [files],
            exitCodes: [0: "All databases are valid.", 2: "One is not, or cannot be read."], seeAlso: ["geo(1)"])
    }

    func run(_ arguments: [String]) {
        let parsed = command.parseOrExit(arguments)
        var isSound = true
        for path in parsed[files] {
            do {
                let named = try NamedDatabase(path)
                do throws(MMDBError) { try named.database.verify() } catch { throw FileError(path, error) }
                Output.standard.print("\(UntrustedText(path).word): sound")
            } catch {
                isSound = false
                Output.standard.flush()
                Output.error.print("geo: \(error)")
            }
        }
        Output.standard.flush()
        if !isSound { exit(2) }
    }
}

/// Describes databases.
struct InfoCommand {
    let files = Operand("file", each: .file, atLeast: 1, help: "The databases.")
    let json = Option("json", help: "Print a line of JSON for each database.")

    var command: Command {
        Command(
            "geo info", summary: "Describe a database and say when it was built.",
            options: [OptionGroup("Output", [json])], operands: [files],
            exitCodes: [0: "Done.", 2: "A database cannot be read."], seeAlso: ["geo(1)"])
    }

    /// The description of a database, for programs.
    private struct Facts: Encodable {
        let file: String
        let databaseType: String
        let description: [String: String]
        let languages: [String]
        /// Missing if there is no such date.
        let built: UTCTime?
        let buildEpoch: UInt64
        let ipVersion: Int
        let nodeCount: Int
        let recordSize: Int
        let formatVersion: String

        init(_ path: String, _ metadata: MMDBDatabase.Metadata) {
            file = path
            databaseType = metadata.databaseType.raw
            description = metadata.description.mapValues(\.raw)
            languages = metadata.languages.map(\.raw)
            built = metadata.knownBuildDate
            buildEpoch = metadata.buildEpoch
            ipVersion = metadata.ipVersion
            nodeCount = metadata.nodeCount
            recordSize = metadata.recordSize
            formatVersion = "\(metadata.majorVersion).\(metadata.minorVersion)"
        }
    }

    func run(_ arguments: [String]) throws {
        let parsed = command.parseOrExit(arguments)
        for path in parsed[files] {
            let metadata = try NamedDatabase(path).database.metadata
            if parsed[json] {
                Output.standard.print(try JSON.text(Facts(path, metadata)))
                continue
            }
            Output.standard.print("\(UntrustedText(path).word): \(metadata.databaseType)")
            for (_, text) in metadata.description.sorted(by: { $0.key < $1.key }) {
                Output.standard.print("  \(text)")
            }
            Output.standard.print(
                "  built \(metadata.knownBuildDate.map { "\($0)" } ?? "\(metadata.buildEpoch) seconds after 1970")")
            Output.standard.print(
                "  IPv\(metadata.ipVersion), \(metadata.nodeCount) nodes of \(metadata.recordSize)-bit records")
            if !metadata.languages.isEmpty {
                let languages = metadata.languages.map(\.description)
                Output.standard.print("  languages \(languages.joined(separator: ", "))")
            }
        }
    }
}

extension MMDBDatabase.Metadata {
    /// When the database was built; nil if that is too late for a date. The file may have any number.
    fileprivate var knownBuildDate: UTCTime? {
        UInt64(exactly: buildDate.microsecondsSince1970 / 1_000_000) == buildEpoch ? buildDate : nil
    }
}

/// Prints the content of a database.
struct DumpCommand {
    let file = Operand("file", value: .file, help: "The database.")
    let within = Option(
        "within", value: .networkOrAddress, placeholder: "NETWORK", help: "Print only the networks inside this one.")

    var command: Command {
        Command(
            "geo dump", summary: "Print the content of a database, a line of JSON for each network.",
            description: ["`geo build` can read the output."],
            options: [OptionGroup("What to print", [within])], operands: [file],
            exitCodes: [0: "Done.", 2: "The database cannot be read, or is broken."], seeAlso: ["geo(1)"])
    }

    private struct Line: Encodable {
        let network: String
        let record: MMDBValue
    }

    func run(_ arguments: [String]) throws {
        let parsed = command.parseOrExit(arguments)
        let named = try NamedDatabase(parsed[file])
        do {
            var networks = named.database.networks(within: parsed[within])
            while let result = try networks.next() {
                guard let record = try result.record?.value() else { continue }
                Output.standard.print(try JSON.text(Line(network: "\(result.network)", record: record)))
            }
        } catch let error as MMDBError {
            throw FileError(named.path, error)
        }
    }
}

extension ValueKind where Value == IPNetwork {
    /// A network; an address is a network of one.
    static var networkOrAddress: Self {
        Self("NETWORK", expecting: "a network such as 192.0.2.0/24") { text in
            IPNetwork(text) ?? IPAddress(text).map { IPNetwork($0) }
        }
    }
}
