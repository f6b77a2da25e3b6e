import TraceCore

extension ScenarioJudge {
    /// What is wrong with an expectation of how large packets may be.
    func mtu(_ report: PathMTUReport, _ words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        let found: [String]
        switch words.first {
        case "is": found = [report.mtu.map { "\($0)" } ?? "none", report.isExact ? "exact" : "open"]
        case "local": found = [report.localMTU.map { "\($0)" } ?? "open"]
        case "limits": found = ["\(report.limits.count)"]
        case "limit":
            let limits = report.limits.map { limit in
                ["\(limit.after)", "\(limit.before)", "\(limit.mtu)", limit.refusedBy.map { "\($0)" } ?? "nobody"]
            }
            return limits.contains(rest) ? nil : "found \(limits)"
        case "doubts": found = ["\(report.doubts.count)"]
        case "doubt":
            let doubts = report.doubts.map { ["\($0.from)", $0.told.map { "\($0)" } ?? "nothing"] }
            return doubts.contains(rest) ? nil : "found \(doubts)"
        case "arrives": found = report.hops.map { $0.mtu.map { "\($0)" } ?? "-" }
        default: throw unknown(words)
        }
        return found == rest ? nil : "found \(found)"
    }
}
