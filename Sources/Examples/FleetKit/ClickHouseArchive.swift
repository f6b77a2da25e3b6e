package import TraceCore

/// What ClickHouse has.
package struct ClickHouseArchive: PathArchive {
    private let engine: ClickHouse

    /// - Throws: That there is no client of HTTP.
    package init(_ settings: ClickHouse.Settings) throws { engine = try ClickHouse(settings) }

    private struct Way: Decodable {
        let agent, place, target, a_host: String
        let path: [String]
        let asns: [UInt32]
        let first, last, all_sent, all_lost, sum_us: Int64
    }

    package func ways(from: UTCTime, to: UTCTime, target: String?) async throws -> [FleetWay] {
        let rows = try await engine.rows(
            """
            SELECT agent, place, target, any(host) AS a_host, path, asns, toUInt32(min(minute)) AS first,
                toUInt32(max(minute)) + 60 AS last, toInt64(sum(sent)) AS all_sent, toInt64(sum(lost)) AS all_lost,
                toInt64(sum(rtt_sum_us)) AS sum_us
            FROM (SELECT * FROM paths FINAL WHERE \(Self.span(from, to))\(Self.condition(target)))
            GROUP BY agent, place, target, path, asns, lost = sent ORDER BY target, place, agent, first
            """, as: Way.self)
        return rows.map { row in
            FleetWay(
                FleetPath(agent: row.agent, place: row.place, target: row.target, host: row.a_host),
                hops: row.path.map { IPAddress($0) }, systems: row.asns, since: Self.time(row.first),
                until: Self.time(row.last), sent: Int(row.all_sent), lost: Int(row.all_lost),
                roundTrips: .microseconds(row.sum_us))
        }
    }

    private struct Slot: Decodable {
        let agent, place, a_host: String
        let slot, all_sent, all_lost: Int64
        let values: [Int64], counts: [Int64]
    }

    package func series(of target: String, from: UTCTime, to: UTCTime, slots: Int) async throws -> [FleetSeries] {
        let minutes = max(1, (to.second - from.second) / 60 / Int64(max(1, slots)))
        let length = Self.lengths.first { $0 >= minutes } ?? minutes
        let rows = try await engine.rows(
            """
            SELECT agent, place, any(host) AS a_host, intDiv(toUInt32(minute), \(length * 60)) * \(length * 60) AS slot,
                toInt64(sum(sent)) AS all_sent, toInt64(sum(lost)) AS all_lost, sumMap(rtt_us, rtt_counts) AS map,
                tupleElement(map, 1) AS values, tupleElement(map, 2) AS counts
            FROM (SELECT * FROM paths FINAL WHERE \(Self.span(from, to))\(Self.condition(target)))
            GROUP BY agent, place, slot ORDER BY place, agent, slot
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
                    histogram: zip(row.values, row.counts).map { ($0, Int($1)) }))
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
        // Of names that are known, some: who has none in the last minutes has none that matters.
        let first = max(from, to - .seconds(3_600))
        let rows = try await engine.rows(
            """
            SELECT address, max(name) AS a_name, max(asn) AS a_number, max(network) AS a_network FROM hops
            WHERE \(Self.span(first, to)) AND address IN (\(list)) GROUP BY address
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

    /// Lengths of slots that people understand, in minutes.
    static let lengths: [Int64] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440]

    private static func time(_ second: Int64) -> UTCTime { UTCTime(microsecondsSince1970: second * 1_000_000) }

    /// The hour comes first in the key: with it, hours that are not asked for are not read.
    private static func span(_ from: UTCTime, _ to: UTCTime) -> String {
        "toStartOfHour(minute) >= toStartOfHour(\(ClickHouse.time(from))) AND minute >= \(ClickHouse.time(from)) "
            + "AND minute < \(ClickHouse.time(to))"
    }

    private static func condition(_ target: String?) -> String {
        target.map { " AND target = \(ClickHouse.quoted($0))" } ?? ""
    }
}
