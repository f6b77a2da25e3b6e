import Foundation
import TraceCore

/// Runs plans beside simulated internets.
struct Laboratory {
    let programs: Programs
    let rounds: Int

    /// What came out of a plan.
    struct Result {
        let runs: [InsideRun]
        /// What the simulator wrote down about each packet, in the order of their sending; empty unless asked for.
        let packets: [SimulatedLink.Record]

        func runs(of name: String) -> [InsideRun] { runs.filter { $0.name == name } }

        /// The packets of one run.
        func packets(of run: InsideRun) -> ArraySlice<SimulatedLink.Record> {
            let start = packets.partitioningIndex { $0.sentNs >= run.startNs }
            let end = packets.partitioningIndex { $0.sentNs > run.endNs }
            return packets[start..<max(start, end)]
        }
    }

    /// Carries a plan out.
    ///
    /// - Parameters:
    ///   - commands: What is run in each round.
    ///   - topology: The internet.
    ///   - isExact: Whether its delays are exact to the microsecond; that halves how much it can carry.
    ///   - isLogged: Whether each packet is written down.
    ///   - files: Files that the commands read; `FOLDER` in a command's words stands for where they are.
    func run(
        _ commands: [InsidePlan.Command], in topology: String, rounds: Int? = nil, warmUps: Int = 1, hogs: Int = 0,
        limit: Double = 120, isExact: Bool = true, isLogged: Bool = false, files: [String: String] = [:]
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        let placed = commands.map { command in
            let words = command.words.map { $0.replacingOccurrences(of: "FOLDER", with: folder.path) }
            return InsidePlan.Command(name: command.name, words: words, repeats: command.repeats)
        }
        let plan = InsidePlan(
            commands: placed, rounds: rounds ?? self.rounds, warmUps: warmUps, hogs: hogs, limit: limit)
        try JSONEncoder().encode(plan).write(to: InsidePlan.file(in: folder))
        let (file, log) = (folder.appending(path: "topology"), folder.appending(path: "log"))
        try Data(topology.utf8).write(to: file)

        let process = Process()
        process.executableURL = URL(filePath: programs.simnet)
        process.arguments =
            [file.path] + (isExact ? ["--exact"] : []) + (isLogged ? ["--log", log.path] : [])
            + ["--", Programs.me, "--inside", folder.path]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("simnet ended with \(process.terminationStatus); what it said stands above")
        }
        let runs = try JSONDecoder().decode(
            [InsideRun].self, from: Data(contentsOf: InsidePlan.results(in: folder)))
        var packets: [SimulatedLink.Record] = []
        if isLogged {
            let text = try String(contentsOf: log, encoding: .utf8)
            packets = text.split(separator: "\n").compactMap { SimulatedLink.Record(csv: $0) }.sorted {
                $0.sentNs < $1.sentNs
            }
        }
        return Result(runs: runs, packets: packets)
    }
}

extension Array {
    /// The first index whose element satisfies what all later ones do and no earlier one does.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
