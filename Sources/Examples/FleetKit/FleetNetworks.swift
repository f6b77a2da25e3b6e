package import TraceCore

/// Which networks carried which paths, and which paths moved from some to others, and when.
package struct FleetNetworks: Sendable, Hashable, Codable {
    package struct Network: Sendable, Hashable, Codable {
        package let system: UInt32
        /// The paths that go through it now, and those that did at any time of the span.
        package let now, ever: Int
        /// Of the probes that went through it, how many percent were lost. Those of a minute without an answer count where the
        /// target was last reached: of a way that breaks off, only the networks before that are seen, and they are not to blame.
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

    init(_ networks: [Network], moves: [Move]) {
        self.networks = networks.sorted { ($1.now, $1.ever, $0.system) < ($0.now, $0.ever, $1.system) }
        self.moves = moves.sorted { ($1.at, $0.target, $0.place, $0.agent) < ($0.at, $1.target, $1.place, $1.agent) }
    }

    /// What the ways of all paths say, where all of them are at hand.
    package init(_ ways: [FleetWay]) {
        var (now, ever): ([UInt32: Set<FleetPath>], [UInt32: Set<FleetPath>]) = ([:], [:])
        var (sent, lost): ([UInt32: Int], [UInt32: Int]) = ([:], [:])
        let byPath = ways.byPath
        for (path, ways) in byPath {
            // While nothing answers, it is not known which way it goes.
            var last: FleetWay?
            for way in ways {
                if !way.isSilent, !way.networks.isEmpty { last = way }
                for system in Set(way.networks) { ever[system, default: []].insert(path) }
                for system in Set((way.isSilent ? last : way)?.networks ?? []) {
                    sent[system, default: 0] += way.sent
                    lost[system, default: 0] += way.lost
                }
            }
            for system in Set(last?.networks ?? []) { now[system, default: []].insert(path) }
        }
        self.init(
            ever.map { system, paths in
                Network(
                    system: system, now: now[system]?.count ?? 0, ever: paths.count,
                    lossPercent: 100 * Double(lost[system] ?? 0) / Double(max(1, sent[system] ?? 0)))
            }, moves: Self.moves(byPath))
    }

    /// Where paths moved from some networks to others.
    static func moves(_ byPath: [FleetPath: [FleetWay]]) -> [Move] {
        var moves: [Move] = []
        for (path, ways) in byPath {
            var known: [FleetWay] = []
            for way in ways where !way.isSilent && !way.networks.isEmpty {
                // A hop that keeps silent for a minute takes no network out of the way.
                if let last = known.last,
                    way.networks.isPart(of: last.networks) || last.networks.isPart(of: way.networks)
                {
                    let longer = last.networks.count >= way.networks.count ? last.systems : way.systems
                    known[known.count - 1].systems = longer
                    known[known.count - 1].sent += way.sent
                    known[known.count - 1].lost += way.lost
                    known[known.count - 1].roundTrips += way.roundTrips
                } else {
                    known.append(way)
                }
            }
            for (before, after) in zip(known, known.dropFirst()) {
                moves.append(
                    Move(
                        at: after.since, agent: path.agent, place: path.place, target: path.target,
                        from: before.networks, to: after.networks, beforeMs: before.mean?.inMilliseconds,
                        afterMs: after.mean?.inMilliseconds))
            }
        }
        return moves
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
        /// Whether nothing was answered of the last probes.
        package let isFailing: Bool

        package var lossPercent: Double { 100 * Double(lost) / Double(max(1, sent)) }
    }

    package let places, targets: [String]
    /// For each target, a cell for each place; nil where nobody watches it from there.
    package let cells: [[Cell?]]
    /// How many targets there are, if these are the worst of them.
    package let all: Int

    /// A cell with where it is.
    struct Entry {
        let target, place: String
        let cell: Cell
    }

    /// - Parameter most: How many targets there are at most, the worst: first those that fail from most places, then those that lose most.
    init(_ entries: [Entry], most: Int? = nil, of all: Int? = nil) {
        var rows = Dictionary(grouping: entries, by: \.target)
        self.all = max(all ?? 0, rows.count)
        if let most, rows.count > most {
            let worst = rows.map { target, entries in
                (
                    target: target, failing: entries.count { $0.cell.isFailing },
                    loss: entries.reduce(0) { $0 + $1.cell.lossPercent } / Double(entries.count)
                )
            }.sorted { ($1.failing, $1.loss, $0.target) < ($0.failing, $0.loss, $1.target) }
            let kept = Set(worst.prefix(most).map(\.target))
            rows = rows.filter { kept.contains($0.key) }
        }
        let places = Set(rows.values.joined().map(\.place)).sorted()
        let targets = rows.keys.sorted()
        cells = targets.map { target in
            let own = Dictionary((rows[target] ?? []).map { ($0.place, $0.cell) }, uniquingKeysWith: { $1 })
            return places.map { own[$0] }
        }
        (self.places, self.targets) = (places, targets)
    }

    /// What the ways of all paths say, where all of them are at hand.
    package init(_ ways: [FleetWay], most: Int? = nil) {
        let entries = Dictionary(grouping: ways) { [$0.path.target, $0.path.place] }.map { key, ways in
            let ways = ways.sorted { $0.until < $1.until }
            let (sent, lost) = (ways.reduce(0) { $0 + $1.sent }, ways.reduce(0) { $0 + $1.lost })
            let sum = ways.reduce(Duration.zero) { $0 + $1.roundTrips }
            let bad = ways.reversed().prefix { $0.isSilent }
            return Entry(
                target: key[0], place: key[1],
                cell: Cell(
                    sent: sent, lost: lost, meanMs: sent > lost ? (sum / (sent - lost)).inMilliseconds : nil,
                    isFailing: bad.reduce(0) { $0 + $1.sent } >= FleetRules.leastLost))
        }
        self.init(entries, most: most)
    }
}
