/// The tables of many vantage points in ClickHouse.
///
/// All rows are sent at least once, and a row that comes twice is one row: its key says what it is about, and of two with the
/// same key the one with the larger version stays (`ReplacingMergeTree`). That happens when parts are merged, so queries say
/// `FINAL`.
package struct ClickHouseSchema: Sendable {
    /// The name of the database.
    package var database = "pathwatch"
    /// The cluster, where there are several servers; nil for one.
    package var cluster: String?
    /// Whether each shard has several servers with the same rows, which takes ZooKeeper or ClickHouse Keeper.
    package var isReplicated = false

    package init() {}

    /// A table: its columns, and how it is kept.
    struct Table {
        let name: String
        let columns: [(name: String, type: String)]
        let version: String
        let month: Bool
        let time: String
        let key: String
        /// What belongs together is on one shard.
        let shard: String
    }

    static let tables = [
        Table(
            name: "paths",
            columns: [
                ("minute", "DateTime"), ("target", "String"), ("place", "String"), ("agent", "String"),
                ("host", "String"),
                ("address", "String"), ("sent", "UInt32"), ("lost", "UInt32"), ("rtt_sum_us", "UInt64"),
                ("rtt_us", "Array(UInt32)"), ("rtt_counts", "Array(UInt32)"), ("path", "Array(String)"),
                ("asns", "Array(UInt32)"), ("label_names", "Array(String)"), ("label_values", "Array(String)"),
            ], version: "sent", month: false, time: "minute",
            key: "toStartOfHour(minute), target, place, agent, minute", shard: "cityHash64(agent, target)"),
        Table(
            name: "hops",
            columns: [
                ("minute", "DateTime"), ("target", "String"), ("place", "String"), ("agent", "String"),
                ("hop", "UInt8"),
                ("address", "String"), ("name", "String"), ("asn", "UInt32"), ("network", "String"), ("sent", "UInt32"),
                ("lost", "UInt32"), ("rtt_sum_us", "UInt64"), ("rtt_us", "Array(UInt32)"),
                ("rtt_counts", "Array(UInt32)"),
                ("addresses", "Array(String)"), ("address_counts", "Array(UInt32)"),
            ], version: "sent", month: false, time: "minute",
            key: "toStartOfHour(minute), target, place, agent, minute, hop", shard: "cityHash64(agent, target)"),
        Table(
            name: "changes",
            columns: [
                ("at", "DateTime"), ("at_us", "UInt32"), ("noticed", "DateTime"), ("agent", "String"),
                ("place", "String"),
                ("target", "String"), ("kind", "String"), ("hop", "UInt8"), ("body", "String"), ("version", "UInt64"),
            ], version: "version", month: true, time: "at", key: "at, target, place, agent, kind, hop, at_us",
            shard: "cityHash64(agent, target)"),
        Table(
            name: "alerts",
            columns: [
                ("since", "DateTime"), ("agent", "String"), ("id", "String"), ("rule", "String"), ("is_open", "UInt8"),
                ("until", "DateTime"), ("label_names", "Array(String)"), ("label_values", "Array(String)"),
                ("body", "String"),
                ("version", "UInt64"),
            ], version: "version", month: true, time: "since", key: "since, agent, id", shard: "cityHash64(agent, id)"),
        Table(
            name: "runs",
            columns: [
                ("created", "DateTime"), ("agent", "String"), ("id", "String"), ("verb", "String"),
                ("target", "String"),
                ("method", "String"), ("path", "Array(String)"), ("report", "String"), ("version", "UInt64"),
            ], version: "version", month: true, time: "created", key: "created, agent, id",
            shard: "cityHash64(agent, id)"),
        // Of packets between agents: who received is the agent, who sent the peer.
        Table(
            name: "mesh",
            columns: [
                ("minute", "DateTime"), ("agent", "String"), ("peer", "String"), ("sent", "UInt32"),
                ("received", "UInt32"),
            ], version: "sent", month: false, time: "minute", key: "toStartOfHour(minute), agent, peer, minute",
            shard: "cityHash64(agent, peer)"),
    ]

    /// The statements that make the tables, each with a semicolon.
    package var statements: [String] {
        let everywhere = cluster.map { isReplicated ? " ON CLUSTER \($0)" : "" } ?? ""
        return ["CREATE DATABASE IF NOT EXISTS \(database)\(everywhere);"]
            + Self.tables.flatMap { statements($0, everywhere) }
    }

    private func statements(_ table: Table, _ everywhere: String) -> [String] {
        let columns = table.columns.map { "    \($0.name) \($0.type)" }.joined(separator: ",\n")
        let local = cluster == nil ? table.name : "\(table.name)_local"
        let engine =
            isReplicated
            ? "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/\(database).\(table.name)', '{replica}', \(table.version))"
            : "ReplacingMergeTree(\(table.version))"
        let part = "\(table.month ? "toYYYYMM" : "toYYYYMMDD")(\(table.time))"
        let own = """
            CREATE TABLE IF NOT EXISTS \(database).\(local)\(everywhere) (
            \(columns)
            ) ENGINE = \(engine)
            PARTITION BY \(part)
            ORDER BY (\(table.key));
            """
        guard let cluster else { return [own] }
        let all = """
            CREATE TABLE IF NOT EXISTS \(database).\(table.name)\(everywhere) AS \(database).\(local)
            ENGINE = Distributed(\(cluster), \(database), \(local), \(table.shard));
            """
        return [own, all]
    }
}
