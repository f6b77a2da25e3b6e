import TraceCore

/// Holds a run's outcome against the expectations of its scenario; words that it does not know are mistakes.
struct ScenarioJudge {
    let outcome: ScenarioOutcome
    let place: String

    /// What is wrong, or nil if the expectation holds.
    func verdict(on words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        switch words[0] {
        case "end": return end(rest)
        case "sent": return try range(outcome.sent, rest)
        case "lost": return try range(outcome.lost, rest)
        case "late": return try range(outcome.late, rest)
        case "duplicates": return try range(outcome.duplicates, rest)
        case "answered": return try range(outcome.answered, rest)
        case "failed": return try range(outcome.failed, rest)
        case "outstanding": return try range(outcome.outstanding, rest)
        case "ways": return try ways(rest)
        case "duration": return try span([outcome.events.last?.at ?? .zero], rest)
        case "hops": return try range(try need(outcome.trace?.hops.count ?? outcome.path?.hops.count), rest)
        case "hop":
            guard let ttl = rest.first.flatMap({ Int($0) }), rest.count >= 2 else { throw unknown(words) }
            return try hop(outcome.hops[ttl] ?? .init(), Array(rest.dropFirst()))
        case "mtu": return try mtu(try need(outcome.mtu), rest)
        case "rewrites": return try rewrites(PacketChanges(of: try need(outcome.trace)), rest)
        case "ping": return try ping(try need(outcome.ping), rest)
        case "path": return try path(try need(outcome.path), rest)
        case "sweep": return try sweep(try need(outcome.sweep), rest)
        default: throw unknown(words)
        }
    }

    private func ways(_ words: [String]) throws -> String? {
        let found = outcome.ways
        guard words.first == "among" else { return try range(found.count, words) }
        return !found.isEmpty && found.isSubset(of: words.dropFirst()) ? nil : "found \(found.sorted())"
    }

    private func end(_ words: [String]) -> String? {
        var found = [outcome.end?.reason.rawValue ?? "none"]
        if words.count > 1 { found.append(outcome.end?.kind?.rawValue ?? "none") }
        if words.count > 2 { found.append(outcome.end?.from?.description ?? "none") }
        return found == words ? nil : "found \(found)"
    }

    private func ping(_ report: PingReport, _ words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "received": return try range(report.received, rest)
        case "unreachable": return try range(report.unreachable, rest)
        case "loss": return "\(report.lossPercent ?? -1)" == rest.first ? nil : "found \(report.lossPercent ?? -1)"
        case "replies": return try range(report.replies.count, rest)
        case "rtt": return try span([report.rtt?.min, report.rtt?.max].compactMap { $0 }, rest)
        case "jitter": return try span([report.rtt?.jitter].compactMap { $0 }, rest)
        case "sequences":
            let found = report.replies.map { String($0.sequence) }
            return found == rest ? nil : "found \(found)"
        default: throw unknown(words)
        }
    }

    private func path(_ report: MonitorReport, _ words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "rounds": return try range(report.rounds, rest)
        case "changes": return try range(report.changes.count, rest)
        case "change":
            let found = report.changes.map { ["\($0.ttl)", "\($0.before)", "\($0.after)", "\($0.round)"] }
            return found.contains(rest) ? nil : "found \(found)"
        case "hop":
            guard rest.count >= 2, let hop = report.hops.first(where: { "\($0.ttl)" == rest[0] }) else {
                return "no such hop"
            }
            if rest[1] == "addresses" {
                let found = hop.addresses.map { "\($0.address)" }
                return Set(found) == Set(rest.dropFirst(2)) ? nil : "found \(found)"
            }
            guard rest[1] == "loss" else { throw unknown(words) }
            let bounds = try bounds(rest.dropFirst(2).first) { Double($0) }
            return bounds.contains(hop.lossPercent ?? -1) ? nil : "found \(hop.lossPercent ?? -1)"
        default: throw unknown(words)
        }
    }

    private func sweep(_ report: SweepReport, _ words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "alive": return try range(report.alive, rest)
        case "results": return try range(report.results.count, rest)
        case "is":
            guard rest.count == 2 else { throw unknown(words) }
            let result = report.results.first { "\($0.target)" == rest[0] }
            let found = result?.isAlive ?? false ? "alive" : result?.answer?.kind.rawValue ?? "silent"
            return found == rest[1] && result != nil ? nil : "found \(found)"
        case "tries":
            guard rest.count == 2 else { throw unknown(words) }
            return try range(try need(report.results.first { "\($0.target)" == rest[0] }?.sent), [rest[1]])
        default: throw unknown(words)
        }
    }

    // MARK: Numbers

    func range(_ found: Int, _ words: [String]) throws -> String? {
        let bounds = try bounds(words.first) { Int($0) }
        return bounds.contains(found) && words.count == 1 ? nil : "found \(found)"
    }

    func span(_ found: [Duration], _ words: [String]) throws -> String? {
        let bounds = try bounds(words.first) { try ScenarioSettings.duration(String($0), place) }
        let isInside = !found.isEmpty && words.count == 1 && found.allSatisfy { bounds.contains($0) }
        return isInside ? nil : "found \(found)"
    }

    private func bounds<T: Comparable>(
        _ text: String?, _ read: (Substring) throws -> T?
    ) throws -> ClosedRange<T> {
        let parts = (text ?? "").replacing("..", with: " ").split(separator: " ")
        guard let low = try parts.first.flatMap(read), let high = try parts.last.flatMap(read), parts.count <= 2,
            low <= high
        else { throw Scenario.Mistake(description: "\(place): not a range: \(text ?? "nothing")") }
        return low...high
    }

    func need<T>(_ value: T?) throws -> T {
        guard let value else { throw Scenario.Mistake(description: "\(place): this run has no such thing") }
        return value
    }

    func unknown(_ words: [String]) -> Scenario.Mistake {
        Scenario.Mistake(description: "\(place): no such expectation: \(words.joined(separator: " "))")
    }
}
