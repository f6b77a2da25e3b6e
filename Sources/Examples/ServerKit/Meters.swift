internal import TraceCore
internal import TraceCoreHTTP

/// What is counted, for `/metrics`.
final class Meters: Sendable {
    private struct Counts {
        /// Runs that have begun and are not over.
        var active = 0
        /// The most that went on at once since none did.
        var crowd = 0
        /// Requests by status.
        var requests: [Int: Int] = [:]
        var bytes = 0
        /// Runs by verb and end.
        var runs: [Pair: Int] = [:]
        var refusals: [String: Int] = [:]
        var probes: [String: Int] = [:]
        var durations = Metrics.Histogram(bounds: [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120])
    }

    struct Pair: Hashable, Comparable {
        let verb: String
        let end: String

        static func < (left: Pair, right: Pair) -> Bool { (left.verb, left.end) < (right.verb, right.end) }
    }

    private let counts = Lock(Counts())

    func note(_ record: HTTPServer.Record) {
        counts.withLock { counts in
            counts.requests[record.status.code, default: 0] += 1
            counts.bytes += record.bytes
        }
    }

    /// - Returns: Whether that was the last of a crowd of runs.
    func note(_ event: ServiceEvent) -> Bool {
        counts.withLock { counts in
            switch event {
            case .began:
                counts.active += 1
                counts.crowd = max(counts.crowd, counts.active)
            case .refused(_, _, let error): counts.refusals[error.kind.rawValue, default: 0] += 1
            case .ended(let run, let tally):
                counts.active -= 1
                let end = tally.end?.reason.rawValue ?? "failed"
                counts.runs[Pair(verb: run.request.work.verb.rawValue, end: end), default: 0] += 1
                counts.durations.count(tally.duration / .seconds(1))
                for (fate, count) in [
                    ("sent", tally.sent), ("answered", tally.answered), ("lost", tally.lost), ("late", tally.late),
                    ("duplicate", tally.duplicates), ("not_sent", tally.notSent), ("stray", tally.strays),
                    ("dropped", tally.dropped),
                ] { counts.probes[fate, default: 0] += count }
                guard counts.active == 0 else { break }
                defer { counts.crowd = 0 }
                return counts.crowd >= 200
            }
            return false
        }
    }

    private static func sample(_ labels: [Metrics.Label], _ value: Int) -> (labels: [Metrics.Label], value: Double) {
        (labels, Double(value))
    }

    /// Answers with all that is counted, in the format of Prometheus that is asked for.
    func answer(_ call: HTTPCall, connections: Int, _ more: (inout Metrics) -> Void) -> HTTPAnswer {
        let format = Metrics.Format(for: call.request.fields)
        let counts = counts.withLock { $0 }
        var metrics = Metrics(format)
        metrics.add(
            .counter,
            "tracecore_http_requests_total", "Requests that were answered.",
            counts.requests.sorted { $0.key < $1.key }.map { Self.sample([("status", "\($0.key)")], $0.value) })
        metrics.add(
            .counter, "tracecore_http_response_bytes_total", "Bytes of bodies that were sent.", Double(counts.bytes))
        metrics.add(
            .gauge, "tracecore_http_connections", "Connections that there are.", Double(connections))
        metrics.add(
            .gauge, "tracecore_runs_active", "Runs that are going on.", Double(counts.active))
        metrics.add(
            .counter,
            "tracecore_runs_total", "Runs that are over.",
            counts.runs.sorted { $0.key < $1.key }.map {
                Self.sample([("verb", $0.key.verb), ("end", $0.key.end)], $0.value)
            })
        metrics.add("tracecore_run_duration_seconds", "How long runs took.", [([], counts.durations)])
        metrics.add(
            .counter,
            "tracecore_runs_refused_total", "Requests for runs that were refused.",
            counts.refusals.sorted { $0.key < $1.key }.map { Self.sample([("kind", $0.key)], $0.value) })
        metrics.add(
            .counter,
            "tracecore_probes_total", "What became of the probes of runs that are over.",
            counts.probes.sorted { $0.key < $1.key }.map { Self.sample([("fate", $0.key)], $0.value) })
        more(&metrics)
        return HTTPAnswer(.ok, HTTPFields(["Content-Type": format.rawValue]), body: .bytes(metrics.bytes))
    }
}

extension AccessLog {
    /// The line for what happened to a run.
    func line(for event: ServiceEvent) -> [UInt8] {
        switch self {
        case .combined: return Array("# \(UTCTime.now.secondText)Z \(event)\n".utf8)
        case .json:
            let entry = JSON.Value.object([
                .init("time", .string("\(UTCTime.now)")), .init("run", .string("\(event)")),
            ])
            return ((try? JSON.encode(entry)) ?? []) + [0x0A]
        }
    }
}
