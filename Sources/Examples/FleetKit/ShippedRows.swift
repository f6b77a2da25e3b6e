package import GeoKit
package import TraceCore
internal import TraceCorePathStore

/// Who sends, and what the store does not know of what it sends.
package struct ShippedNames: Sendable {
    /// The name of this vantage point.
    package let agent: String
    /// The network of an address.
    let network: @Sendable (IPAddress) -> AutonomousSystem?

    package init(
        agent: String, network: @escaping @Sendable (IPAddress) -> AutonomousSystem? = { _ in nil }
    ) {
        (self.agent, self.network) = (agent, network)
    }
}

/// The rows of what is sent, as the tables have them: lines of JSON.
///
/// They are written member by member and as things are read, for it is thousands each time: so only their text is in memory, and
/// what many of them have in common is written once.
struct ShippedRows: Sendable {
    /// A thing, and its rows.
    struct Thing: Sendable {
        let note: Outgoing.Note
        /// What it is, for people.
        let name: String
        /// None where the store does not have it any more.
        let rows: Int
        /// Where its rows end in the text of each table.
        fileprivate let ends: [Int]
    }

    /// The hops of a path are there before the path itself.
    private enum Table: Int, CaseIterable { case hops, paths, changes, alerts, runs }

    private(set) var things: [Thing] = []
    private var texts = Table.allCases.map { _ in JSONOutput() }
    private let names: ShippedNames
    private var networks: [IPAddress: AutonomousSystem?] = [:]
    /// What the rows of hops say of whoever answered.
    private var members: [IPAddress?: [UInt8]] = [:]

    init(by names: ShippedNames) { self.names = names }

    /// Adds a thing.
    ///
    /// - Parameter name: The name of an address, as far as it is known.
    mutating func add(_ thing: Outgoing, name: (IPAddress) throws(StoreError) -> UntrustedText?) throws(StoreError) {
        var rows = 1
        switch thing.content {
        case .minute(let minute):
            let target = FleetPath(minute.target, agent: names.agent)
            // What the row of the path and those of its hops begin with.
            var start = JSONOutput()
            start.add("minute", minute.slot.start.second)
            start.add("target", target.target)
            start.add("place", target.place)
            start.add("agent", names.agent)
            add(minute, target, start.bytes)
            for hop in minute.slot.hops { add(hop, start.bytes, try members(of: hop.responders.first?.address, name)) }
            rows += minute.slot.hops.count
        case .change(let target, let change): add(change, FleetPath(target, agent: names.agent))
        case .alert(let alert, let version): add(alert, version)
        case .run(let run): add(run)
        case .missing: rows = 0
        }
        things.append(
            Thing(note: thing.note, name: thing.name, rows: rows, ends: texts.map(\.bytes.count)))
    }

    /// The lines of some of the things, by table.
    func lines(of things: Range<Int>) -> [(table: String, bytes: [UInt8])] {
        guard let last = things.last else { return [] }
        return Table.allCases.compactMap { table in
            let text = texts[table.rawValue].bytes
            let start = things.lowerBound > 0 ? self.things[things.lowerBound - 1].ends[table.rawValue] : 0
            let range = start..<self.things[last].ends[table.rawValue]
            // All of it is megabytes, which need no copy.
            return range.isEmpty ? nil : ("\(table)", range == text.indices ? text : Array(text[range]))
        }
    }

    /// How many rows some of the things have.
    func count(of things: Range<Int>) -> Int { self.things[things].reduce(0) { $0 + $1.rows } }

    private mutating func write(_ table: Table, _ row: (inout JSONOutput) -> Void) {
        texts[table.rawValue].bytes.append(UInt8(ascii: "{"))
        row(&texts[table.rawValue])
        texts[table.rawValue].bytes.append(UInt8(ascii: "}"))
        texts[table.rawValue].newline()
    }

    private mutating func network(of address: IPAddress?) -> AutonomousSystem? {
        guard let address else { return nil }
        if let known = networks[address] { return known }
        let found = names.network(address)
        networks[address] = found
        return found
    }

    private mutating func members(
        of address: IPAddress?, _ name: (IPAddress) throws(StoreError) -> UntrustedText?
    ) throws(StoreError) -> [UInt8] {
        if let known = members[address] { return known }
        let system = network(of: address)
        var output = JSONOutput()
        output.add("address", address.map { "\($0)" } ?? "")
        output.add("name", try address.flatMap(name)?.escaped ?? "")
        output.add("asn", Int64(system?.number ?? 0))
        output.add("network", system?.name?.escaped ?? "")
        members[address] = output.bytes
        return output.bytes
    }

