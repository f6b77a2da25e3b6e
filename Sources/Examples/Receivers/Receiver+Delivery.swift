internal import TraceCoreHTTP
public import TraceCore

extension Receiver {
    /// The message that tells of an alert. It is made with the decision: whatever comes later, it says the same.
    ///
    /// - Parameters:
    ///   - now: When the decision was made.
    ///   - report: The report of the monitoring script, for a webhook that says it.
    /// - Throws: `EncodingError` for a number that JSON cannot express.
    public func delivery(for alert: Alert, at now: UTCTime, report: JSON.Value? = nil) throws -> Delivery {
        let id = id(of: "\(alert.id)\n\(alert.state.rawValue)\n\(alert.notedAt)")
        let (body, type) = try body(for: alert, id: id, report: report)
        return Delivery(
            id: id, receiver: name, alert: alert.id, body: body, contentType: type, madeAt: now, dueAt: now)
    }

    /// The message that tells once more of all that is still wrong, or nil if the receiver forgets nothing; see
    /// ``refreshInterval``. It need not be kept: the next one says the same.
    public func refresh(of alerts: [Alert], at now: UTCTime) throws -> Delivery? {
        guard refreshInterval != nil, !alerts.isEmpty else { return nil }
        return Delivery(
            id: id(of: "refresh\n\(now)"), receiver: name, alert: "",
            body: try JSON.text(alerts.map(Self.alertmanagerAlert)), contentType: "application/json", madeAt: now,
            dueAt: now)
    }

    /// Equal decisions for one receiver have one id, so that none is kept twice.
    private func id(of decision: String) -> String {
        "msg_" + SHA256.name(of: "\(name)\n\(decision)", bytes: 16)
    }

    private func body(for alert: Alert, id: String, report: JSON.Value?) throws -> (String, type: String) {
        let json = "application/json"
        func value() throws -> JSON.Value { try JSON.Value(parsing: JSON.encode(alert)) }
        switch way {
        case .webhook(_, _, .tracecore):
            let message: JSON.Value = [
                "schemaVersion": .integer(1), "type": .string(alert.eventType),
                "timestamp": .string("\(alert.notedAt)"),
                "data": try value(),
            ]
            return (try JSON.text(message), json)
        case .webhook(_, _, .cloudevents):
            let event: JSON.Value = [
                "specversion": "1.0", "id": .string(id), "source": .string(externalURL ?? "urn:tracecore:alerts"),
                "type": .string(alert.eventType), "subject": .string(alert.id), "time": .string("\(alert.notedAt)"),
                "datacontenttype": "application/json", "data": try value(),
            ]
            return (try JSON.text(event), "application/cloudevents+json")
        case .webhook(_, _, .alertmanager): return (try JSON.text(group(of: alert)), json)
        case .webhook(_, _, .report): return (try JSON.text(report ?? alert.reportWithoutHops), json)
        case .alertmanager: return (try JSON.text([Self.alertmanagerAlert(alert)]), json)
        case .command: return (try JSON.text(alert), json)
        case .output: return (alert.line, "text/plain; charset=utf-8")
        }
    }

    // MARK: Alertmanager

    /// The alert as the API v2 of Alertmanager takes it.
    private static func alertmanagerAlert(_ alert: Alert) -> JSON.Value {
        var members: [JSON.Value.Member] = [
            .init("labels", JSON.Value(sorting: alert.alertmanagerLabels)),
            .init("annotations", JSON.Value(sorting: alert.annotations)),
            .init("startsAt", .string("\(alert.startsAt)")),
        ]
        if let end = alert.endForAlertmanager { members.append(.init("endsAt", .string("\(end)"))) }
        if let link = alert.link { members.append(.init("generatorURL", .string(link))) }
        return .object(members)
    }

    /// The alert as Alertmanager would tell of it: a group of its own.
    private func group(of alert: Alert) -> JSON.Value {
        let (labels, annotations) = (
            JSON.Value(sorting: alert.alertmanagerLabels), JSON.Value(sorting: alert.annotations)
        )
        let one: JSON.Value = [
            "status": .string(alert.state.rawValue), "labels": labels, "annotations": annotations,
            "startsAt": .string("\(alert.startsAt)"),
            // Go's time that is none, as Alertmanager itself has it.
            "endsAt": .string(alert.endForAlertmanager.map { "\($0)" } ?? "0001-01-01T00:00:00Z"),
            "generatorURL": .string(alert.link ?? ""), "fingerprint": .string(alert.id),
        ]
        return [
            "version": "4", "groupKey": .string("{}:{alert=\(UntrustedText(alert.id).debugDescription)}"),
            "truncatedAlerts": .integer(0), "status": .string(alert.state.rawValue), "receiver": .string(name),
            "groupLabels": ["alertname": .string(alert.rule)], "commonLabels": labels,
            "commonAnnotations": annotations, "externalURL": .string(externalURL ?? ""), "alerts": [one],
        ]
    }
}

extension Alert {
    fileprivate var eventType: String { "tracecore.alert.\(state.rawValue)" }

    /// One line for people.
    fileprivate var line: String {
        "\(notedAt) \(state.rawValue) \(UntrustedText(severity).word) \(UntrustedText(rule).word): \(UntrustedText(summary))"
    }

    /// What the monitoring script's report has of an alert without one.
    fileprivate var reportWithoutHops: JSON.Value {
        [
            "hops": [:], "probe_start": .integer(startsAt.microsecondsSince1970 / 1_000),
            "probe_end": .integer(notedAt.microsecondsSince1970 / 1_000),
        ]
    }

    /// The end that makes it resolved, for an event in some minutes; never before the beginning, which would be refused.
    fileprivate var endForAlertmanager: UTCTime? {
        (endsAt ?? (state == .resolved ? notedAt : nil)).map { max($0, startsAt) }
    }

    /// The labels with names as Prometheus allows them, and none without a value.
    fileprivate var alertmanagerLabels: [String: String] {
        var result: [String: String] = [:]
        // Those that need no other name come last, and so win.
        let named = labels.map { (name: Self.labelName($0.key), key: $0.key, value: $0.value) }
        for label in named.sorted(by: { ($0.name == $0.key ? 1 : 0, $0.key) < ($1.name == $1.key ? 1 : 0, $1.key) }) {
            result[label.name] = label.value
        }
        for (name, value) in ["alertname": rule, "kind": kind, "severity": severity] { result[name] = value }
        return result.filter { !$0.value.isEmpty }
    }

    private static func labelName(_ name: String) -> String {
        let letters = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "_"
        }
        let text = String(letters)
        return text.first?.isNumber ?? true ? "_" + text : text
    }

    fileprivate var annotations: [String: String] {
        var texts = ["summary": summary]
        if !details.isEmpty { texts["description"] = details.joined(separator: "\n") }
        if !targets.isEmpty { texts["targets"] = targets.joined(separator: ", ") }
        return texts
    }
}
