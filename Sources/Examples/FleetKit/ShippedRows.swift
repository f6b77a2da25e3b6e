package import GeoKit
package import TraceCore
internal import TraceCorePathStore

/// Whose things are sent, and what the store does not know of them.
package struct ShippedNames: Sendable {
    /// What a target is to all vantage points.
    package struct Target: Sendable {
        /// Its name, the same wherever it is watched from.
        package var name: String
        package var host: String
        /// Where its probes come from, if that is another place than here.
        package var place: String?

        package init(name: String, host: String, place: String?) {
            (self.name, self.host, self.place) = (name, host, place)
        }
    }

    /// The name of this vantage point.
    package let agent: String
    /// The target of a name in the store; nil for one that is not watched any more.
    let target: @Sendable (String) -> Target?
    /// The network of an address.
    let network: @Sendable (IPAddress) -> AutonomousSystem?

    package init(
        agent: String, target: @escaping @Sendable (String) -> Target?,
        network: @escaping @Sendable (IPAddress) -> AutonomousSystem? = { _ in nil }
    ) {
        (self.agent, self.target, self.network) = (agent, target, network)
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

    init(_ outgoing: Outgoing, by names: ShippedNames) throws {
        self.names = names
        let paths = JSON.Lines(), hops = JSON.Lines(), changes = JSON.Lines(), alerts = JSON.Lines()
        let runs = JSON.Lines()
        for minute in outgoing.minutes {
            let target = self.target(minute.target)
            try paths.write(path(minute, target))
            for hop in minute.slot.hops { try hops.write(row(hop, minute, target, outgoing.names)) }
            count += 1 + minute.slot.hops.count
        }
        for (target, change) in outgoing.changes { try changes.write(row(change, self.target(target))) }
        for (alert, version) in outgoing.alerts { try alerts.write(row(alert, version)) }
        for run in outgoing.runs { try runs.write(row(run)) }
        count += outgoing.changes.count + outgoing.alerts.count + outgoing.runs.count
        // The hops of a path are there before the path itself.
        lines = [
            ("hops", hops.bytes), ("paths", paths.bytes), ("changes", changes.bytes), ("alerts", alerts.bytes),
            ("runs", runs.bytes),
        ].filter { !$0.1.isEmpty }
    }

    private func target(_ stored: StoredTarget) -> ShippedNames.Target {
        names.target(stored.name) ?? ShippedNames.Target(name: stored.name, host: stored.name, place: nil)
    }

    private mutating func network(of address: IPAddress?) -> AutonomousSystem? {
        guard let address else { return nil }
        if let known = networks[address] { return known }
        let found = names.network(address)
        networks[address] = found
        return found
    }

    private mutating func path(_ minute: Outgoing.Minute, _ target: ShippedNames.Target) -> Path {
        let (slot, end) = (minute.slot, minute.slot.end)
        let path = slot.hops.path
        let labels = minute.target.labels.sorted { $0.key < $1.key }
        let times = RoundTrips(end)
        return Path(
            minute: slot.start.second, target: target.name, place: target.place ?? names.agent, agent: names.agent,
            host: target.host, address: end?.responders.first.map { "\($0.address)" } ?? "", sent: end?.sent ?? 0,
            lost: end?.lost ?? 0, rtt_sum_us: times.sum, rtt_us: times.values, rtt_counts: times.counts,
            path: path.map { $0.map { "\($0)" } ?? "" }, asns: path.map { network(of: $0)?.number ?? 0 },
            label_names: labels.map(\.key), label_values: labels.map(\.value))
    }

    private mutating func row(
        _ hop: PathHistory.Hop, _ minute: Outgoing.Minute, _ target: ShippedNames.Target,
        _ known: [IPAddress: UntrustedText]
    ) -> Hop {
        let address = hop.responders.first?.address
        let system = network(of: address)
        let times = RoundTrips(hop)
        return Hop(
            minute: minute.slot.start.second, target: target.name, place: target.place ?? names.agent,
            agent: names.agent, hop: hop.ttl, address: address.map { "\($0)" } ?? "",
            name: address.flatMap { known[$0]?.escaped } ?? "", asn: system?.number ?? 0,
            network: system?.name?.escaped ?? "", sent: hop.sent, lost: hop.lost, rtt_sum_us: times.sum,
            rtt_us: times.values, rtt_counts: times.counts, addresses: hop.responders.map { "\($0.address)" },
            address_counts: hop.responders.map(\.count))
    }

    private func row(_ change: StoredChange, _ target: ShippedNames.Target) -> Change {
        Change(
            at: change.at.second, at_us: change.at.microsecondsSince1970 % 1_000_000, noticed: change.noticedAt.second,
            agent: names.agent, place: target.place ?? names.agent, target: target.name, kind: change.kind.rawValue,
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
