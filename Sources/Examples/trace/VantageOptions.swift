import TraceCore
import TraceCoreCommandLine
import TraceCoreServer

/// The options that have a run made elsewhere.
struct VantageOptions {
    let from = Option(
        "from", value: ValueKind("NAME", expecting: "the name of a looking glass") { $0.isEmpty ? nil : $0 },
        help:
            "Have the run made by the looking glass of this name, and not by this machine. Its limits hold, and what it "
            + "refuses is said.")
    let file = Option(
        "vantage", value: .file,
        help:
            "The looking glasses that `--from` can name, as lookingglass has them: a JSON array of objects with `name`, "
            + "`url`, and perhaps `token`, `latitude` and `longitude`.")

    var group: OptionGroup { OptionGroup("From elsewhere", [from, file]) }

    /// The looking glass that makes the run, or nil where this machine does.
    func point(in parsed: ParsedArguments) throws -> VantagePoint? {
        guard let name = parsed[from] else {
            if parsed[file] != nil {
                throw UsageError("--vantage lists looking glasses: say with --from which of them")
            }
            return nil
        }
        guard let file = parsed[file] else {
            throw UsageError("--from names a looking glass of a file: give --vantage FILE as well")
        }
        return try VantagePoint.named(name, of: try VantagePoint.list(in: file), in: file)
    }
}

extension VantagePoint {
    /// Where the events of a run come from that is made there; it has begun.
    func source(of request: RunRequest) async throws -> RunSource {
        let run = try await told { try await feed(request) }
        return .elsewhere { body in try await told { try await run.forEachBatch(body) } }
    }

    /// Does what may fail there. The person at this program is told all of why.
    private func told<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let failure as Failure {
            throw ProbeError(.network, failure.explanation)
        } catch is CancellationError {
            throw ProbeError(.cancelled, "The run was given up before it began")
        }
    }
}
