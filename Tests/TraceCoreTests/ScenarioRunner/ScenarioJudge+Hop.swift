import TraceCore

extension ScenarioJudge {
    /// What is wrong with an expectation of one hop.
    func hop(_ hop: ScenarioOutcome.Hop, _ words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        let responses = hop.replies.map(\.answer)
        switch words[0] {
        case "silent": return hop.replies.isEmpty && hop.sent > 0 ? nil : "found \(Set(responses.map(\.from)))"
        case "unasked": return hop.sent == 0 ? nil : "found \(hop.sent) probes"
        case "sent": return try range(hop.sent, rest)
        case "lost": return try range(hop.lost, rest)
        case "late": return try range(hop.late, rest)
        case "answered": return try range(hop.replies.count, rest)
        case "duplicates": return try range(hop.duplicates, rest)
        case "rtt": return try span(responses.map(\.rtt), rest)
        case "late-rtt": return try span(hop.lateReplies.map(\.rtt), rest)
        case "responders": return try range(Set(responses.map(\.from)).count, rest)
        case "among":
            let found = Set(responses.map { $0.from.description })
            return !found.isEmpty && found.isSubset(of: rest) ? nil : "found \(found.sorted())"
        case "order":
            let found = hop.replies.map { String($0.sequence) }
            return found == rest ? nil : "found \(found)"
        default: break
        }
        // What is left is said of every answer at the hop; several answers give a set.
        let found: Set<String>
        switch words[0] {
        case "from": found = Set(responses.map { $0.from.description })
        case "name": found = Set(responses.map { outcome.names[$0.from]?.description ?? "none" })
        case "kind": found = Set(responses.map { $0.kind.rawValue })
        case "mark": found = Set(responses.map { $0.mark ?? "none" })
        case "labels": found = Set(responses.map { Self.text(of: $0.labels) })
        case "interface": found = Set(responses.map { $0.interface?.name?.description ?? "none" })
        case "interface-index": found = Set(responses.map { Self.text($0.interface?.index) })
        case "interface-address": found = Set(responses.map { Self.text($0.interface?.address) })
        case "interface-mtu": found = Set(responses.map { Self.text($0.interface?.mtu) })
        case "icmp": found = Set(responses.map { $0.icmp.map { "\($0.type)/\($0.code)" } ?? "none" })
        case "class": found = Set(responses.map { Self.text($0.trafficClass) })
        case "size": found = Set(responses.map { Self.text($0.size) })
        case "ttl": found = Set(responses.map { Self.text($0.ttl) })
        case "mtu": found = Set(responses.map { Self.text($0.mtu) })
        case "quote-ttl": found = Set(responses.map { Self.text($0.quote?.ttl) })
        case "quote-class": found = Set(responses.map { Self.text($0.quote?.trafficClass) })
        case "quote-length": found = Set(responses.map { Self.text($0.quote?.length) })
        case "rewritten":
            let fields = Set(responses.flatMap { Self.rewrittenFields(of: $0.quote) })
            found = fields.isEmpty && !responses.isEmpty ? ["none"] : fields
        case "rewritten-source": found = Set(responses.map { Self.text($0.quote?.rewrittenSource) })
        case "rewritten-target": found = Set(responses.map { Self.text($0.quote?.rewrittenTarget) })
        case "rewritten-source-port": found = Set(responses.map { Self.text($0.quote?.rewrittenSourcePort) })
        case "rewritten-target-port": found = Set(responses.map { Self.text($0.quote?.rewrittenTargetPort) })
        default: throw unknown(words)
        }
        return found == Set(rest) && !rest.isEmpty ? nil : "found \(found.sorted())"
    }

    private static func text<T: CustomStringConvertible>(_ value: T?) -> String { value?.description ?? "none" }

    private static func rewrittenFields(of quote: ProbeReply.Quote?) -> [String] {
        guard let quote else { return [] }
        let fields: [(String, Bool)] = [
            ("source", quote.rewrittenSource != nil), ("source-port", quote.rewrittenSourcePort != nil),
            ("target", quote.rewrittenTarget != nil), ("target-port", quote.rewrittenTargetPort != nil),
        ]
        return fields.filter(\.1).map(\.0)
    }

    private static func text(of labels: [MPLSLabel]) -> String {
        labels.isEmpty
            ? "none" : labels.map { "\($0.label)/\($0.exp)/\($0.bottom ? 1 : 0)/\($0.ttl)" }.joined(separator: ",")
    }
}
