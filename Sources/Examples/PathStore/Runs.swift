package import TraceCore

/// A run that is over, as it is kept.
package struct StoredRun: Sendable, Hashable {
    /// One hop, and where it is.
    package struct Hop: Sendable, Hashable {
        /// Which hop it is.
        package var hop: Int
        /// Who answered.
        package var ip: String?
        /// Where that is, and whose it is.
        package var country, city, isp: String?
        /// Where that is, in degrees.
        package var latitude, longitude: Double?

        /// A hop; nil for what is not known.
        package init(
            hop: Int, ip: String?, country: String? = nil, city: String? = nil, isp: String? = nil,
            latitude: Double? = nil, longitude: Double? = nil
        ) {
            (self.hop, self.ip, self.country, self.city, self.isp) = (hop, ip, country, city, isp)
            (self.latitude, self.longitude) = (latitude, longitude)
        }
    }

    /// Its name, which no other run has.
    package var id: String
    /// What was done, such as "trace".
    package var verb: String
    /// What was asked for.
    package var target: String
    /// How the probes were sent.
    package var method: String
    /// When it was made.
    package var created: UTCTime
    /// The report, as JSON.
    package var report: [UInt8]
    /// Its events, where they were kept.
    package var events: [UInt8]?
    /// Its hops.
    package var hops: [Hop]

    /// A run that is to be kept; without a name it gets one.
    package init(
        id: String? = nil, verb: String, target: String, method: String, created: UTCTime, report: [UInt8],
        events: [UInt8]? = nil, hops: [Hop] = []
    ) {
        (self.id, self.verb, self.target, self.method) = (id ?? Self.newName(), verb, target, method)
        (self.created, self.report, self.events, self.hops) = (created, report, events, hops)
    }

    /// A random name in the form of RFC 9562, version 4.
    package static func newName() -> String {
        var number = UInt128.random(in: 0 ... .max)
        number = number & ~(0xf << 76) | 4 << 76
        number = number & ~(0x3 << 62) | 2 << 62
        let digits = String(number, radix: 16)
        var name = String(repeating: "0", count: 32 - digits.count) + digits
        for place in [20, 16, 12, 8] { name.insert("-", at: name.index(name.startIndex, offsetBy: place)) }
        return name
    }
}

extension StoreWriter {
    /// Keeps a run.
    ///
    /// - Throws: That its name is taken.
    package func insert(_ run: StoredRun) throws(StoreError) {
        try database.run(
            "INSERT INTO run(id, verb, target, method, created, report, events) VALUES(?, ?, ?, ?, ?, ?, ?)",
            .text(run.id), .text(run.verb), .text(run.target), .text(run.method), .time(run.created), .json(run.report),
            .bytes(run.events))
        let number = database.lastRow
        for hop in run.hops {
            try database.run(
                "INSERT OR REPLACE INTO hop VALUES(?, ?, ?, ?, ?, ?, ?, ?)", .int(number), .int(hop.hop), .text(hop.ip),
                .text(hop.country), .text(hop.city), .text(hop.isp), .real(hop.latitude), .real(hop.longitude))
        }
        try noteOutgoing(.run, number)
    }

    /// Forgets a run; whether it was there.
    @discardableResult
    package func removeRun(_ id: String) throws(StoreError) -> Bool {
        try database.run("DELETE FROM run WHERE id = ?", .text(id)) > 0
    }
}

extension StoreReader {
    /// The newest runs, without their reports, events and hops; before the run of a name, where one is given.
    package func runs(limit: Int, before id: String? = nil) throws(StoreError) -> [StoredRun] {
        var last = Int64.max
        if let id { last = try database.number("SELECT number FROM run WHERE id = ?", .text(id)) ?? .max }
        return try database.all(
            "SELECT id, verb, target, method, created FROM run WHERE number < ? ORDER BY number DESC LIMIT ?",
            .int(last), .int(limit)
        ) { row in
            StoredRun(
                id: row.text(0), verb: row.text(1), target: row.text(2), method: row.text(3), created: row.time(4),
                report: [])
        }
    }

    /// The name of the run that was kept last.
    package func newestRun() throws(StoreError) -> String? {
        try database.first("SELECT id FROM run ORDER BY number DESC LIMIT 1") { $0.text(0) }
    }

    /// The name of the run for a target that was kept last, of those that were made in the same way.
    package func newestRun(of target: String, method: String) throws(StoreError) -> String? {
        try database.first(
            "SELECT id FROM run WHERE target = ? AND method = ? ORDER BY number DESC LIMIT 1", .text(target),
            .text(method)
        ) { $0.text(0) }
    }

    /// The names of runs that begin with a text, at most two of them; a name that is the text alone is the only one.
    package func runNames(beginningWith text: String) throws(StoreError) -> [String] {
        if let name = try database.first("SELECT id FROM run WHERE id = ?", .text(text), read: { $0.text(0) }) {
            return [name]
        }
        return try database.all(
            "SELECT id FROM run WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2", .text(text)
        ) { $0.text(0) }
    }

    /// A run with all that is kept of it.
    package func run(_ id: String) throws(StoreError) -> StoredRun? {
        try withHops(
            database.first(
                "SELECT id, verb, target, method, created, report, events, number FROM run WHERE id = ?", .text(id),
                read: run))
    }

    /// The run with a number, without its events.
    func run(numbered number: Int64) throws(StoreError) -> StoredRun? {
        try withHops(
            database.first(
                "SELECT id, verb, target, method, created, report, NULL, number FROM run WHERE number = ?",
                .int(number), read: run))
    }

    private func run(_ row: SQLRow) -> (run: StoredRun, number: Int64) {
        let run = StoredRun(
            id: row.text(0), verb: row.text(1), target: row.text(2), method: row.text(3), created: row.time(4),
            report: row.bytes(5), events: row.optionalBytes(6))
        return (run, row.int(7))
    }

    private func withHops(_ found: (run: StoredRun, number: Int64)?) throws(StoreError) -> StoredRun? {
        guard case .some((var run, let number)) = found else { return nil }
        run.hops = try database.all(
            "SELECT hop, ip, country, city, isp, latitude, longitude FROM hop WHERE run = ? ORDER BY hop", .int(number)
        ) { $0.hop(from: 0) }
        return run
    }
}

extension SQLRow {
    /// A hop from seven columns.
    func hop(from column: Int32) -> StoredRun.Hop {
        StoredRun.Hop(
            hop: Int(int(column)), ip: optionalText(column + 1), country: optionalText(column + 2),
            city: optionalText(column + 3), isp: optionalText(column + 4), latitude: real(column + 5),
            longitude: real(column + 6))
    }
}
