package import TraceCore

/// What ClickHouse has.
///
/// What is counted is asked with `FINAL`, so that a row that was sent twice counts once; of one target, the rows of each minute become one, which is
/// faster. Where only the newest or the first of something is
/// looked for, that makes no difference, and takes its time.
package struct ClickHouseArchive: PathArchive {
    let engine: ClickHouse
    /// So many paths that fail, or that moved, are looked at one by one.
    static let mostPaths = 20_000

    /// - Throws: That there is no client of HTTP.
    package init(_ settings: ClickHouse.Settings) throws { engine = try ClickHouse(settings) }

    private struct Slot: Decodable {
        let agent, place, a_host: String
        let slot, all_sent, all_lost: Int64
        let median, p90: Double
    }

    package func series(of target: String, from: UTCTime, to: UTCTime, slots: Int) async throws -> [FleetSeries] {
        let wanted = Int64(max(1, slots)) * 60
        let minutes = max(1, (to.second - from.second + wanted - 1) / wanted)
        let length = Self.lengths.first { $0 >= minutes } ?? minutes
        let rows = try await engine.rows(
            """
            SELECT agent, place, a_host, slot, all_sent, all_lost,
                toFloat64(arrayReduce('quantileExactWeighted(0.5)', map.1, map.2)) AS median,
                toFloat64(arrayReduce('quantileExactWeighted(0.9)', map.1, map.2)) AS p90
            FROM (
                SELECT agent, place, any(a_name) AS a_host, intDiv(toUInt32(minute), \(length * 60)) * \(length * 60) AS slot,
                    toInt64(sum(a_sent)) AS all_sent, toInt64(sum(a_lost)) AS all_lost, sumMap(a_us, a_counts) AS map
                FROM (
                    SELECT agent, place, minute, any(host) AS a_name, max(sent) AS a_sent, argMax(lost, sent) AS a_lost,
                        argMax(rtt_us, sent) AS a_us, argMax(rtt_counts, sent) AS a_counts
                    FROM paths WHERE \(Self.span(from, to)) AND target = \(ClickHouse.quoted(target))
                    GROUP BY agent, place, minute
                ) GROUP BY agent, place, slot
            ) ORDER BY place, agent, slot
            """, as: Slot.self)
        var all: [FleetSeries] = []
        for row in rows {
            let path = FleetPath(agent: row.agent, place: row.place, target: target, host: row.a_host)
            if all.last.map({ ($0.path.agent, $0.path.place) != (path.agent, path.place) }) ?? true {
                all.append(FleetSeries(path: path, slotLength: .seconds(length * 60), slots: []))
            }
            all[all.count - 1].slots.append(
                FleetSeries.Slot(
                    start: Self.time(row.slot), sent: Int(row.all_sent), lost: Int(row.all_lost),
                    median: .microseconds(Int64(row.median)), p90: .microseconds(Int64(row.p90))))
        }
        return all
    }

    private struct Detail: Decodable {
        let address, a_name, a_network: String
        let a_number: UInt32
    }

    package func details(
        of addresses: Set<IPAddress>, from: UTCTime, to: UTCTime
    ) async throws -> [IPAddress: FleetDetail] {
        guard !addresses.isEmpty else { return [:] }
        let list = addresses.sorted().prefix(1_000).map { ClickHouse.quoted("\($0)") }.joined(separator: ", ")
        // Who has no name in the last hour has none that matters.
        let rows = try await engine.rows(
            """
            SELECT address, max(name) AS a_name, max(asn) AS a_number, max(network) AS a_network FROM hops
            WHERE \(Self.span(max(from, to - .seconds(3_600)), to)) AND address IN (\(list)) GROUP BY address
            """, as: Detail.self)
        var details: [IPAddress: FleetDetail] = [:]
        for row in rows {
            guard let address = IPAddress(row.address) else { continue }
            details[address] = FleetDetail(
                name: row.a_name.isEmpty ? nil : UntrustedText(row.a_name),
                system: row.a_number == 0 ? nil : row.a_number,
                network: row.a_network.isEmpty ? nil : UntrustedText(row.a_network))
        }
        return details
    }

    private struct Name: Decodable {
        let asn: UInt32
        let a_network: String
    }

    package func names(of systems: Set<UInt32>, from: UTCTime, to: UTCTime) async throws -> [UInt32: UntrustedText] {
        guard !systems.isEmpty else { return [:] }
        let rows = try await engine.rows(
            """
            SELECT asn, max(network) AS a_network FROM hops
            WHERE \(Self.span(max(from, to - .seconds(3_600)), to)) AND asn != 0 GROUP BY asn
            """, as: Name.self)
        return Dictionary(
            rows.filter { !$0.a_network.isEmpty }.map { ($0.asn, UntrustedText($0.a_network)) },
            uniquingKeysWith: { $1 })
    }

    private struct Cell: Decodable {
        let target, place: String
        let all_sent, all_lost, sum_us: Int64
        let is_failing: Int
    }

    private struct Targets: Decodable { let targets: Int }
    private struct Target: Decodable { let target: String }

    package func matrix(from: UTCTime, to: UTCTime, most: Int?) async throws -> FleetMatrix {
        // Of probes after the last minute that was good, three at least: as many as the last one has, or three minutes of one each.
        let cells = """
            SELECT target, place, toInt64(sum(sent)) AS all_sent, toInt64(sum(lost)) AS all_lost,
                toInt64(sum(rtt_sum_us)) AS sum_us, maxIf(minute, lost < sent) AS good, max(minute) AS last,
                toUInt8(good < last AND (argMax(sent, minute) >= \(FleetRules.leastLost) OR last - good >= 180)) AS is_failing
            FROM (SELECT target, place, minute, sent, lost, rtt_sum_us FROM paths FINAL WHERE \(Self.span(from, to)))
            GROUP BY target, place
            """
        var condition = ""
        var all: Int?
        if let most {
            all = try await engine.rows(
                "SELECT toUInt32(uniqExact(target)) AS targets FROM paths WHERE \(Self.span(from, to))",
                as: Targets.self
            ).first?.targets
            // Only where there are more is it asked which are the worst.
            if let all, all > most {
                let worst = try await engine.rows(
                    """
                    SELECT target FROM (\(cells)) GROUP BY target
                    ORDER BY sum(is_failing) DESC, avg(all_lost / all_sent) DESC, target LIMIT \(most)
                    """, as: Target.self)
                condition =
                    " WHERE target IN (\(worst.map { ClickHouse.quoted($0.target) }.joined(separator: ", ")))"
            }
        }
        let rows = try await engine.rows(
            "SELECT target, place, all_sent, all_lost, sum_us, is_failing FROM (\(cells))\(condition)", as: Cell.self)
        return FleetMatrix(
            rows.map { row in
                let (sent, lost) = (Int(row.all_sent), Int(row.all_lost))
                return FleetMatrix.Entry(
                    target: row.target, place: row.place,
                    cell: FleetMatrix.Cell(
                        sent: sent, lost: lost,
                        meanMs: sent > lost ? Double(row.sum_us) / Double(sent - lost) / 1_000 : nil,
                        isFailing: row.is_failing == 1))
            }, of: all)
    }

    /// Lengths of slots that people understand, in minutes.
    static let lengths: [Int64] = [1, 2, 3, 4, 5, 6, 10, 12, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1_440]

    static func time(_ second: Int64) -> UTCTime { UTCTime(microsecondsSince1970: second * 1_000_000) }

    /// The hour comes first in the key: with it, hours that are not asked for are not read.
    static func span(_ from: UTCTime, _ to: UTCTime) -> String {
        "toStartOfHour(minute) >= toStartOfHour(\(ClickHouse.time(from))) AND minute >= \(ClickHouse.time(from)) "
            + "AND minute < \(ClickHouse.time(to))"
    }
}
