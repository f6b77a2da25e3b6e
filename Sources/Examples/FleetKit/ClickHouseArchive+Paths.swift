package import TraceCore

// What is asked of single paths: only of those that fail, or that moved. All others are counted where they are.
extension ClickHouseArchive {
    private struct Newest: Decodable { let newest: Int64 }
    private struct Counts: Decodable { let paths, unseen: Int64 }

    private struct Fails: Decodable {
        let agent, place, target, a_host: String
        let a_good, since, bad_sent: Int64
        let answering: [String]
    }

    private struct Good: Decodable {
        let agent, place, target: String
        let way: [String]
        let good: Int64
    }

    private struct Passing: Decodable {
        let hop, place: String
        let prefix: [String]
        let i, paths: Int
    }

    /// The paths of a span, each with its last minute, and the last one that was good.
    ///
    /// - Parameter newest: The last minute of all.
    private static func paths(_ span: String, newest: Int64, over length: Duration) -> String {
        let age = "greatest(\(FleetRules.mostAge), 3 * \(Int(length / .seconds(1))) / n)"
        return """
            SELECT agent, place, target, count() AS n, max(minute) AS last, maxIf(minute, lost < sent) AS good,
                toUInt8(\(newest) - toUInt32(last) <= \(age)) AS is_seen, toUInt8(is_seen AND good < last) AS is_bad
            FROM paths WHERE \(span) GROUP BY agent, place, target
            """
    }

    package func causes(from: UTCTime, to: UTCTime) async throws -> FleetCauses {
        let span = Self.span(from, to)
        let newest = try await engine.rows(
            "SELECT toInt64(max(minute)) AS newest FROM paths WHERE \(span)", as: Newest.self
        ).first?.newest
        guard let newest, newest > 0 else { return FleetCauses([], over: to - from) }
        let all = Self.paths(span, newest: newest, over: to - from)
        let counts = try await engine.rows(
            """
            SELECT toInt64(count()) AS paths, toInt64(countIf(is_seen = 0)) AS unseen FROM (\(all))
            """, as: Counts.self
        ).first
        let bad = "SELECT agent, place, target FROM (\(all)) WHERE is_bad"
        // What became of them since they were good.
        let fails = try await engine.rows(
            """
            SELECT agent, place, target, any(host) AS a_host, toInt64(any(good)) AS a_good,
                toInt64(toUInt32(min(minute))) AS since, toInt64(sum(sent)) AS bad_sent,
                groupUniqArrayArray(path) AS answering
            FROM (SELECT agent, place, target, host, minute, sent, path FROM paths WHERE \(span)) AS own
            GLOBAL ALL INNER JOIN (SELECT agent, place, target, toUInt32(good) AS good FROM (\(all)) WHERE is_bad) AS bad
            USING agent, place, target
            WHERE toUInt32(minute) > good GROUP BY agent, place, target LIMIT \(Self.mostPaths)
            """, as: Fails.self
        ).filter { $0.bad_sent >= FleetRules.leastLost }
        var good: [[String]: Good] = [:]
        for one in try await goodWays(of: bad, span) { good[[one.agent, one.place, one.target]] = one }
        if fails.contains(where: { $0.a_good == 0 }) {
            let before = Self.span(from - FleetRules.lookBack, from)
            let never = "SELECT agent, place, target FROM (\(all)) WHERE is_bad AND toUInt32(good) = 0"
            for one in try await goodWays(of: never, before) { good[[one.agent, one.place, one.target]] = one }
        }
        var broken: [FleetCauses.Broken] = []
        var silent = 0
        for row in fails {
            guard let way = good[[row.agent, row.place, row.target]], way.good > 0 else {
                silent += 1
                continue
            }
            broken.append(
                FleetCauses.Broken(
                    FleetPath(agent: row.agent, place: row.place, target: row.target, host: row.a_host),
                    since: Self.time(row.a_good == 0 ? way.good + 60 : row.since), way: way.way.map { IPAddress($0) },
                    answering: Set(row.answering.compactMap { IPAddress($0) })))
        }
        let (paths, unseen) = (Int(counts?.paths ?? 0), Int(counts?.unseen ?? 0))
        return FleetCauses(
            broken, working: try await working(for: broken, besides: bad, newest),
            paths: paths - unseen - silent, silent: silent, unseen: unseen)
    }

    /// The last ways on which some paths worked.
    private func goodWays(of paths: String, _ span: String) async throws -> [Good] {
        try await engine.rows(
            """
            SELECT agent, place, target, argMaxIf(path, minute, lost < sent) AS way,
                toInt64(toUInt32(maxIf(minute, lost < sent))) AS good
            FROM paths WHERE \(span) AND (agent, place, target) GLOBAL IN (\(paths))
            GROUP BY agent, place, target LIMIT \(Self.mostPaths)
            """, as: Good.self)
    }

    /// How many paths that work went lately through each hop that may be to blame.
    private func working(
        for broken: [FleetCauses.Broken], besides bad: String, _ newest: Int64
    ) async throws -> [FleetNode: Int] {
        let suspects = Set(broken.flatMap(\.suspects).map(\.node.address))
        guard !suspects.isEmpty else { return [:] }
        let list = suspects.sorted().map { ClickHouse.quoted("\($0)") }.joined(separator: ", ")
        let first = Self.time(newest) - FleetRules.recently
        let rows = try await engine.rows(
            """
            SELECT hop, place, arraySlice(way, 1, number + 4) AS prefix, toUInt32(number) AS i,
                toUInt32(uniqExact(agent, place, target)) AS paths
            FROM (
                SELECT DISTINCT agent, place, target, path AS way FROM paths
                WHERE \(Self.span(first, Self.time(newest + 60))) AND lost < sent
                    AND (agent, place, target) GLOBAL NOT IN (\(bad))
            ) ARRAY JOIN way AS hop, arrayEnumerate(way) AS number
            WHERE hop IN (\(list)) GROUP BY hop, place, prefix, number
            """, as: Passing.self)
        var working: [FleetNode: Int] = [:]
        for row in rows where row.i >= 1 && row.i <= row.prefix.count {
            let way = FleetNode.way(row.prefix.map { IPAddress($0) }, from: row.place)
            if let node = way[row.i - 1] { working[node, default: 0] += row.paths }
        }
        return working
    }

