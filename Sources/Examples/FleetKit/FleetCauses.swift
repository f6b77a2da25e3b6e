package import TraceCore

/// What the paths that fail have in common: the router behind which they do.
///
/// A path fails if its target answers nothing now and did before. Its way is the last one on which it worked; what of that way
/// still answers forwards, and is not to blame: only the last hop that answers, and those behind it, are. Such a hop explains a
/// failure if hardly any path that works goes through it.
package struct FleetCauses: Sendable, Hashable, Codable {
    /// Where a path breaks off, as seen from a hop.
    package enum Standing: String, Sendable, Hashable, Codable {
        /// The hop keeps silent where paths fail.
        case silent
        /// The hop answers, and nothing behind it does.
        case answersItself
        /// The hop is the target of all of them.
        case target
    }

    package struct Cause: Sendable, Hashable, Codable {
        package let hop: IPAddress
        package let standing: Standing
        /// The hop that answers before it, if it is the same for all.
        package let before: IPAddress?
        /// The paths that fail and went through it.
        package let failing: [Failure]
        /// How many paths go through it and work.
        package let working: Int
        /// When the first and the last of them began to fail, to the minute.
        package let since, until: UTCTime
    }

    package struct Failure: Sendable, Hashable, Codable {
        package let agent, place, target: String
        package let since: UTCTime
    }

    /// The most paths first.
    package let causes: [Cause]
    /// The failures that no hop explains.
    package let unexplained: [Failure]
    /// How many paths were seen lately and have ever answered, and how many of them fail now.
    package let paths, failing: Int
    /// How many fail of which no time is known when they did not, and how many were seen before and are not lately.
    package let silent, unseen: Int

    /// A path that fails now.
    struct Broken {
        let failure: Failure
        /// The last way on which it worked.
        let way: [FleetNode?]
        /// Those that answered since.
        let answering: Set<IPAddress>
        /// The last hop of the way that answers, and the first behind it.
        let last: Int?
        let next: Int?

        init(_ path: FleetPath, since: UTCTime, way hops: [IPAddress?], answering: Set<IPAddress>) {
            failure = Failure(agent: path.agent, place: path.place, target: path.target, since: since)
            way = FleetNode.way(hops, from: path.place)
            self.answering = answering
            last = hops.lastIndex { $0.map(answering.contains) ?? false }
            next = way[(last.map { $0 + 1 } ?? 0)...].firstIndex { $0 != nil }
        }

        /// The hops that may be to blame, each with how far it is from where the way breaks off.
        var suspects: [(node: FleetNode, distance: Int, isSilent: Bool)] {
            var all: [(node: FleetNode, distance: Int, isSilent: Bool)] = []
            if let last, let node = way[last] { all.append((node, 0, false)) }
            guard let next else { return all }
            for index in next..<way.count {
                guard let node = way[index], !all.contains(where: { $0.node == node }) else { continue }
                all.append((node, index - next, true))
            }
            return all
        }
    }

    /// Of the paths through a hop, so few may work: ways have branches, and not all are seen.
    private static let mostWorking = 0.1

    /// - Parameters:
    ///   - working: How many paths that work went through a hop lately.
    init(_ broken: [Broken], working: [FleetNode: Int], paths: Int, silent: Int, unseen: Int) {
        (self.paths, failing, self.silent, self.unseen) = (paths, broken.count, silent, unseen)
        var left = broken.sorted {
            ($0.failure.target, $0.failure.place, $0.failure.agent) < (
                $1.failure.target, $1.failure.place, $1.failure.agent
            )
        }
        var causes: [Cause] = []
        while !left.isEmpty, let cause = Self.next(left, working) {
            causes.append(cause)
            let told = Set(cause.failing)
            left.removeAll { told.contains($0.failure) }
        }
        self.causes = causes
        unexplained = left.map(\.failure)
    }

    /// The hop that explains most of what fails.
    private static func next(_ broken: [Broken], _ working: [FleetNode: Int]) -> Cause? {
        var tallies: [FleetNode: (paths: [Int], distance: Int, silent: Int)] = [:]
        for (index, one) in broken.enumerated() {
            for suspect in one.suspects {
                tallies[suspect.node, default: ([], 0, 0)].paths.append(index)
                tallies[suspect.node]?.distance += suspect.distance
                tallies[suspect.node]?.silent += suspect.isSilent ? 1 : 0
            }
        }
        let found = tallies.filter { node, tally in
            Double(working[node] ?? 0) <= mostWorking * Double(tally.paths.count + (working[node] ?? 0))
        }
        let best = found.min { one, other in
            let (a, b) = (one.value, other.value)
            if a.paths.count != b.paths.count { return a.paths.count > b.paths.count }
            if a.distance != b.distance { return a.distance < b.distance }
            // Of the last that answers and the first that does not, the silent one is named: the other is told beside it.
            return a.silent != b.silent ? a.silent > b.silent : one.key < other.key
        }
        guard let (node, tally) = best else { return nil }
        let through = tally.paths.map { broken[$0] }
        let isSilent = tally.silent * 2 > through.count
        let isTarget = through.allSatisfy { $0.way.last == node }
        let before = Set(through.map { one in one.last.flatMap { one.way[$0]?.address } })
        return Cause(
            hop: node.address, standing: !isSilent ? .answersItself : isTarget ? .target : .silent,
            before: isSilent && before.count == 1 ? before.first ?? nil : nil, failing: through.map(\.failure),
            working: working[node] ?? 0, since: through.map(\.failure.since).min() ?? .epoch,
            until: through.map(\.failure.since).max() ?? .epoch)
    }
}

