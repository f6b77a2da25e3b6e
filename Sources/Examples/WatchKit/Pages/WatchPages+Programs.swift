internal import TraceCore
package import TraceCoreHTTP
internal import TraceCorePathStore
internal import TraceCoreServer

extension WatchPages {
    var targetsJSON: JSON.Value {
        .array(
            daemon.watches.map { watch in
                let last = watch.lastRound
                let end = last?.answers.last { $0.isTarget }
                return .object([
                    .init("name", .string(watch.target.name)), .init("host", .string(watch.target.host)),
                    .init("address", watch.address.map { .string("\($0)") } ?? .null),
                    .init(
                        "labels",
                        .object(watch.target.labels.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
                    ),
                    .init("lastRound", last.map { .string("\($0.at)") } ?? .null),
                    .init("rttMs", end.map { .double($0.roundTrip.inMilliseconds) } ?? .null),
                    .init("silentRounds", .integer(Int64(watch.silentRounds))),
                    .init("failure", watch.failure.map { .string($0) } ?? .null),
                ])
            })
    }

    func export(_ watch: Watch, _ name: String, _ view: View) async throws -> HTTPAnswer {
        let (from, to) = view.span(now: .now)
        let fields = { (type: String) in HTTPFields(["Content-Type": type, "Cache-Control": "no-store"]) }
        switch name {
        case "history.json":
            return HTTPAnswer(json: try await report(of: watch, from, to))
        case "history.txt":
            let report = try await report(of: watch, from, to)
            // Which round trip was the last is not kept.
            guard let fields = MTRReport.Fields("LS ABWV") else { break }
            let lines = MTRReport(report, fields: fields).textLines(isWide: true)
            return HTTPAnswer(.ok, text: lines.joined(separator: "\n"))
        case "history.csv", "history.ndjson":
            let isCSV = name.hasSuffix("csv")
            let rounds = daemon.store.rounds(of: watch.id, from: from, to: to)
            return HTTPAnswer(
                .ok, fields(isCSV ? "text/csv; charset=utf-8" : "application/x-ndjson"),
                body: .stream { writer in
                    if isCSV { try await writer.write(Array((RoundLines.csvHead + "\n").utf8)) }
                    for try await hour in rounds {
                        let lines = hour.flatMap { isCSV ? RoundLines.csv($0) : [RoundLines.json($0)] }
                        if !lines.isEmpty { try await writer.write(Array((lines.joined(separator: "\n") + "\n").utf8)) }
                    }
                })
        default: break
        }
        return HTTPAnswer(.notFound, text: "There is history.csv, history.json, history.ndjson and history.txt.")
    }

    /// Adds what is known of the paths.
    package func addMetrics(to metrics: inout Metrics) {
        let watches = daemon.watches
        func labels(_ watch: Watch) -> [Metrics.Label] {
            [("target", watch.target.name), ("host", watch.target.host), ("ip", watch.address.map { "\($0)" } ?? "")]
        }
        metrics.add(
            .gauge, "tracecore_path_up", "Whether the target answered the last round.",
            watches.map { (labels($0), $0.lastRound != nil && $0.silentRounds == 0 && $0.failure == nil ? 1 : 0) })
        metrics.add(
            .gauge, "tracecore_path_silent_rounds", "Rounds without an answer of the target, up to now.",
            watches.map { (labels($0), Double($0.silentRounds)) })
        metrics.add(
            .counter, "smokeping_requests_total", "Rounds that were sent.",
            watches.map { (labels($0), Double($0.totals.requests)) })
        metrics.add(
            "smokeping_response_duration_seconds", "Round trips of the target.",
            watches.map { (labels($0), $0.totals.roundTrips) })
        // A thousand paths have fifteen thousand hops; a bound keeps a scrape small.
        var hops: [(labels: [Metrics.Label], value: Double)] = []
        for watch in watches {
            for answer in watch.lastRound?.answers ?? [] where hops.count < 5_000 {
                guard let address = answer.address else { continue }
                hops.append(
                    (
                        [("target", watch.target.name), ("hop", "\(answer.ttl)"), ("address", "\(address)")],
                        answer.roundTrip / .seconds(1)
                    ))
            }
        }
        metrics.add(
            .gauge, "tracecore_hop_round_trip_seconds", "The last round trip of each hop.", hops)
        metrics.add(.gauge, "tracecore_alerts_firing", "Alerts that are going on.", Double(daemon.alerts.count))
        let trouble = daemon.trouble
        metrics.add(
            .gauge, "tracecore_store_failing", "Whether the store takes nothing.", trouble.error == nil ? 0 : 1)
        metrics.add(
            .counter, "tracecore_store_lost_rounds_total", "Rounds that were lost because the store took nothing.",
            Double(trouble.lost))
    }
}

/// Rounds as lines, for spreadsheets and programs.
enum RoundLines {
    /// The names of the columns.
    static let csvHead = "time,flow,hop,address,rtt_ms,is_target"

    /// A line for each hop of a round.
    static func csv(_ round: Round) -> [String] {
        round.answers.map { answer in
            let time = answer.address == nil ? "" : answer.roundTrip.millisecondsText(decimals: 3)
            return
                "\(round.at),\(round.flow),\(answer.ttl),\(answer.address.map { "\($0)" } ?? ""),\(time),\(answer.isTarget ? 1 : 0)"
        }
    }

    /// An object for a round.
    static func json(_ round: Round) -> String {
        let hops = round.answers.map { answer -> JSON.Value in
            var members: [JSON.Value.Member] = [.init("ttl", .integer(Int64(answer.ttl)))]
            if let address = answer.address {
                members.append(.init("address", .string("\(address)")))
                members.append(.init("rttMs", .double(answer.roundTrip.inMilliseconds)))
                if answer.isTarget { members.append(.init("isTarget", .bool(true))) }
            }
            return .object(members)
        }
        let value = JSON.Value.object([
            .init("time", .string("\(round.at)")), .init("flow", .integer(Int64(round.flow))),
            .init("hops", .array(hops)),
        ])
        return (try? JSON.text(value)) ?? ""
    }
}
