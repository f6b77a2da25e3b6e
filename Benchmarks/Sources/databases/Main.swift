import AllocationCounter
import Foundation
import GeoKit
import MaxMindPeer
import TraceCore

/// The table of reading databases: ours against libmaxminddb in C, on the same file, in the same run.
@main enum Main {
    private static let usage = """
        Usage: swift run -c release --package-path Benchmarks databases [options] [FILE…]

          --fetch        measure on a real database too: PyPI's maxminddb-geolite2 of 2018, 27 MB to download, kept in
                         the temporary folder and never shipped
          --rounds N     measure everything so often, ours and the peer's in turn, and take medians; 7 if not given
          --help         this text

        Prints a table for each database. Exits 1 when a target was missed. The peer is libmaxminddb.so.0; where it is
        not installed, there are figures of ours alone.

        """

    static func main() {
        do {
            exit(try run(Array(CommandLine.arguments.dropFirst())))
        } catch {
            FileHandle.standardError.write(Data("databases: \(error)\n".utf8))
            exit(2)
        }
    }

    private static func run(_ arguments: [String]) throws -> Int32 {
        var (paths, rounds) = ([String](), 7)
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--fetch": paths.append(try RealDatabase.path())
            case "--rounds":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else {
                    throw Failure("--rounds needs a number")
                }
                rounds = number
            case "--help", "-h":
                print(usage, terminator: "")
                return 0
            default:
                guard !argument.hasPrefix("-") else { throw Failure("\"\(argument)\" is no option; --help lists them") }
                paths.append(argument)
            }
        }
        guard !paths.isEmpty else { throw Failure("no database to measure on: name a file, or fetch one with --fetch") }
        var hasMissed = false
        print(maxmind_version().map { "peer: libmaxminddb \(String(cString: $0))" } ?? Table.noPeer)
        for path in paths {
            let table = try Table(path: path, rounds: rounds)
            try table.show()
            hasMissed = hasMissed || table.hasMissed
        }
        return hasMissed ? 1 : 0
    }
}

/// Why something could not be measured.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A city database of the real world, with all its size and sharing.
enum RealDatabase {
    /// Where it is; fetched if it is not there yet.
    static func path() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "maxminddb-geolite2")
        let file = folder.appending(path: "GeoLite2-City.mmdb").path
        if FileManager.default.fileExists(atPath: file) { return file }
        // A source distribution or a wheel, whichever the registry has; unpacked beside, and moved when it is whole.
        let script = """
            set -e
            mkdir -p "$0/new"
            cd "$0/new"
            python3 -m pip download --quiet --no-deps --dest . maxminddb-geolite2
            for package in *.tar.gz; do [ ! -f "$package" ] || tar xzf "$package"; done
            for package in *.whl; do [ ! -f "$package" ] || python3 -m zipfile -e "$package" .; done
            mv "$(find . -name GeoLite2-City.mmdb | head -n 1)" ..
            rm -rf "$0/new"
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, folder.path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("maxminddb-geolite2 cannot be fetched: is there a network, and python3 with pip?")
        }
        return file
    }
}