    private mutating func add(_ minute: Outgoing.Minute, _ target: FleetPath, _ start: [UInt8]) {
        let end = minute.slot.end
        let path = minute.slot.hops.path
        let systems = path.map { Int64(network(of: $0)?.number ?? 0) }
        write(.paths) { row in
            row.bytes.append(contentsOf: start)
            row.add("host", target.host)
            row.add("address", end?.responders.first.map { "\($0.address)" } ?? "")
            row.add(end)
            row.add("path", addresses: path)
            row.add("asns", numbers: systems)
            row.add(labels: minute.target.labels.filter { !$0.key.hasPrefix(".") })
        }
    }

    private mutating func add(_ hop: PathHistory.Hop, _ start: [UInt8], _ members: [UInt8]) {
        write(.hops) { row in
            row.bytes.append(contentsOf: start)
            row.add("hop", Int64(hop.ttl))
            row.bytes.append(UInt8(ascii: ","))
            row.bytes.append(contentsOf: members)
            row.add(hop)
            row.add("addresses", addresses: hop.responders.map(\.address))
            row.add("address_counts", numbers: hop.responders.map { Int64($0.count) })
        }
    }

    private mutating func add(_ change: StoredChange, _ target: FleetPath) {
        let agent = names.agent
        write(.changes) { row in
            row.add("at", change.at.second)
            row.add("at_us", change.at.microsecondsSince1970 % 1_000_000)
            row.add("noticed", change.noticedAt.second)
            row.add("agent", agent)
            row.add("place", target.place)
            row.add("target", target.target)
            row.add("kind", change.kind.rawValue)
            row.add("hop", Int64(change.hop))
            row.add("body", String(decoding: change.body, as: UTF8.self))
            row.add("version", change.noticedAt.microsecondsSince1970)
        }
    }

    private mutating func add(_ alert: StoredAlert, _ version: Int64) {
        let agent = names.agent
        write(.alerts) { row in
            row.add("since", alert.since.second)
            row.add("agent", agent)
            row.add("id", alert.key)
            row.add("rule", alert.rule)
            row.add("is_open", alert.resolved == nil ? 1 : 0)
            row.add("until", alert.resolved?.second ?? 0)
            row.add(labels: (try? JSON.decode([String: String].self, from: alert.labels)) ?? [:])
            row.add("body", String(decoding: alert.body, as: UTF8.self))
            row.add("version", version)
        }
    }

    private mutating func add(_ run: StoredRun) {
        let agent = names.agent
        write(.runs) { row in
            row.add("created", run.created.second)
            row.add("agent", agent)
            row.add("id", run.id)
            row.add("verb", run.verb)
            row.add("target", run.target)
            row.add("method", run.method)
            row.add("path", texts: run.hops.map { $0.ip ?? "" })
            row.add("report", String(decoding: run.report, as: UTF8.self))
            row.add("version", run.created.microsecondsSince1970)
        }
    }
}

/// A row, member by member.
extension JSONOutput {
    /// A comma is between it and what stands before it, if that is not the beginning.
    private mutating func add(key: String) {
        if let last = bytes.last, last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    fileprivate mutating func add(_ key: String, _ text: String) {
        add(key: key)
        write(string: text)
    }

    fileprivate mutating func add(_ key: String, _ number: Int64) {
        add(key: key)
        write(number)
    }

    private mutating func add<Value>(_ key: String, _ values: [Value], _ write: (inout JSONOutput, Value) -> Void) {
        add(key: key)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    fileprivate mutating func add(_ key: String, numbers: [Int64]) {
        add(key, numbers) { $0.write($1) }
    }

    fileprivate mutating func add(_ key: String, texts: [String]) { add(key, texts) { $0.write(string: $1) } }

    fileprivate mutating func add(_ key: String, addresses: [IPAddress?]) {
        add(key, addresses) { output, address in
            if let address { output.write(address) } else { output.write(string: "") }
        }
    }

    fileprivate mutating func add(labels: [String: String]) {
        let labels = labels.sorted { $0.key < $1.key }
        add("label_names", texts: labels.map(\.key))
        add("label_values", texts: labels.map(\.value))
    }

    /// What became of the probes to a hop: a histogram is two columns.
    fileprivate mutating func add(_ hop: PathHistory.Hop?) {
        let times = hop?.roundTrips.microseconds ?? []
        add("sent", Int64(hop?.sent ?? 0))
        add("lost", Int64(hop?.lost ?? 0))
        add("rtt_sum_us", times.reduce(0) { $0 + $1.value * Int64($1.count) })
        add("rtt_us", numbers: times.map(\.value))
        add("rtt_counts", numbers: times.map { Int64($0.count) })
    }
}

extension UTCTime {
    var second: Int64 { microsecondsSince1970 / 1_000_000 }
}
