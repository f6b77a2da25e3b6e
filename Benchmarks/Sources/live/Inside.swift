import Foundation
import ProcessMeter

/// What is run beside the simulated internet: commands, one after the other and round after round, so that whatever
/// disturbs the machine for a while disturbs them all.
struct InsidePlan: Codable {
    /// One program with its arguments.
    struct Command: Codable {
        let name: String
        let words: [String]
        /// How often it is run in a round.
        var repeats = 1
    }

    let commands: [Command]
    let rounds: Int
    /// Rounds before the first that counts.
    let warmUps: Int
    /// How many processors are kept busy meanwhile.
    let hogs: Int
    /// How long a command may take, in seconds.
    let limit: Double
}

/// What one run of a command took.
struct InsideRun: Codable {
    let name: String
    let round: Int
    let status: Int32
    let isOverdue: Bool
    let startNs: Int64
    let endNs: Int64
    let cpuNs: Int64
    let maxRSSBytes: Int64
    let output: String
    let errors: String

    var wallMs: Double { Double(endNs - startNs) / 1e6 }
}

extension InsidePlan {
    /// The files of a folder that plan and runs are handed over in.
    static func file(in folder: URL) -> URL { folder.appending(path: "plan.json") }
    static func results(in folder: URL) -> URL { folder.appending(path: "runs.json") }

    /// Carries the plan of a folder out, and leaves the runs there.
    static func carryOut(in folder: URL) throws {
        let plan = try JSONDecoder().decode(InsidePlan.self, from: Data(contentsOf: file(in: folder)))
        let hogs = (0..<plan.hogs).map { _ in process_meter_start_hog() }
        defer { for hog in hogs { process_meter_end_hog(hog) } }
        var runs: [InsideRun] = []
        for round in -plan.warmUps..<plan.rounds {
            for command in plan.commands {
                for _ in 0..<command.repeats {
                    let run = try plan.measure(command, round, folder)
                    if round >= 0 { runs.append(run) }
                }
            }
        }
        try JSONEncoder().encode(runs).write(to: results(in: folder))
    }

    private func measure(_ command: Command, _ round: Int, _ folder: URL) throws -> InsideRun {
        let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
        var words = command.words.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var meter = process_meter()
        let code = process_meter_run(&words, output.path, errors.path, Int64(limit * 1e9), &meter)
        guard code == 0 else { throw Failure("\(command.name) cannot be started: \(String(cString: strerror(code)))") }
        return InsideRun(
            name: command.name, round: round, status: meter.status, isOverdue: meter.is_overdue != 0,
            startNs: meter.start_ns, endNs: meter.end_ns, cpuNs: meter.cpu_ns, maxRSSBytes: meter.max_rss_bytes,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
}

/// Why the benchmark cannot go on, for people.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
