internal import GeoKit
internal import TraceCore

extension CloudRun {
    /// Measures all addresses side by side.
    ///
    /// - Returns: The round trips of each.
    func measure(
        _ found: [IPAddress: [String]], _ methods: [IPAddress: CloudMethod], _ say: @escaping Say
    ) async throws(ProbeError) -> [IPAddress: [Duration]] {
        // A round asks all once, whatever their method: each sweep has its part of the time between two probes.
        let period = max(.milliseconds(200), .seconds(1) * methods.count / max(1, description.settings.rate))
        let parts = try await sideBySide(groups(methods.keys.sorted(), methods)) { group throws(ProbeError) in
            try await measure(group.addresses, group.method, period, found, say)
        }
        return parts.reduce(into: [:]) { all, part in
            for (address, times) in part where !times.isEmpty { all[address] = times.sorted() }
        }
    }

    private func measure(
        _ addresses: [IPAddress], _ method: CloudMethod, _ period: Duration, _ found: [IPAddress: [String]],
        _ say: @escaping Say
    ) async throws(ProbeError) -> [IPAddress: [Duration]] {
        var settings = SweepSettings(rate: nil)
        settings.interval = period / addresses.count
        settings.mode = .count(description.settings.rounds, period: period)
        settings.timeout = .milliseconds(description.settings.timeoutMs)
        settings.window = description.settings.window
        let state = Lock<Rounds>(Rounds(addresses, most: description.settings.rounds))
        try await asker.sweep(addresses, by: method, settings) { event in
            switch event.fact {
            case .reply(let probe, let reply) where reply.kind.isFromTarget:
                guard state.withLock({ $0.take(reply.rtt, of: probe.target) }) else { return }
                for id in found[probe.target] ?? [] { say(.round(id: id, reply.rtt)) }
            case .reply(let probe, _), .timedOut(let probe):
                guard state.withLock({ $0.take(nil, of: probe.target) }) else { return }
                for id in found[probe.target] ?? [] { say(.round(id: id, nil)) }
            case .ended(let end) where end.reason == .failed: state.withLock { $0.error = end.error }
            default: break
            }
        }
        return try state.withLock { rounds throws(ProbeError) in
            if let error = rounds.error { throw error }
            return rounds.times
        }
    }

    /// The round trips of addresses; what was not asked for is none, whoever says so.
    private struct Rounds {
        private(set) var times: [IPAddress: [Duration]] = [:]
        var error: ProbeError?
        private var open: [IPAddress: Int]

        init(_ addresses: [IPAddress], most: Int) {
            open = Dictionary(addresses.map { ($0, most) }) { first, _ in first }
        }

        mutating func take(_ time: Duration?, of address: IPAddress) -> Bool {
            guard let count = open[address], count > 0 else { return false }
            open[address] = count - 1
            if let time { times[address, default: []].append(time) }
            return true
        }
    }

    // MARK: Paths

    func trace(
        _ times: [IPAddress: [Duration]], _ methods: [IPAddress: CloudMethod], _ found: [IPAddress: [String]],
        _ say: @escaping Say
    ) async throws(ProbeError) {
        let wanted = chosen(times, found)
        _ = try await sideBySide(groups(wanted, methods)) { group throws(ProbeError) in
            // Each has the part of the budget that its hosts have of all.
            let rate = max(1, description.settings.rate * group.addresses.count / wanted.count)
            try await trace(group.addresses, group.method, rate, found, say)
        }
    }

    private func trace(
        _ addresses: [IPAddress], _ method: CloudMethod, _ rate: Int, _ found: [IPAddress: [String]],
        _ say: @escaping Say
    ) async throws(ProbeError) {
        let (home, locator) = (home, locator)
        try await asker.trace(addresses, by: method, rate: rate) { place, trace in
            let located = LocatedTrace(trace: trace, source: home, geolocator: locator)
            for id in found[addresses[place]] ?? [] { say(.traced(id: id, located)) }
        }
    }

    /// The addresses whose paths are traced: the best of all, and the best of each provider. A front end is none.
    private func chosen(_ times: [IPAddress: [Duration]], _ found: [IPAddress: [String]]) -> [IPAddress] {
        let regions = Dictionary(description.regions.map { ($0.id, $0) }) { first, _ in first }
        let sightings = times.sorted { $0.key < $1.key }.flatMap { address, times in
            (found[address] ?? []).compactMap { id in
                regions[id]?.coordinate.map { CloudJudge.Sighting(id: id, place: $0, least: times[0]) }
            }
        }
        let judge = CloudJudge(sightings, here: description.here)
        let elsewhere = Set(sightings.filter { judge.isElsewhere($0) }.map(\.id))
        let order = times.sorted { ($0.value[$0.value.count / 2], $0.key) < ($1.value[$1.value.count / 2], $1.key) }
            .map(\.key)
        guard let count = description.settings.paths else { return order }
        guard count > 0 else { return [] }
        let honest = order.filter { address in
            (found[address] ?? []).contains { !elsewhere.contains($0) && regions[$0]?.endpoint?.evidence != .anycast }
        }
        var wanted = Set(honest.prefix(count))
        var providers: Set<Substring> = []
        for address in honest {
            for id in found[address] ?? [] where providers.insert(id.prefix { $0 != "/" }).inserted {
                wanted.insert(address)
            }
        }
        return order.filter { wanted.contains($0) }
    }
}
