import Testing
import TraceCore
import TraceCoreHTTP

@testable import TraceCoreReceivers

private func webhook(_ body: Receiver.Body) throws -> Receiver {
    var receiver = try receiver(
        #"{"name":"ops","type":"webhook","url":"https://h.example/","body":"\#(body.rawValue)"}"#)
    receiver.externalURL = "https://watch.example/"
    return receiver
}

private let data = #"""
    {"id":"9f3a","rule":"lost","kind":"lost","severity":"critical","state":"firing",
    "startsAt":"2026-11-29T12:00:00.000000Z","notedAt":"2026-11-29T12:00:07.000000Z",
    "labels":{"1st":"yes","empty":"","from":"here","site.name":"b","target":"tokyo"},
    "summary":"tokyo no longer answers","details":["It was 9 hops away.","\u001b[31mred"],"targets":["tokyo","kyoto"],
    "change":{"schemaVersion":2,"change":"targetBack","at":"2026-11-29T12:00:00.000000Z",
    "noticedAt":"2026-11-29T12:00:07.000000Z","hop":9,"outageMs":3000},"link":"https://watch.example/alerts/9f3a"}
    """#
private let labels = #"""
    {"_1st":"yes","alertname":"lost","from":"here","kind":"lost","severity":"critical","site_name":"b","target":"tokyo"}
    """#
private let annotations = #"""
    {"description":"It was 9 hops away.\n\u001b[31mred","summary":"tokyo no longer answers","targets":"tokyo, kyoto"}
    """#

@Suite struct `What a message says` {
    private func body(_ receiver: Receiver, _ alert: Alert = .sample, report: JSON.Value? = nil) throws -> JSON.Value {
        try json(try receiver.delivery(for: alert, at: .noon, report: report).body)
    }

    @Test func `is the alert, as Standard Webhooks recommends it`() throws {
        let (receiver, expected) = (
            try webhook(.tracecore),
            #"{"schemaVersion":1,"type":"tracecore.alert.firing","timestamp":"2026-11-29T12:00:07.000000Z","data":"#
        )
        #expect(try body(receiver) == json(expected + data + "}"))
        let end = try body(receiver, .sample.resolved())
        #expect(end["type"] == "tracecore.alert.resolved" && end["data"]?["endsAt"] == "2026-11-29T12:01:00.000000Z")
        #expect(try JSON.decode(Alert.self, from: Array(data.utf8)) == .sample)
    }

    @Test func `is a CloudEvent`() throws {
        let receiver = try webhook(.cloudevents)
        let delivery = try receiver.delivery(for: .sample, at: .noon)
        #expect(delivery.contentType == "application/cloudevents+json")
        #expect(
            try json(delivery.body)
                == json(
                    #"{"specversion":"1.0","id":"\#(delivery.id)","source":"https://watch.example/","#
                        + #""type":"tracecore.alert.firing","subject":"9f3a","time":"2026-11-29T12:00:07.000000Z","#
                        + #""datacontenttype":"application/json","data":\#(data)}"#))
    }

    @Test(arguments: [false, true]) func `is what Alertmanager tells its webhooks`(_ isResolved: Bool) throws {
        let (state, end) = isResolved ? ("resolved", "2026-11-29T12:01:00.000000Z") : ("firing", "0001-01-01T00:00:00Z")
        #expect(
            try body(webhook(.alertmanager), isResolved ? .sample.resolved() : .sample)
                == json(
                    #"{"version":"4","groupKey":"{}:{alert=\"9f3a\"}","truncatedAlerts":0,"status":"\#(state)","#
                        + #""receiver":"ops","groupLabels":{"alertname":"lost"},"commonLabels":\#(labels),"#
                        + #""commonAnnotations":\#(annotations),"externalURL":"https://watch.example/","alerts":["#
                        + #"{"status":"\#(state)","labels":\#(labels),"annotations":\#(annotations),"#
                        + #""startsAt":"2026-11-29T12:00:00.000000Z","endsAt":"\#(end)","#
                        + #""generatorURL":"https://watch.example/alerts/9f3a","fingerprint":"9f3a"}]}"#))
    }

    @Test func `is the report of the monitoring script`() throws {
        let report = try json(#"{"ifaces":[],"hops":{"1":[{"rtt":"3.451 ms"}]},"probe_start":1,"probe_end":2}"#)
        #expect(try body(webhook(.report), report: report) == report)
        #expect(
            try body(webhook(.report))
                == json(#"{"hops":{},"probe_start":1795953600000,"probe_end":1795953607000}"#))
    }

    @Test func `is what Alertmanager takes`() throws {
        let receiver = try receiver(#"{"name":"am","type":"alertmanager","url":"https://h.example"}"#)
        func expected(_ end: String) -> String {
            #"{"labels":\#(labels),"annotations":\#(annotations),"startsAt":"2026-11-29T12:00:00.000000Z","#
                + end + #""generatorURL":"https://watch.example/alerts/9f3a"}"#
        }
        #expect(try body(receiver) == json("[\(expected(""))]"))
        #expect(
            try body(receiver, .sample.resolved())
                == json("[\(expected(#""endsAt":"2026-11-29T12:01:00.000000Z","#))]"))
        var other = Alert.sample
        (other.link, other.labels, other.details, other.targets) = (
            nil, ["a-b": "1", "a_b": "2", "ü": "3", "": "4"], [], []
        )
        let refresh = try #require(try receiver.refresh(of: [.sample, other], at: .noon))
        #expect(refresh.alert.isEmpty && refresh.receiver == "am")
        #expect(
            try json(refresh.body)
                == json(
                    "[\(expected("")),"
                        // A name that is right as it is wins over one that was made right; so does one of ours.
                        + #"{"labels":{"_":"3","a_b":"2","alertname":"lost","kind":"lost","severity":"critical"},"#
                        + #""annotations":{"summary":"tokyo no longer answers"},"startsAt":"2026-11-29T12:00:00.000000Z"}]"#
                ))
        #expect(try receiver.refresh(of: [], at: .noon) == nil)
        #expect(try webhook(.tracecore).refresh(of: [.sample], at: .noon) == nil)
    }

    @Test func `never ends an alert before it began`() throws {
        var alert = Alert.sample.resolved()
        alert.endsAt = alert.startsAt - .seconds(5)
        let receiver = try receiver(#"{"name":"am","type":"alertmanager","url":"https://h.example"}"#)
        guard case .array(let alerts) = try body(receiver, alert) else {
            Issue.record("no list")
            return
        }
        #expect(alerts[0]["endsAt"] == alerts[0]["startsAt"])
    }

    @Test func `is a line that no stranger's text ends`() throws {
        var alert = Alert.sample
        alert.summary = "hop \u{1B}[2J\r\nis\u{202E} silent"
        let delivery = try receiver(#"{"name":"o","type":"output"}"#).delivery(for: alert, at: .noon)
        #expect(
            delivery.body
                == #"2026-11-29T12:00:07.000000Z firing critical lost: hop \u{1b}[2J\u{d}\u{a}is\u{202e} silent"#)
    }

    @Test func `has one id for one decision, and another for every other`() throws {
        let (one, other) = (try webhook(.tracecore), try receiver(#"{"name":"o","type":"output"}"#))
        let first = try one.delivery(for: .sample, at: .noon)
        #expect(first.id.wholeMatch(of: /msg_[0-9a-f]{32}/) != nil)
        #expect(try one.delivery(for: .sample, at: .noon + .seconds(9)).id == first.id)
        var (reminder, twin) = (Alert.sample, Alert.sample)
        reminder.notedAt += .seconds(3_600)
        twin.id = "9f3b"
        let ids = try [
            first.id, other.delivery(for: .sample, at: .noon).id, one.delivery(for: .sample.resolved(), at: .noon).id,
            one.delivery(for: reminder, at: .noon).id, one.delivery(for: twin, at: .noon).id,
        ]
        #expect(Set(ids).count == 5)
        #expect(first.tries == 0 && first.madeAt == .noon && first.dueAt == .noon && first.alert == "9f3a")
        #expect(try JSON.decode(Delivery.self, from: JSON.encode(first)) == first)
    }
}
