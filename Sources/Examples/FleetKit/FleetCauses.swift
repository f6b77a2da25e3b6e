package import TraceCore

/// What the paths that fail have in common: the router behind which they do.
///
/// A path fails if its target answers nothing now and did before. Its way is the last one on which it worked; what of that way
/// still answers is not to blame. A hop explains a failure if it is on that way, and hardly any path that works goes through it.
package struct FleetCauses: Sendable, Hashable, Codable {
    /// Where a path breaks off, as seen from a hop.
    package enum Standing: String, Sendable, Hashable, Codable {
        /// The hop keeps silent where paths fail, and the one before it answers.
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
    /// How many paths were seen lately and answered at some time, and how many of them fail now.
    package let paths, failing: Int
    /// How many never answered in this time, and how many were seen before and are not lately.
    package let silent, unseen: Int

    /// A router. Private addresses before the first public one are those of the place: many homes have a 192.168.1.1.
    private struct Node: Hashable, Comparable {
        let address: IPAddress
        let place: String

        static func < (left: Node, right: Node) -> Bool {
            (left.address, left.place) < (right.address, right.place)
        }

        /// The routers of a way.
        static func way(_ hops: [IPAddress?], from place: String) -> [Node?] {
            let first = hops.firstIndex { $0.map { !$0.isPrivate } ?? false }
            return hops.enumerated().map { index, address in
                // Where all of a way is private, it is the network of a company, and only its beginning is a place's own.
                address.map { Node(address: $0, place: $0.isPrivate && index < first ?? 1 ? place : "") }
            }
        }
    }

    /// A path that fails.
    private struct Broken {
        let failure: Failure
        let way: [Node?]
        let hops: Set<Node>
        /// The first hop of the way that keeps silent now, where those before answer.
        let end: Int
        var last: Node? { way[..<end].last { $0 != nil } ?? nil }
    }

    /// Of the paths through a hop, so few may work: ways have branches, and not all are seen.
    private static let mostWorking = 0.1
    /// A path of which there is nothing newer is not seen any more: who watched it may be gone, or cut off.
    private static let mostAge = Duration.seconds(600)

    package init(_ ways: [FleetWay]) {
        var broken: [Broken] = []
        var working: [Node: Int] = [:]
        let byPath = Dictionary(grouping: ways, by: \.path).mapValues { $0.sorted { $0.until < $1.until } }
        let newest = ways.map(\.until).max() ?? .epoch
        var (silent, old) = (0, 0)
        for (path, ways) in byPath {
            guard let last = ways.last else { continue }
            guard newest - last.until <= Self.mostAge else {
                old += 1
                continue
            }
            guard last.isFailing else {
                for hop in Set(Node.way(last.hops, from: path.place).compactMap { $0 }) { working[hop, default: 0] += 1 }
                continue
            }
            let bad = ways.reversed().prefix { $0.isFailing }
            guard let good = ways.dropLast(bad.count).last else {
                silent += 1
                continue
            }
            let answering = Set(bad.flatMap(\.hops).compactMap { $0 })
            let known = good.hops.lastIndex { $0.map(answering.contains) ?? false }.map { $0 + 1 } ?? 0
            let way = Node.way(good.hops, from: path.place)
            broken.append(
                Broken(
                    failure: Failure(
                        agent: path.agent, place: path.place, target: path.target,
                        since: bad.map(\.since).min() ?? last.since),
                    way: way, hops: Set(way.compactMap { $0 }), end: known))
        }
        (paths, failing, self.silent, unseen) = (byPath.count - old - silent, broken.count, silent, old)
        broken.sort {
            ($0.failure.target, $0.failure.place, $0.failure.agent) < (
                $1.failure.target, $1.failure.place, $1.failure.agent
            )
        }
        var causes: [Cause] = []
        while !broken.isEmpty, let cause = Self.next(broken, working) {
            causes.append(cause)
            let told = Set(cause.failing)
            broken.removeAll { told.contains($0.failure) }
        }
        self.causes = causes
        unexplained = broken.map(\.failure)
    }

    /// The hop that explains most of what fails.
    private static func next(_ broken: [Broken], _ working: [Node: Int]) -> Cause? {
        var hops: [Node: (count: Int, distance: Int)] = [:]
        for one in broken {
            for (index, hop) in one.way.enumerated() {
                guard let hop, one.way.firstIndex(of: hop) == index else { continue }
                // How far from where the way breaks off: the hop before it, and the first silent one, are there.
                let before = one.way[..<one.end].lastIndex { $0 != nil } ?? -1
                let behind = one.way[one.end...].firstIndex { $0 != nil } ?? one.way.count
                let distance = index <= before ? before - index : max(0, index - behind)
                hops[hop, default: (0, 0)].count += 1
                hops[hop, default: (0, 0)].distance += distance
            }
        }
        let found = hops.filter { hop, tally in
            Double(working[hop] ?? 0) <= mostWorking * Double(tally.count + (working[hop] ?? 0))
        }
        let best = found.min { one, other in
            let (a, b) = (one.value, other.value)
            if a.count != b.count { return a.count > b.count }
            let (m, n) = (a.distance * b.count, b.distance * a.count)
            if m != n { return m < n }
            // Of the last that answers and the first that does not, the silent one is named: the other is told beside it.
            let (s, t) = (silent(one.key, broken), silent(other.key, broken))
            return s != t ? s > t : one.key < other.key
        }
        guard let hop = best?.key else { return nil }
        let through = broken.filter { $0.hops.contains(hop) }
        let isSilent = silent(hop, broken) * 2 > through.count
        let isTarget = through.allSatisfy { $0.way.last == hop }
        let before = Set(through.map(\.last))
        return Cause(
            hop: hop.address, standing: isTarget && isSilent ? .target : isSilent ? .silent : .answersItself,
            before: isSilent && before.count == 1 ? before.first??.address : nil, failing: through.map(\.failure),
            working: working[hop] ?? 0, since: through.map(\.failure.since).min() ?? .epoch,
            until: through.map(\.failure.since).max() ?? .epoch)
    }

    /// On how many ways a hop is one of those that keep silent.
    private static func silent(_ hop: Node, _ broken: [Broken]) -> Int {
        broken.count { one in one.way[one.end...].contains(hop) && !one.way[..<one.end].contains(hop) }
    }
}

extension IPAddress {
    /// Whether many networks have it, each for itself.
    fileprivate var isPrivate: Bool { [.private, .sharedNAT, .uniqueLocal, .linkLocal, .siteLocal].contains(range) }
}