/// A router, as far as its address says which. A private address is that of many: its neighbours say which one is meant.
struct FleetNode: Hashable, Comparable {
    let address: IPAddress
    /// What tells it from others of the same address.
    let context: String

    static func < (left: FleetNode, right: FleetNode) -> Bool {
        (left.address, left.context) < (right.address, right.context)
    }

    /// The routers of a way. The first hop is the place's own. Further on, a private address belongs to the public one before it, or
    /// where there is none, to the next one behind it. Where all of a way is private, it is one network.
    static func way(_ hops: [IPAddress?], from place: String) -> [FleetNode?] {
        var before: IPAddress?
        return hops.enumerated().map { index, address in
            guard let address else { return nil }
            guard address.isPrivate else {
                before = address
                return FleetNode(address: address, context: "")
            }
            if index == 0 { return FleetNode(address: address, context: "from \(place)") }
            let behind = hops[index...].first { $0.map { !$0.isPrivate } ?? false } ?? nil
            return FleetNode(
                address: address,
                context: before.map { "after \($0)" } ?? behind.map { "before \($0)" } ?? "")
        }
    }
}

extension IPAddress {
    /// Whether many networks have it, each for itself.
    fileprivate var isPrivate: Bool { [.private, .sharedNAT, .uniqueLocal, .linkLocal, .siteLocal].contains(range) }
}

extension FleetCauses {
    /// What the ways of all paths say, where all of them are at hand.
    ///
    /// - Parameters:
    ///   - span: How long the ways were looked at.
    ///   - earlier: The last way on which a path worked before that, and its end.
    package init(
        _ ways: [FleetWay], over span: Duration, earlier: [FleetPath: (hops: [IPAddress?], until: UTCTime)] = [:]
    ) {
        let newest = ways.map(\.until).max() ?? .epoch
        var broken: [Broken] = []
        var working: [FleetNode: Int] = [:]
        var (silent, unseen) = (0, 0)
        let byPath = ways.byPath
        for (path, ways) in byPath {
            guard let last = ways.last else { continue }
            let minutes = ways.reduce(0) { $0 + max(1, Int(($1.until - $1.since) / .seconds(60))) }
            let age = max(FleetRules.mostAge, 3 * Int(span / .seconds(1)) / max(1, minutes))
            guard newest - last.until <= .seconds(age) else {
                unseen += 1
                continue
            }
            let bad = ways.reversed().prefix { $0.isSilent }
            let good = ways.dropLast(bad.count).last
            guard bad.reduce(0, { $0 + $1.sent }) >= FleetRules.leastLost else {
                var nodes: Set<FleetNode> = []
                for way in ways
                where !way.isSilent && (way.until > last.until + .zero - FleetRules.recently || way == good) {
                    nodes.formUnion(FleetNode.way(way.hops, from: path.place).compactMap { $0 })
                }
                for node in nodes { working[node, default: 0] += 1 }
                continue
            }
            guard let before = good.map({ ($0.hops, $0.until) }) ?? earlier[path] else {
                silent += 1
                continue
            }
            broken.append(
                Broken(
                    path, since: good == nil ? before.1 : bad.last?.since ?? last.since, way: before.0,
                    answering: Set(bad.flatMap(\.hops).compactMap { $0 })))
        }
        self.init(
            broken, working: working, paths: byPath.count - unseen - silent, silent: silent, unseen: unseen)
    }
}
