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

/// The rows of what is sent, as the tables have them.
struct ShippedRows {
    private struct Path: Encodable {
        var minute: Int64
        var target, place, agent, host, address: String
        var sent, lost: Int
        var rtt_sum_us: Int64
        var rtt_us: [Int64], rtt_counts: [Int]
        var path: [String]
        var asns: [UInt32]
        var label_names, label_values: [String]
    }

    private struct Hop: Encodable {
        var minute: Int64
        var target, place, agent: String
        var hop: Int
        var address, name: String
        var asn: UInt32
        var network: String
        var sent, lost: Int
        var rtt_sum_us: Int64
        var rtt_us: [Int64], rtt_counts: [Int]
        var addresses: [String], address_counts: [Int]
    }

    private struct Change: Encodable {
        var at, at_us, noticed: Int64
        var agent, place, target, kind: String
        var hop: Int
        var body: String
        var version: Int64
    }

    private struct Alarm: Encodable {
        var since: Int64
        var agent, id, rule: String
        var is_open: Int
        var until: Int64
        var label_names, label_values: [String]
        var body: String
        var version: Int64
    }

    private struct Run: Encodable {
        var created: Int64
        var agent, id, verb, target, method: String
        var path: [String]
        var report: String
        var version: Int64
    }

    /// Lines of JSON, by table.
    private(set) var lines: [(table: String, bytes: [UInt8])] = []
    /// How many rows there are.
    private(set) var count = 0
    private let names: ShippedNames
    private var networks: [IPAddress: AutonomousSystem?] = [:]

    init(
        _ items: ArraySlice<Outgoing.Item>, _ known: [IPAddress: UntrustedText], by names: ShippedNames
    ) throws {
        self.names = names
        let paths = JSON.Lines()
        let hops = JSON.Lines()
        let changes = JSON.Lines()
        let alerts = JSON.Lines()
        let runs = JSON.Lines()
        for item in items {
            switch item.content {
            case .minute(let minute):
                let target = FleetPath(minute.target, agent: names.agent)
                try paths.write(path(minute, target))
                for hop in minute.slot.hops { try hops.write(row(hop, minute, target, known)) }
                count += minute.slot.hops.count
            case .change(let target, let change):
                try changes.write(row(change, FleetPath(target, agent: names.agent)))
            case .alert(let alert, let version): try alerts.write(row(alert, version))
            case .run(let run): try runs.write(row(run))
            case .missing: continue
            }
            count += 1
        }
        // The hops of a path are there before the path itself.
        lines = [
            ("hops", hops.bytes), ("paths", paths.bytes), ("changes", changes.bytes), ("alerts", alerts.bytes),
            ("runs", runs.bytes),
        ].filter { !$0.1.isEmpty }
    }

    private mutating func network(of address: IPAddress?) -> AutonomousSystem? {
        guard let address else { return nil }
        if let known = networks[address] { return known }
        let found = names.network(address)
        networks[address] = found
        return found
    }

    private mutating func path(_ minute: Outgoing.Minute, _ target: FleetPath) -> Path {
        let (slot, end) = (minute.slot, minute.slot.end)
        let path = slot.hops.path
        let labels = minute.target.labels.filter { !$0.key.hasPrefix(".") }.sorted { $0.key < $1.key }
        let times = RoundTrips(end)
        return Path(
            minute: slot.start.second, target: target.target, place: target.place, agent: names.agent,
            host: target.host, address: end?.responders.first.map { "\($0.address)" } ?? "", sent: end?.sent ?? 0,
            lost: end?.lost ?? 0, rtt_sum_us: times.sum, rtt_us: times.values, rtt_counts: times.counts,
            path: path.map { $0.map { "\($0)" } ?? "" }, asns: path.map { network(of: $0)?.number ?? 0 },
            label_names: labels.map(\.key), label_values: labels.map(\.value))
    }

    private mutating func row(
        _ hop: PathHistory.Hop, _ minute: Outgoing.Minute, _ target: FleetPath,
        _ known: [IPAddress: UntrustedText]
    ) -> Hop {
        let address = hop.responders.first?.address
        let system = network(of: address)
        let times = RoundTrips(hop)
        return Hop(
            minute: minute.slot.start.second, target: target.target, place: target.place,
            agent: names.agent, hop: hop.ttl, address: address.map { "\($0)" } ?? "",
            name: address.flatMap { known[$0]?.escaped } ?? "", asn: system?.number ?? 0,
            network: system?.name?.escaped ?? "", sent: hop.sent, lost: hop.lost, rtt_sum_us: times.sum,
            rtt_us: times.values, rtt_counts: times.counts, addresses: hop.responders.map { "\($0.address)" },
            address_counts: hop.responders.map(\.count))
    }

    private func row(_ change: StoredChange, _ target: FleetPath) -> Change {
        Change(
            at: change.at.second, at_us: change.at.microsecondsSince1970 % 1_000_000, noticed: change.noticedAt.second,
            agent: names.agent, place: target.place, target: target.target, kind: change.kind.rawValue,
            hop: change.hop, body: String(decoding: change.body, as: UTF8.self),
            version: change.noticedAt.microsecondsSince1970)
    }

    private func row(_ alert: StoredAlert, _ version: Int64) -> Alarm {
        let labels = ((try? JSON.decode([String: String].self, from: alert.labels)) ?? [:]).sorted { $0.key < $1.key }
        return Alarm(
            since: alert.since.second, agent: names.agent, id: alert.key, rule: alert.rule,
            is_open: alert.resolved == nil ? 1 : 0, until: alert.resolved?.second ?? 0, label_names: labels.map(\.key),
            label_values: labels.map(\.value), body: String(decoding: alert.body, as: UTF8.self), version: version)
    }

    private func row(_ run: StoredRun) -> Run {
        Run(
            created: run.created.second, agent: names.agent, id: run.id, verb: run.verb, target: run.target,
            method: run.method, path: run.hops.map { $0.ip ?? "" }, report: String(decoding: run.report, as: UTF8.self),
            version: run.created.microsecondsSince1970)
    }
}

/// A histogram in two columns.
private struct RoundTrips {
    let values: [Int64]
    let counts: [Int]
    let sum: Int64

    init(_ hop: PathHistory.Hop?) {
        let all = hop?.roundTrips.microseconds ?? []
        (values, counts) = (all.map(\.value), all.map(\.count))
        sum = all.reduce(0) { $0 + $1.value * Int64($1.count) }
    }
}

extension UTCTime {
    var second: Int64 { microsecondsSince1970 / 1_000_000 }
}
