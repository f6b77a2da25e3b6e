import Foundation

/// The table of live speed: our programs and their peers, side by side in simulated internets on the real kernel.
@main enum Main {
    private static let usage = """
        Usage: sudo swift run -c release --package-path Benchmarks live [options]

          --rounds N     run everything so often, and take medians; 5 if not given
          --only CASE    only this case; may be repeated
          --list         the names of the cases
          --no-build     take our programs as they were built before
          --help         this text

        Prints a table. Exits 1 when a target was missed. It needs root and /dev/net/tun.

        """

    static func main() async {
        do {
            exit(try await run(Array(CommandLine.arguments.dropFirst())))
        } catch {
            say("live: \(error)\n")
            exit(2)
        }
    }

    private static func run(_ arguments: [String]) async throws -> Int32 {
        var (rounds, builds) = (5, true)
        var only: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--inside":
                guard let folder = rest.popFirst() else { throw Failure("--inside needs a folder") }
                try InsidePlan.carryOut(in: URL(filePath: folder))
                return 0
            case "--monitor":
                guard let count = rest.popFirst().flatMap({ Int($0) }),
                    let rounds = rest.popFirst().flatMap({ Int($0) })
                else { throw Failure("--monitor needs two numbers") }
                return await MonitorProgram.run(count, rounds: rounds)
            case "--service":
                guard let count = rest.popFirst().flatMap({ Int($0) }), let rate = rest.popFirst().flatMap({ Int($0) }),
                    let seconds = rest.popFirst().flatMap({ Int($0) })
                else { throw Failure("--service needs three numbers") }
                return try await ServiceProgram(count: count, rate: rate, seconds: seconds).run()
            case "--rounds":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else {
                    throw Failure("--rounds needs a number")
                }
                rounds = number
            case "--only":
                guard let id = rest.popFirst(), Case.all.contains(where: { $0.id == id }) else {
                    throw Failure("--only needs one of \(Case.all.map(\.id).joined(separator: ", "))")
                }
                only.append(id)
            case "--list":
                for measured in Case.all { print("\(measured.id): \(measured.name)") }
                return 0
            case "--no-build": builds = false
            case "--help", "-h":
                print(usage, terminator: "")
                return 0
            default: throw Failure("\"\(argument)\" is not an option; --help lists them")
            }
        }
        guard geteuid() == 0 else { throw Failure("simulated internets on the kernel need root: use sudo") }
        let programs = try Programs(builds: builds)
        let laboratory = Laboratory(programs: programs, rounds: rounds)
        let machine = Machine.current()
        let built = "ours: swift build " + Programs.buildOptions.joined(separator: " ")
        show("\(machine)\n\n\(([built] + programs.peerLines).joined(separator: "; "))\n\n\(Row.header)\n")
        var hasMissed = false
        for measured in Case.all where only.isEmpty || only.contains(measured.id) {
            say("measuring: \(measured.name)\n")
            for row in try measured.rows(laboratory) {
                show("\(row.text)\n")
                hasMissed = hasMissed || row.verdict == .missed
            }
        }
        return hasMissed ? 1 : 0
    }

    /// At once, for a row takes its time.
    private static func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    private static func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// The machine that the figures come from.
struct Machine: CustomStringConvertible {
    let description: String

    static func current() -> Machine {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = info.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let day = Date.now.formatted(.iso8601.year().month().day())
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return Machine(
            description:
                "\(day), \(model?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"), \(cores) cores, "
                + "Linux \(kernel.trimmingCharacters(in: .whitespacesAndNewlines)), load "
                + load.split(separator: " ").prefix(1).joined())
    }
}
