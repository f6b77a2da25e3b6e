package import TraceCore

/// A path, and when the probes of a flow took it.
package struct PathSpell: Sendable, Hashable {
    /// The flow.
    package let flow: UInt8
    /// Who answered at each hop, from the first on; nil where nobody did.
    package let hops: [IPAddress?]
    /// Since when.
    package let since: UTCTime
    /// Until when; nil while it lasts.
    package let until: UTCTime?
}

extension StoreWriter {
    /// Notes the path of a flow. As long as it stays the same, nothing is written.
    package func setPath(of target: Int64, flow: UInt8, to hops: [IPAddress?], at time: UTCTime) throws(StoreError) {
        // A comma behind each, so that a path of one silent hop is not one of none.
        let text = hops.map { ($0?.description ?? "") + "," }.joined()
        try database.run("INSERT OR IGNORE INTO path(hops) VALUES(?)", .text(text))
        guard let path = try database.number("SELECT id FROM path WHERE hops = ?", .text(text)) else {
            throw database.damaged("a path has no number")
        }
        let open = try database.number(
            "SELECT path FROM spell WHERE target = ? AND flow = ? AND until IS NULL ORDER BY since DESC LIMIT 1",
            .int(target), .int(flow))
        guard open != path else { return }
        try endPath(of: target, flow: flow, at: time)
        // A clock that was set back may give a time that is taken.
        try database.run(
            "INSERT OR REPLACE INTO spell(target, flow, since, until, path) VALUES(?, ?, ?, NULL, ?)", .int(target),
            .int(flow), .time(time), .int(path))
    }

    /// Notes that the path of a flow is not known from a time on.
    package func endPath(of target: Int64, flow: UInt8, at time: UTCTime) throws(StoreError) {
        try database.run(
            "UPDATE spell SET until = max(since, ?) WHERE target = ? AND flow = ? AND until IS NULL", .time(time),
            .int(target), .int(flow))
    }
}

extension StoreReader {
    /// The paths of a target at a time, by their flows.
    package func path(of target: Int64, at time: UTCTime) throws(StoreError) -> [PathSpell] {
        // One end is in a spell, the other is not.
        try paths(of: target, from: time, to: time + .microseconds(1))
    }

    /// The paths of a target in a span of time, by when they began.
    package func paths(of target: Int64, from: UTCTime, to: UTCTime) throws(StoreError) -> [PathSpell] {
        try database.all(
            """
            SELECT flow, hops, since, until FROM spell JOIN path ON path.id = spell.path
            WHERE target = ? AND since < ? AND (until IS NULL OR until > ?) ORDER BY since, flow
            """, .int(target), .time(to), .time(from)
        ) { row throws(StoreError) in
            let hops = row.text(1).split(separator: ",", omittingEmptySubsequences: false)
            return PathSpell(
                flow: UInt8(truncatingIfNeeded: row.int(0)),
                hops: hops.dropLast().map { IPAddress(String($0)) }, since: row.time(2),
                until: row.optionalTime(3))
        }
    }
}
