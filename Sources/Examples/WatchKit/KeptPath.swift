package import TraceCore
internal import TraceCorePathStore

/// A target of a store that is read beside the daemon.
package struct KeptPath: Sendable {
    private let store: PathStore
    private let target: StoredTarget

    /// The target with a name.
    ///
    /// - Throws: That there is none, with those that there are.
    package init(_ name: String, in file: String) async throws {
        let store = try await PathStore(file, for: .reading)
        let (found, all) = try await store.read { (reader) throws(StoreError) in
            (try reader.target(named: name), try reader.targets().map(\.name))
        }
        guard let found else {
            let names = all.prefix(20).map { UntrustedText($0).word }.joined(separator: ", ")
            throw ProbeError(
                .badInput, "\(UntrustedText(file).word) has no target of the name \(UntrustedText(name).word)",
                remedy: all.isEmpty ? "It has none" : "There is \(names)\(all.count > 20 ? " and others" : "")")
        }
        (self.store, target) = (store, found)
    }

    /// What was kept of a span of time.
    package func history(from: UTCTime, to: UTCTime, slots: Int) async throws -> MonitorReport.Kept {
        let history = try await store.read { [id = target.id] (reader) throws(StoreError) in
            try reader.history(of: id, from: from, to: to, slots: slots)
        }
        let request = try? RunRequest(json: target.settings)
        let host = request?.targets.first ?? target.name
        return MonitorReport.Kept(history, of: host, request, from: from)
    }

    /// How rounds are written down.
    package enum Format: Sendable {
        /// A line for each hop, an object for each round in a list, or one on each line.
        case csv, json, ndjson
    }

    /// Hands over each round of a span of time, as lines.
    package func lines(
        from: UTCTime, to: UTCTime, as format: Format, _ print: (String) throws -> Void
    ) async throws {
        if format == .csv { try print(RoundLines.csvHead) }
        var isFirst = true
        for try await hour in store.rounds(of: target.id, from: from, to: to) {
            for round in hour {
                switch format {
                case .csv: for line in RoundLines.csv(round) { try print(line) }
                case .json: try print((isFirst ? "[" : ",") + RoundLines.json(round))
                case .ndjson: try print(RoundLines.json(round))
                }
                isFirst = false
            }
        }
        if format == .json { try print(isFirst ? "[]" : "]") }
    }
}

extension MTRReport.Fields {
    /// The columns of what was kept: the order of the round trips was not, so there is no last one.
    package static let kept = Self("LS ABWV") ?? .latency
}

extension MonitorReport.Kept {
    /// What the store has of a target.
    init(
        _ history: PathHistory, of host: String, _ request: RunRequest?, address: IPAddress? = nil, from: UTCTime,
        names: [IPAddress: UntrustedText] = [:]
    ) {
        let last = history.slots.last { !($0.end?.responders.isEmpty ?? true) }?.end?.responders.first?.address
        let target = (address ?? last ?? IPAddress(host)).map { ProbeTarget(name: host, address: $0) }
        var parameters = RunDescription.Parameters()
        if case .monitor(let settings)? = request?.work { parameters.interval = settings.interval }
        let run = RunDescription(
            verb: .monitor, target: target, source: nil, method: request?.transport.method ?? .icmp, mode: "kept",
            startedAt: history.slots.first?.start ?? from, parameters: parameters)
        self.init(
            run, slotLength: history.slotLength,
            slots: history.slots.map { slot in
                ([slot.end].compactMap { $0 } + slot.hops).map { hop in
                    Hop(
                        ttl: hop.ttl, lost: hop.lost, roundTrips: hop.roundTrips,
                        responders: hop.responders.map { ($0.address, $0.count, $0.isTarget) })
                }
            }, names: history.names.merging(names) { $1 })
    }
}
