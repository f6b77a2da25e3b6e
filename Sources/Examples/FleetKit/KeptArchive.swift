package import GeoKit
package import TraceCore
package import TraceCorePathStore

/// What the store of one vantage point has. Others that send probes for it are its places.
package struct KeptArchive: PathArchive {
    private let store: PathStore
    private let agent: String
    private let network: @Sendable (IPAddress) -> AutonomousSystem?

    /// - Parameters:
    ///   - agent: The name of the vantage point.
    ///   - network: The network of an address.
    package init(
        _ store: PathStore, agent: String,
        network: @escaping @Sendable (IPAddress) -> AutonomousSystem? = { _ in nil }
    ) {
        (self.store, self.agent, self.network) = (store, agent, network)
    }

    /// More slots than a page has pixels are of no use to anybody.
    private static let mostSlots = 1_500

    package func ways(from: UTCTime, to: UTCTime, target: String?) async throws -> [FleetWay] {
        var ways: [FleetWay] = []
        var systems: [IPAddress: UInt32] = [:]
        for stored in try await targets(target) {
            let slots = min(Self.mostSlots, max(1, Int((to.second - from.second) / 60)))
            let history = try await history(stored, from, to, slots)
            for slot in history.slots {
                guard let end = slot.end else { continue }
                let hops = slot.hops.path
                let way = FleetWay(
                    path(stored), hops: hops,
                    systems: hops.map { address in
                        guard let address else { return 0 }
                        if let known = systems[address] { return known }
                        let number = network(address)?.number ?? 0
                        systems[address] = number
                        return number
                    }, since: slot.start, until: slot.start + history.slotLength, sent: end.sent, lost: end.lost,
                    roundTrips: .nanoseconds(Int64(end.roundTrips.meanNanoseconds * Double(end.roundTrips.count))))
                if let last = ways.last, last.path == way.path, last.hops == way.hops, last.isFailing == way.isFailing {
                    ways[ways.count - 1].until = way.until
                    ways[ways.count - 1].sent += way.sent
                    ways[ways.count - 1].lost += way.lost
                    ways[ways.count - 1].roundTrips += way.roundTrips
                } else {
                    ways.append(way)
                }
            }
        }
        return ways
    }

    package func series(of target: String, from: UTCTime, to: UTCTime, slots: Int) async throws -> [FleetSeries] {
        var all: [FleetSeries] = []
        for stored in try await targets(target) {
            let history = try await history(stored, from, to, slots)
            all.append(
                FleetSeries(
                    path: path(stored), slotLength: history.slotLength,
                    slots: history.slots.compactMap { slot in
                        slot.end.map { end in
                            FleetSeries.Slot(
                                start: slot.start, sent: end.sent, lost: end.lost,
                                histogram: end.roundTrips.microseconds)
                        }
                    }))
        }
        return all
    }

    package func details(
        of addresses: Set<IPAddress>, from: UTCTime, to: UTCTime
    ) async throws -> [IPAddress: FleetDetail] {
        let names = try await store.read { (reader) throws(StoreError) in try reader.names(of: addresses) }
        return Dictionary(
            addresses.map { address in
                let system = network(address)
                return (
                    address, FleetDetail(name: names[address], system: system?.number, network: system?.name)
                )
            }, uniquingKeysWith: { $1 })
    }

    private func targets(_ name: String?) async throws -> [StoredTarget] {
        let all = try await store.read { (reader) throws(StoreError) in try reader.targets() }
        return all.filter { name == nil || path($0).target == name }
    }

    private func history(
        _ target: StoredTarget, _ from: UTCTime, _ to: UTCTime, _ slots: Int
    ) async throws(StoreError) -> PathHistory {
        try await store.read { [id = target.id] (reader) throws(StoreError) in
            try reader.history(of: id, from: from, to: to, slots: slots)
        }
    }

    private func path(_ stored: StoredTarget) -> FleetPath {
        let place = stored.labels["from"]
        let suffix = " from \(place ?? "here")"
        let title = stored.name.hasSuffix(suffix) ? String(stored.name.dropLast(suffix.count)) : stored.name
        let host = (try? RunRequest(json: stored.settings))?.targets.first ?? title
        return FleetPath(agent: agent, place: place ?? agent, target: title, host: host)
    }
}

extension [PathHistory.Hop] {
    /// Who answered at each hop most often, as far as anybody did.
    var path: [IPAddress?] {
        var path: [IPAddress?] = []
        for hop in self {
            while path.count < hop.ttl { path.append(nil) }
            path[hop.ttl - 1] = hop.responders.first?.address
        }
        while let last = path.last, last == nil { path.removeLast() }
        return path
    }
}

extension LatencyHistogram {
    /// The time that stands for each bucket in microseconds, and how many there are.
    var microseconds: [(value: Int64, count: Int)] {
        var all: [(value: Int64, count: Int)] = []
        for bucket in buckets {
            let middle = Int64((bucket.lowerBound + (bucket.upperBound - bucket.lowerBound) / 2) / .microseconds(1))
            // Several buckets below a microsecond are one here.
            if let last = all.last, last.value == middle {
                all[all.count - 1].count += bucket.count
            } else {
                all.append((middle, bucket.count))
            }
        }
        return all
    }
}
