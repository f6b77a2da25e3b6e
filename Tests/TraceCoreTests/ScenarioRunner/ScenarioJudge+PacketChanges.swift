import TraceCore

extension ScenarioJudge {
    /// What is wrong with an expectation of what the network did to the packets.
    func rewrites(_ report: PacketChanges, _ words: [String]) throws -> String? {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "count": return try range(report.changes.count, rest)
        case "of":
            let found = report.changes.map { change in
                let unknown = change.unknown.map { "unknown=\($0)" }
                return [
                    change.field.rawValue, Self.text(change.was), Self.text(change.became), "\(change.after)",
                    "\(change.before)",
                ] + unknown + (change.isPartial ? ["partial"] : [])
            }
            // The value of a field that only the prober knows is not told.
            let holds = found.contains { $0.count == rest.count && zip($0, rest).allSatisfy { $0 == $1 || $1 == "?" } }
            return holds ? nil : "found \(found)"
        case "asymmetric":
            let found = report.returnPaths.filter(\.isAsymmetric).map { "\($0.ttl):\($0.length)" }
            return found == rest ? nil : "found \(found)"
        case "back":
            let found = report.returnPaths.map { "\($0.length)" }
            return found == rest ? nil : "found \(found)"
        default: throw unknown(words)
        }
    }

    private static func text(_ value: PacketChanges.Change.Value?) -> String {
        switch value {
        case nil, .asSent: "sent"
        case .number(let number): "\(number)"
        case .address(let address): "\(address)"
        }
    }
}
