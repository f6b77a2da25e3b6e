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

    /// Minutes are looked at for a day; what is longer ago is looked at in fewer parts.
    private static let mostSlots = 1_500

    package func causes(from: UTCTime, to: UTCTime) async throws -> FleetCauses {
        // Whether it fails now is seen in minutes, however long the span is.
        let first = max(from, to - .seconds(86_400))
        let ways = try await ways(from: first, to: to)
        var earlier: [FleetPath: (hops: [IPAddress?], until: UTCTime)] = [:]
        let known = Set(ways.filter { !$0.isSilent }.map(\.path))
        for stored in try await targets(nil) where !known.contains(FleetPath(stored, agent: agent)) {
            // First roughly, and then to the minute.
            let rough = try await self.ways(of: stored, from: first - FleetRules.lookBack, to: first)
            guard let last = rough.last(where: { !$0.isSilent }) else { continue }
            let start = max(last.since, last.until - .seconds(Self.mostSlots * 60))
            let exact = try await self.ways(of: stored, from: start, to: last.until)
            if let way = exact.last(where: { !$0.isSilent }) { earlier[way.path] = (way.hops, way.until) }
        }
        return FleetCauses(ways, over: to - first, earlier: earlier)
    }

    package func networks(from: UTCTime, to: UTCTime) async throws -> FleetNetworks {
        FleetNetworks(try await ways(from: from, to: to))
    }

    package func matrix(from: UTCTime, to: UTCTime, most: Int?) async throws -> FleetMatrix {
        // The last part is of minutes, so that it is known what fails now.
        let middle = max(from, to - .seconds(3_600))
        let before = from < middle ? try await ways(from: from, to: middle) : []
        return FleetMatrix(before + (try await ways(from: middle, to: to)), most: most)
    }

    /// The ways that paths took in a span of time, and how each went.
    package func ways(from: UTCTime, to: UTCTime) async throws -> [FleetWay] {
        var ways: [FleetWay] = []
        for stored in try await targets(nil) { ways += try await self.ways(of: stored, from: from, to: to) }
        return ways
    }

    private func ways(of stored: StoredTarget, from: UTCTime, to: UTCTime) async throws -> [FleetWay] {
        let path = FleetPath(stored, agent: agent)
        let slots = min(Self.mostSlots, max(1, Int((to.second - from.second) / 60)))
        let history = try await history(stored, from, to, slots)
        var ways: [FleetWay] = []
        for slot in history.slots {
            guard let end = slot.end else { continue }
            let hops = slot.hops.path
            ways.join(
                FleetWay(
                    path, hops: hops, systems: hops.map { $0.flatMap(network)?.number ?? 0 }, since: slot.start,
                    until: slot.start + history.slotLength, sent: end.sent, lost: end.lost,
                    roundTrips: .nanoseconds(Int64(end.roundTrips.meanNanoseconds * Double(end.roundTrips.count)))))
        }
        return ways
    }

    package func series(of target: String, from: UTCTime, to: UTCTime, slots: Int) async throws -> [FleetSeries] {
        var all: [FleetSeries] = []
        // As in ClickHouse, no slot is shorter than a minute.
        let slots = max(1, min(slots, Int((to.second - from.second) / 60)))
        for stored in try await targets(target) {
            let history = try await history(stored, from, to, slots)
            all.append(
                FleetSeries(
                    path: FleetPath(stored, agent: agent), slotLength: history.slotLength,
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

    package func names(of systems: Set<UInt32>, from: UTCTime, to: UTCTime) async throws -> [UInt32: UntrustedText] {
        var names: [UInt32: UntrustedText] = [:]
        for way in systems.isEmpty ? [] : try await ways(from: max(from, to - .seconds(3_600)), to: to) {
            for address in way.hops.compactMap({ $0 }) {
                if let system = network(address), let name = system.name { names[system.number] = name }
            }
        }
        return names
    }

    private func targets(_ name: String?) async throws -> [StoredTarget] {
        let all = try await store.read { (reader) throws(StoreError) in try reader.targets() }
        return all.filter { name == nil || FleetPath($0, agent: agent).target == name }
    }

    private func history(
        _ target: StoredTarget, _ from: UTCTime, _ to: UTCTime, _ slots: Int
    ) async throws(StoreError) -> PathHistory {
        try await store.read { [id = target.id] (reader) throws(StoreError) in
            try reader.history(of: id, from: from, to: to, slots: slots)
        }
    }
}

extension FleetPath {
    /// Under this the store has the name of a target without the place that it is watched from.
    package static let titleLabel = ".title"

    /// A target as a vantage point's store has it.
    init(_ stored: StoredTarget, agent: String) {
        let title = stored.labels[Self.titleLabel] ?? stored.name
        let host = (try? RunRequest(json: stored.settings))?.targets.first ?? title
        self.init(agent: agent, place: stored.labels["from"] ?? agent, target: title, host: host)
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