    // MARK: Networks

    private struct Use: Decodable {
        let system: UInt32
        let ever, all_sent, all_lost: Int64
    }

    private struct Share: Decodable {
        let system: UInt32
        let number: Int64
    }

    private struct Minute: Decodable {
        let agent, place, target: String
        let at, sent, lost, sum_us: Int64
        let systems: [UInt32]
    }

    package func networks(from: UTCTime, to: UTCTime) async throws -> FleetNetworks {
        let span = Self.span(from, to)
        // Side by side, for each has a thread of the engine where it says FINAL.
        async let uses = engine.rows(
            """
            SELECT system, toInt64(uniqExact(agent, place, target)) AS ever,
                toInt64(sumIf(sent, lost < sent)) AS all_sent, toInt64(sumIf(lost, lost < sent)) AS all_lost
            FROM (SELECT agent, place, target, sent, lost, asns FROM paths FINAL WHERE \(span))
            ARRAY JOIN arrayDistinct(asns) AS system WHERE system != 0 GROUP BY system
            """, as: Use.self)
        // Minutes without an answer, each with the last way before it on which the target was reached.
        async let unanswered = engine.rows(
            """
            SELECT system, toInt64(sum(probes)) AS number
            FROM (
                SELECT ways[nth] AS way, probes
                FROM (
                    SELECT groupArray(minute) AS times, arraySort((x, t) -> t, groupArray(sent), times) AS all_probes,
                        arraySort((x, t) -> t, groupArray(toUInt8(lost = sent)), times) AS silent,
                        arraySort((x, t) -> t, groupArray(toUInt8(lost < sent AND arrayExists(x -> x != 0, asns))), times) AS good,
                        arrayFilter((x, g) -> g, arraySort((x, t) -> t, groupArray(asns), times), good) AS ways,
                        arrayCumSum(good) AS numbers
                    FROM (
                        SELECT agent, place, target, minute, sent, lost, asns FROM paths FINAL
                        WHERE \(span) AND (agent, place, target) GLOBAL IN (
                            SELECT agent, place, target FROM paths WHERE \(span) GROUP BY agent, place, target
                            HAVING countIf(lost = sent) > 0 LIMIT \(Self.mostPaths)
                        )
                    ) GROUP BY agent, place, target
                ) ARRAY JOIN all_probes AS probes, silent AS is_silent, numbers AS nth
                WHERE is_silent = 1 AND nth > 0
            ) ARRAY JOIN arrayDistinct(way) AS system WHERE system != 0 GROUP BY system
            """, as: Share.self)
        // Those of the last way on which each worked.
        async let now = engine.rows(
            """
            SELECT system, toInt64(count()) AS number
            FROM (
                SELECT argMaxIf(asns, minute, lost < sent AND arrayExists(x -> x != 0, asns)) AS last FROM paths
                WHERE \(span) GROUP BY agent, place, target
            ) ARRAY JOIN arrayDistinct(last) AS system WHERE system != 0 GROUP BY system
            """, as: Share.self)
        // Networks one after the other, each once where it begins.
        let systems = """
            arrayFilter(x -> x != 0, asns) AS known,
                arrayFilter((x, i) -> i = 1 OR x != known[i - 1], known, arrayEnumerate(known)) AS systems
            """
        async let minutes = engine.rows(
            """
            SELECT agent, place, target, toInt64(toUInt32(minute)) AS at, toInt64(sent) AS sent, toInt64(lost) AS lost,
                toInt64(rtt_sum_us) AS sum_us, systems
            FROM (
                SELECT agent, place, target, minute, sent, lost, rtt_sum_us, \(systems)
                FROM paths FINAL WHERE \(span) AND lost < sent AND (agent, place, target) GLOBAL IN (
                    SELECT agent, place, target FROM (
                        SELECT agent, place, target, \(systems) FROM paths WHERE \(span) AND lost < sent
                    ) WHERE notEmpty(systems) GROUP BY agent, place, target HAVING uniqExact(systems) > 1 LIMIT 1000
                )
            ) ORDER BY target, place, agent, at LIMIT 500000
            """, as: Minute.self)
        let silence = Dictionary(try await unanswered.map { ($0.system, $0.number) }, uniquingKeysWith: { $1 })
        let carrying = Dictionary(try await now.map { ($0.system, Int($0.number)) }, uniquingKeysWith: { $1 })
        var ways: [FleetWay] = []
        for row in try await minutes {
            ways.join(
                FleetWay(
                    FleetPath(agent: row.agent, place: row.place, target: row.target, host: row.target), hops: [],
                    systems: row.systems, since: Self.time(row.at), until: Self.time(row.at + 60), sent: Int(row.sent),
                    lost: Int(row.lost), roundTrips: .microseconds(row.sum_us)))
        }
        return FleetNetworks(
            try await uses.map { row in
                let silent = silence[row.system] ?? 0
                return FleetNetworks.Network(
                    system: row.system, now: carrying[row.system] ?? 0, ever: Int(row.ever),
                    lossPercent: 100 * Double(row.all_lost + silent) / Double(max(1, row.all_sent + silent)))
            }, moves: FleetNetworks.moves(ways.byPath))
    }
}
