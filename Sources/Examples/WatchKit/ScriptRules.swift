package import TraceCore

/// The three rules of the older monitoring script: a hop is slow, a hop takes another time than before, the number of hops
/// is another.
package struct ScriptRules: Sendable, Hashable {
    /// How long a hop may take.
    package var longest: Duration
    /// By how much the time to an address may differ from the last run's.
    package var difference: Duration

    /// The rules with their limits.
    package init(longest: Duration, difference: Duration) { (self.longest, self.difference) = (longest, difference) }

    /// What the rules found.
    package struct Findings: Sendable, Hashable {
        /// Sentences for people.
        package var sentences: [String] = []
        /// What the script's receivers find as `event_source` in its report.
        package var events: JSON.Value
    }

    /// What is wrong with a path, or nil where nothing is.
    ///
    /// - Parameter earlier: The last run for the same host, where there was one.
    package func findings(in report: ScriptReport, after earlier: ScriptReport?) -> Findings? {
        var sentences: [String] = []
        var events: [JSON.Value.Member] = []
        let hops = report.hops.sorted { $0.key < $1.key }

        let slow = hops.filter { $0.value.contains { $0.rtt > longest } }
        if !slow.isEmpty {
            for (hop, answers) in slow {
                for answer in answers where answer.rtt > longest {
                    sentences.append(
                        "hop \(hop), \(answer.hostname), took \(answer.rtt.shown) ms, and \(longest.shown) ms are allowed"
                    )
                }
            }
            events.append(.init("max_threshold_exceeded", .array(slow.map { .array($0.value.map(\.json)) })))
        }
        if let earlier, earlier.hopCount != report.hopCount {
            let sentence = "the number of hops changed from \(earlier.hopCount) to \(report.hopCount)"
            sentences.append(sentence)
            events.append(.init("hop_count_change", .string(sentence)))
        }
        let pairs = earlier.map { differing(hops.flatMap(\.value), from: $0) } ?? []
        if !pairs.isEmpty {
            sentences += pairs.map { "\($1.hostname) took \($1.rtt.shown) ms after \($0.rtt.shown) ms before" }
            events.append(
                .init(
                    "hop_time_diff",
                    .array(pairs.map { .object([.init("oldHop", $0.json), .init("newHop", $1.json)]) })))
        }
        return sentences.isEmpty ? nil : Findings(sentences: sentences, events: .object(events))
    }

    private func differing(
        _ answers: [ScriptReport.Answer], from earlier: ScriptReport
    ) -> [(old: ScriptReport.Answer, new: ScriptReport.Answer)] {
        var known: [IPAddress: ScriptReport.Answer] = [:]
        for hop in earlier.hops.sorted(by: { $0.key < $1.key }) {
            for answer in hop.value where known[answer.address] == nil { known[answer.address] = answer }
        }
        var seen: Set<IPAddress> = []
        return answers.compactMap { new in
            guard seen.insert(new.address).inserted, let old = known[new.address] else { return nil }
            return max(new.rtt - old.rtt, old.rtt - new.rtt) > difference ? (old, new) : nil
        }
    }
}

extension ScriptReport {
    /// The report with what the rules found, as the script sends it.
    package func json(with findings: ScriptRules.Findings) -> JSON.Value {
        guard case .object(let members) = json else { return json }
        return .object(members + [.init("event_source", findings.events)])
    }
}

extension Duration {
    fileprivate var shown: String { millisecondsText() }
}
