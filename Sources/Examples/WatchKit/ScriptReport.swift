package import GeoKit
package import TraceCore

/// The report of the older monitoring script: a path, and what the machine knew of itself that asked.
package struct ScriptReport: Sendable, Hashable {
    /// An address that answered at a hop.
    package struct Answer: Sendable, Hashable {
        /// The address.
        package var address: IPAddress
        /// Its name, or the address again.
        package var hostname: UntrustedText
        /// The first round trip to it.
        package var rtt: Duration
        /// Where it is, if that is known.
        package var coordinate: Coordinate?
    }

    /// The answers by the number of the hop; hops where nobody answered are not in it.
    package var hops: [Int: [Answer]]
    /// When the trace began.
    package var start: UTCTime
    /// When it was over.
    package var end: UTCTime
    /// What the machine knew of itself, where it was this one that asked.
    package var machine: MachineFacts?
    /// The address that others see, where a service was asked for it.
    package var publicAddress: IPAddress?

    /// How many hops there are to the last that answered.
    package var hopCount: Int { hops.keys.max() ?? 0 }

    /// The report of a trace.
    package init(_ located: LocatedTrace, from start: UTCTime, to end: UTCTime) {
        (self.start, self.end) = (start, end)
        hops = [:]
        for (hop, places) in zip(located.trace.hops, located.hops) {
            let answers = places.responders.compactMap { responder -> Answer? in
                guard let reply = (hop.replies + hop.late).first(where: { $0.from == responder.address }) else {
                    return nil
                }
                return Answer(
                    address: reply.from, hostname: reply.name ?? UntrustedText("\(reply.from)"), rtt: reply.rtt,
                    coordinate: responder.place?.coordinate)
            }
            if !answers.isEmpty { hops[hop.ttl] = answers }
        }
    }
}

// MARK: - As JSON

extension ScriptReport {
    /// The report in the script's form.
    package var json: JSON.Value {
        var members: [JSON.Value.Member] = []
        if let machine { members.append(.init("ifaces", .array(machine.interfaces.map(\.json)))) }
        members.append(
            .init("hops", .object(hops.sorted { $0.key < $1.key }.map { .init("\($0)", .array($1.map(\.json))) })))
        members.append(.init("probe_start", Self.milliseconds(start)))
        members.append(.init("probe_end", Self.milliseconds(end)))
        if let publicAddress { members.append(.init("pub_ip", .string("\(publicAddress)"))) }
        if let machine { members.append(.init("routes", .array(machine.routes.map(\.json)))) }
        return .object(members)
    }

    private static func milliseconds(_ time: UTCTime) -> JSON.Value {
        .double(Double(time.microsecondsSince1970) / 1_000)
    }

    /// Reads what the script, or this program, has written.
    ///
    /// - Throws: What is wrong, with its place.
    package init(json: JSON.Value) throws(ProbeError) {
        guard case .object(let members)? = json["hops"] else {
            throw Self.refusal("there is no object `hops`")
        }
        guard let start = Self.time(json["probe_start"]), let end = Self.time(json["probe_end"]) else {
            throw Self.refusal("`probe_start` and `probe_end` are numbers of milliseconds since 1970")
        }
        (self.start, self.end) = (start, end)
        hops = [:]
        for member in members {
            guard let number = Int(member.name), (1...255).contains(number) else {
                throw Self.refusal("\(UntrustedText(member.name).debugDescription) is no number of a hop")
            }
            guard case .array(let values) = member.value, values.count <= 255 else {
                throw Self.refusal("hop \(number) is no list of answers")
            }
            var answers: [Answer] = []
            for value in values { answers.append(try Answer(json: value, hop: number)) }
            if !answers.isEmpty { hops[number] = answers }
        }
        publicAddress = json["pub_ip"]?.text.flatMap { IPAddress($0) }
    }

    /// The reports of a file: one, a list of them, or one a line.
    ///
    /// - Throws: What is wrong, with its place.
    package static func list(in bytes: [UInt8]) throws(ProbeError) -> [ScriptReport] {
        var values: [(place: String?, value: JSON.Value)] = []
        do {
            switch try JSON.Value(parsing: bytes) {
            case .array(let all): values = all.enumerated().map { ("report \($0.offset + 1)", $0.element) }
            case let value: values = [(nil, value)]
            }
        } catch {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 <= 0x20 }) {
                guard let value = try? JSON.Value(parsing: Array(line)) else {
                    throw refusal(index == 0 ? "\(error)" : "line \(index + 1) is no JSON")
                }
                values.append(("line \(index + 1)", value))
            }
        }
        var reports: [ScriptReport] = []
        for (place, value) in values {
            do throws(ProbeError) {
                reports.append(try ScriptReport(json: value))
            } catch {
                throw ProbeError(error.code, error.message + (place.map { " (\($0))" } ?? ""))
            }
        }
        guard !reports.isEmpty else { throw refusal("it is empty") }
        return reports
    }

    private static func time(_ value: JSON.Value?) -> UTCTime? {
        guard let number = value?.number, number.magnitude < 4e15 else { return nil }
        return UTCTime(microsecondsSince1970: Int64((number * 1_000).rounded()))
    }

    fileprivate static func refusal(_ what: String) -> ProbeError {
        ProbeError(.badInput, "This is no report of the monitoring script: \(what)")
    }
}

extension ScriptReport.Answer {
    fileprivate static func text(_ rtt: Duration) -> String { "\(rtt.millisecondsText()) ms" }

    /// The answer in the script's form.
    package var json: JSON.Value {
        var members: [JSON.Value.Member] = [
            .init("rtt", .string(Self.text(rtt))), .init("hostname", .string(hostname.raw)),
            .init("ip_address", .string("\(address)")),
        ]
        if let coordinate {
            members.append(.init("latitude", .double(coordinate.latitude)))
            members.append(.init("longitude", .double(coordinate.longitude)))
        }
        return .object(members)
    }

    fileprivate init(json: JSON.Value, hop: Int) throws(ProbeError) {
        guard let address = json["ip_address"]?.text.flatMap({ IPAddress($0) }) else {
            throw ScriptReport.refusal("an answer of hop \(hop) has no address as `ip_address`")
        }
        guard let text = json["rtt"]?.text, text.hasSuffix("ms"), text.utf8.count < 32,
            let number = Double(text.dropLast(2).filter { $0 != " " }), number >= 0,
            let rtt = Duration(milliseconds: number)
        else { throw ScriptReport.refusal("an answer of hop \(hop) has no time such as \"3.451 ms\" as `rtt`") }
        (self.address, self.rtt) = (address, rtt)
        let name = json["hostname"]?.text ?? "\(address)"
        hostname = UntrustedText(String(name.prefix(255)))
        if let latitude = json["latitude"]?.number, let longitude = json["longitude"]?.number {
            coordinate = Coordinate(latitude: latitude, longitude: longitude)
        }
    }
}

extension MachineFacts.Interface {
    fileprivate var json: JSON.Value {
        var members: [JSON.Value.Member] = []
        if let mac { members.append(.init("mac", .string(mac))) }
        members.append(.init("ip_address", .string("\(address)")))
        return .object([.init(name, .object(members))])
    }
}

extension MachineFacts.Route {
    fileprivate var json: JSON.Value {
        .object([
            .init(
                gateway.isV6 ? "AF_INET6" : "AF_INET",
                .object([
                    .init("interface", .string(interface)), .init("default", .bool(isDefault)),
                    .init("ip_address", .string("\(gateway)")),
                ]))
        ])
    }
}

extension JSON.Value {
    /// The text that this is.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The number that this is.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}
