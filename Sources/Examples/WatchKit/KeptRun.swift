package import GeoKit
internal import TraceCore
package import TraceCorePathStore

extension StoredRun {
    /// A trace with its places, as it is kept.
    ///
    /// - Parameters:
    ///   - located: The trace.
    ///   - report: Its report.
    ///   - target: What was asked for.
    ///   - method: How, and from where.
    ///   - events: Its events as lines of JSON, where there are some.
    package init(
        _ located: LocatedTrace, _ report: ScriptReport, of target: String, method: String, events: [UInt8]?
    ) throws {
        let hops = located.hops.map { hop -> Hop in
            guard let responder = hop.responders.first(where: { $0.place != nil }) ?? hop.responders.first else {
                return Hop(hop: hop.ttl, ip: nil)
            }
            let system = responder.systems.first { $0.name != nil } ?? responder.systems.first
            return Hop(
                hop: hop.ttl, ip: "\(responder.address)", country: responder.place?.country?.raw,
                city: responder.place?.city?.raw, isp: system.map { $0.name?.raw ?? "AS\($0.number)" },
                latitude: responder.place?.coordinate?.latitude, longitude: responder.place?.coordinate?.longitude)
        }
        self.init(
            verb: "trace", target: target, method: method, created: report.start, report: try JSON.encode(report.json),
            events: events, hops: hops)
    }

    /// A report of the monitoring script, as it is kept. It always gets the same name, so that it is taken over once.
    ///
    /// - Parameter host: What was asked for; the report does not say it.
    package init(importing report: ScriptReport, of host: String?) throws {
        let last = report.hops.max { $0.key < $1.key }?.value.first
        let target = host ?? last.map { "\($0.address)" } ?? ""
        let hops = report.hops.sorted { $0.key < $1.key }.map { number, answers in
            let answer = answers.first { $0.coordinate != nil } ?? answers.first
            return Hop(
                hop: number, ip: answer.map { "\($0.address)" }, latitude: answer?.coordinate?.latitude,
                longitude: answer?.coordinate?.longitude)
        }
        self.init(
            id: "report-\(report.start.microsecondsSince1970)-\(target)", verb: "trace", target: target, method: "",
            created: report.start, report: try JSON.encode(report.json), hops: hops)
    }

    /// Its report, where it is the monitoring script's.
    package var scriptReport: ScriptReport? {
        (try? JSON.Value(parsing: report)).flatMap { try? ScriptReport(json: $0) }
    }

    /// Its way on a map, by the places that are kept.
    package var route: MapRoute {
        let report = scriptReport
        let hops = hops.map { hop in
            let answer = report?.hops[hop.hop]?.first { "\($0.address)" == hop.ip }
            let coordinate = hop.latitude.flatMap { latitude in
                hop.longitude.flatMap { Coordinate(latitude: latitude, longitude: $0) }
            }
            let name = answer.map { $0.hostname.raw == hop.ip ? $0.hostname.raw : "\($0.hostname.raw) (\($0.address))" }
            return MapRoute.Hop(
                number: hop.hop, coordinate: coordinate, label: UntrustedText(hop.city ?? ""),
                detail: UntrustedText(name ?? hop.ip ?? "no answer"), rtt: answer?.rtt)
        }
        return MapRoute(name: UntrustedText("\(target)  \(created.minuteText)"), hops: hops)
    }

    /// The run as lines for people: a hop a line, with all that answered there, and where it is.
    package var textLines: [String] {
        let words = [verb, UntrustedText(target).word, UntrustedText(method).description].filter { !$0.isEmpty }
        let head = "\(UntrustedText(id))  \(created)  \(words.joined(separator: " "))"
        let report = scriptReport
        let numbers = Set(hops.map(\.hop)).union(report?.hops.keys.map { $0 } ?? []).sorted()
        return [head]
            + numbers.map { number in
                let hop = hops.first { $0.hop == number }
                var words = (report?.hops[number] ?? []).map { answer in
                    let who =
                        answer.hostname.raw == "\(answer.address)"
                        ? "\(answer.address)" : "\(answer.hostname) (\(answer.address))"
                    return "\(who)  \(answer.rtt.millisecondsText()) ms"
                }
                if words.isEmpty { words = [hop?.ip.map { UntrustedText($0).description } ?? "*"] }
                let place = [hop?.city, hop?.country, hop?.isp].compactMap { $0 }.map {
                    UntrustedText($0).escaped(columns: 40)
                }
                let line = words.joined(separator: "  ") + (place.isEmpty ? "" : "  [\(place.joined(separator: ", "))]")
                return "\(number < 10 ? " " : "")\(number)  \(line)"
            }
    }
}

extension PathStore {
    /// The report of the last run for a host that was made in the same way.
    package func lastReport(of target: String, method: String) async throws(StoreError) -> ScriptReport? {
        let run = try await read { (reader) throws(StoreError) -> StoredRun? in
            guard let name = try reader.newestRun(of: target, method: method) else { return nil }
            return try reader.run(name)
        }
        return run?.scriptReport
    }
}

extension UTCTime {
    /// The day and the minute, in UTC.
    fileprivate var minuteText: String {
        String(description.prefix { $0 != "." }.dropLast(3)).replacing("T", with: " ")
    }
}

extension PathStore {
    /// The run of a name, of the beginning of one, or of the word `last`.
    ///
    /// - Throws: That there is none, or that several names begin so.
    package func run(named text: String) async throws -> StoredRun {
        let (names, run) = try await read { (reader) throws(StoreError) -> ([String], StoredRun?) in
            let newest = text == "last" ? try reader.newestRun() : nil
            let names = if let newest { [newest] } else { text.isEmpty ? [] : try reader.runNames(beginningWith: text) }
            return (names, names.count == 1 ? try reader.run(names[0]) : nil)
        }
        if let run { return run }
        throw ProbeError(
            .badInput,
            names.isEmpty
                ? "\(UntrustedText(path).word) has no run \(UntrustedText(text).word)"
                : "Several runs of \(UntrustedText(path).word) begin with \(UntrustedText(text).word)",
            remedy: "pathwatch runs \(UntrustedText(path).word) lists them")
    }
}
