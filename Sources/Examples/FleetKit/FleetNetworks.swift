package import TraceCore

/// Which networks carried which paths, and which paths moved from some to others, and when.
package struct FleetNetworks: Sendable, Hashable, Codable {
    package struct Network: Sendable, Hashable, Codable {
        package let system: UInt32
        /// The paths that go through it now, and those that did at any time of the span.
        package let now, ever: Int
        /// Of the probes of those that go through it now, how many percent were lost while they did.
        package let lossPercent: Double
    }

    package struct Move: Sendable, Hashable, Codable {
        package let at: UTCTime
        package let agent, place, target: String
        package let from, to: [UInt32]
        /// The mean round trips on both.
        package let beforeMs, afterMs: Double?
    }

    /// Those that carry most first.
    package let networks: [Network]
    /// The newest first.
    package let moves: [Move]

    package init(_ ways: [FleetWay]) {
        var (now, ever): ([UInt32: Set<FleetPath>], [UInt32: Set<FleetPath>]) = ([:], [:])
        var (sent, lost): ([UInt32: Int], [UInt32: Int]) = ([:], [:])
        var moves: [Move] = []
        for (path, ways) in Dictionary(grouping: ways, by: \.path) {
            let ways = ways.sorted { $0.since < $1.since }
            for way in ways {
                for system in Set(way.networks) {
                    ever[system, default: []].insert(path)
                    sent[system, default: 0] += way.sent
                    lost[system, default: 0] += way.lost
                }
            }
            // While nothing answers, it is not known which way it goes.
            let known = ways.filter { !$0.isFailing && !$0.networks.isEmpty }
            for system in Set(known.last?.networks ?? []) { now[system, default: []].insert(path) }
            for (before, after) in zip(known, known.dropFirst()) where before.networks != after.networks {
                // A hop that keeps silent for a minute takes no network out of the way.
                guard !before.networks.isPart(of: after.networks), !after.networks.isPart(of: before.networks) else {
                    continue
                }
                moves.append(
                    Move(
                        at: after.since, agent: path.agent, place: path.place, target: path.target,
                        from: before.networks,
                        to: after.networks, beforeMs: before.mean?.inMilliseconds, afterMs: after.mean?.inMilliseconds))
            }
        }
        networks = ever.map { system, paths in
            Network(
                system: system, now: now[system]?.count ?? 0, ever: paths.count,
                lossPercent: 100 * Double(lost[system] ?? 0) / Double(max(1, sent[system] ?? 0)))
        }.sorted { ($1.now, $1.ever, $0.system) < ($0.now, $0.ever, $1.system) }
        self.moves = moves.sorted {
            ($1.at, $0.target, $0.place, $0.agent) < ($0.at, $1.target, $1.place, $1.agent)
        }
    }
}

extension FleetWay {
    /// The networks on the way, each once where it begins.
    var networks: [UInt32] {
        var all: [UInt32] = []
        for system in systems where system != 0 && all.last != system { all.append(system) }
        return all
    }
}

extension [UInt32] {
    /// Whether all of it comes in another list, in the same order.
    fileprivate func isPart(of other: [UInt32]) -> Bool {
        var rest = other[...]
        for element in self {
            guard let index = rest.firstIndex(of: element) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }
}

/// How each target is from each place.
package struct FleetMatrix: Sendable, Hashable, Codable {
    package struct Cell: Sendable, Hashable, Codable {
        package let sent, lost: Int
        package let meanMs: Double?
        /// Whether nothing was answered of the last minute.
        package let isFailing: Bool

        package var lossPercent: Double { 100 * Double(lost) / Double(max(1, sent)) }
    }

    package let places, targets: [String]
    /// For each target, a cell for each place; nil where nobody watches it from there.
    package let cells: [[Cell?]]

    package init(_ ways: [FleetWay]) {
        let places = Set(ways.map(\.path.place)).sorted()
        let targets = Set(ways.map(\.path.target)).sorted()
        var all: [[String]: [FleetWay]] = [:]
        for way in ways { all[[way.path.target, way.path.place], default: []].append(way) }
        cells = targets.map { target in
            places.map { place in
                guard let ways = all[[target, place]] else { return nil }
                let (sent, lost) = (ways.reduce(0) { $0 + $1.sent }, ways.reduce(0) { $0 + $1.lost })
                let last = ways.max { $0.until < $1.until }
                let sum = ways.reduce(Duration.zero) { $0 + $1.roundTrips }
                return Cell(
                    sent: sent, lost: lost, meanMs: sent > lost ? (sum / (sent - lost)).inMilliseconds : nil,
                    isFailing: last?.isFailing ?? false)
            }
        }
        (self.places, self.targets) = (places, targets)
    }
}
