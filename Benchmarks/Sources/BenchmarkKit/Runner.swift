import Foundation

/// Runs the cases that the command line asks for and says how the program is to exit.
public struct Runner {
    private let benchmarks: [Benchmark]
    private let thresholdsPath: String

    /// A run of these cases against the thresholds in the file at the path.
    public init(_ benchmarks: [Benchmark], thresholdsPath: String) {
        self.benchmarks = benchmarks
        self.thresholdsPath = thresholdsPath
    }

    /// 0 when every threshold was kept, 1 when one was passed by half, 2 when nothing could be said.
    public func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try Options(parsing: arguments)
            if options.help {
                print(Options.usage)
                return 0
            }
            return try await run(options)
        } catch let error as Options.UsageError {
            return complain("\(error)\n\n\(Options.usage)")
        } catch {
            return complain("\(error)")
        }
    }

    private func run(_ options: Options) async throws -> Int32 {
        #if DEBUG
            return complain("built without optimisation, so no figure would mean anything: add “-c release”")
        #else
            if let problem = SelfCheck.problem() { return complain("the self-check failed: \(problem)") }
            let thresholds = try Thresholds(parsing: String(contentsOfFile: thresholdsPath, encoding: .utf8))
            if let mismatch = thresholds.mismatch(with: benchmarks.map(\.name)) { return complain(mismatch) }
            let chosen = benchmarks.filter { options.filter.map($0.name.contains) ?? true }
            guard !chosen.isEmpty else {
                return complain("no case has “\(options.filter ?? "")” in its name")
            }
            return try await run(chosen, thresholds, options)
        #endif
    }

    private func run(_ chosen: [Benchmark], _ thresholds: Thresholds, _ options: Options) async throws
        -> Int32
    {
        let environment = Environment.current()
        let table = Table(names: chosen.map(\.name))
        if !options.json {
            print("\(environment.cpu), \(environment.cores) cores; load \(environment.load)")
            print("\(environment.swift)\n\n\(table.header)")
        }
        var outcomes: [Outcome] = []
        for benchmark in chosen {
            guard let threshold = thresholds[benchmark.name] else { continue }
            let measurement = try await benchmark.measure(options.quick ? .quick : .full)
            let outcome = Outcome(name: benchmark.name, measurement: measurement, threshold: threshold)
            outcomes.append(outcome)
            if !options.json { print(table.line(outcome)) }
        }
        if options.json { print(try JSONReport(environment: environment, cases: outcomes).text()) }

        let failed = outcomes.filter { $0.verdict == .failed }.map(\.name)
        guard !failed.isEmpty else { return 0 }
        report("more than one and a half times the threshold: \(failed.joined(separator: ", "))")
        return 1
    }

    private func complain(_ message: String) -> Int32 {
        report(message)
        return 2
    }

    private func report(_ message: String) {
        FileHandle.standardError.write(Data("benchmarks: \(message)\n".utf8))
    }
}
