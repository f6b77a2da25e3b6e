import Foundation
import Testing

@testable import TraceCore

/// Holds a document to a schema: the part of JSON Schema 2020-12 that ours use, and a complaint about any other.
///
/// `Tests/Conformance/schemas.py` does the same with a validator of others.
private struct SchemaCheck {
    let root: JSON.Value

    private static let known: Set<String> = [
        "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "minimum", "maximum", "minLength",
        "maxLength", "pattern", "items", "minItems", "properties", "required", "additionalProperties", "oneOf", "anyOf",
    ]

    /// What is wrong with a document, or nil if it is as the schema has it.
    func problem(_ value: JSON.Value, _ schema: JSON.Value? = nil, at path: String = "$") -> String? {
        let schema = schema ?? root
        guard case .object(let members) = schema else { return "\(path): the schema is no object" }
        if let member = members.first(where: { !Self.known.contains($0.name) }) {
            return "\(path): the check does not know \(member.name)"
        }
        if case .string(let reference)? = schema["$ref"] {
            guard let definition = root["$defs"]?[String(reference.dropFirst("#/$defs/".count))] else {
                return "\(path): there is no \(reference)"
            }
            return problem(value, definition, at: path)
        }
        if let constant = schema["const"], constant != value { return "\(path): is not \(constant)" }
        if case .array(let values)? = schema["enum"], !values.contains(value) {
            return "\(path): \(value) is none of the values"
        }
        if let type = schema["type"], !isOf(type, value) { return "\(path): \(value) is not of type \(type)" }
        if let number = value.number {
            if let least = schema["minimum"]?.number, number < least { return "\(path): \(number) is below \(least)" }
            if let most = schema["maximum"]?.number, number > most { return "\(path): \(number) is above \(most)" }
        }
        for name in ["oneOf", "anyOf"] {
            guard case .array(let schemas)? = schema[name] else { continue }
            let problems = schemas.map { problem(value, $0, at: path) }
            let fits = problems.count { $0 == nil }
            guard name == "oneOf" ? fits == 1 : fits >= 1 else {
                return
                    "\(path): fits \(fits) of \(schemas.count): \(problems.compactMap { $0 }.joined(separator: " | "))"
            }
        }
        return inside(value, schema, at: path)
    }

    private func inside(_ value: JSON.Value, _ schema: JSON.Value, at path: String) -> String? {
        switch value {
        case .string(let text):
            if let least = schema["minLength"]?.number, Double(text.count) < least { return "\(path): too short" }
            if let most = schema["maxLength"]?.number, Double(text.count) > most { return "\(path): too long" }
            if case .string(let pattern)? = schema["pattern"],
                text.range(of: pattern, options: .regularExpression) == nil
            {
                return "\(path): \(text) does not fit \(pattern)"
            }
        case .array(let values):
            if let least = schema["minItems"]?.number, Double(values.count) < least { return "\(path): too few" }
            guard let items = schema["items"] else { return nil }
            for (index, value) in values.enumerated() {
                if let problem = problem(value, items, at: "\(path)[\(index)]") { return problem }
            }
        case .object(let members):
            if case .array(let names)? = schema["required"] {
                for case .string(let name) in names where value[name] == nil { return "\(path): \(name) is missing" }
            }
            for member in members {
                if let property = schema["properties"]?[member.name] {
                    if let problem = problem(member.value, property, at: "\(path).\(member.name)") { return problem }
                } else if schema["additionalProperties"] == .bool(false) {
                    return "\(path): \(member.name) is not in the schema"
                }
            }
        default: break
        }
        return nil
    }

    private func isOf(_ type: JSON.Value, _ value: JSON.Value) -> Bool {
        if case .array(let types) = type { return types.contains { isOf($0, value) } }
        return switch (type, value) {
        case (.string("object"), .object), (.string("array"), .array), (.string("string"), .string),
            (.string("null"), .null),
            (.string("boolean"), .bool), (.string("integer"), .integer), (.string("integer"), .unsigned):
            true
        case (.string("integer"), .double(let number)): number == number.rounded()
        case (.string("number"), _): value.number != nil
        default: false
        }
    }
}

extension JSON.Value {
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

@Suite struct SchemaTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Documentation/schema").standardizedFileURL

    private func schema(_ name: String) throws -> SchemaCheck {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
        return SchemaCheck(root: try JSON.Value(parsing: bytes))
    }

    /// Hands the documents of a test on to `Tests/Conformance/schemas.py`, where that has asked for them.
    private func keep(_ documents: [JSON.Value], as name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["TRACECORE_SCHEMA_EXAMPLES"] else { return }
        let lines = try documents.map { try JSON.text($0) }.joined(separator: "\n") + "\n"
        try lines.write(toFile: "\(folder)/\(name).ndjson", atomically: true, encoding: .utf8)
    }

    private func value(_ document: some Encodable) throws -> JSON.Value {
        try JSON.Value(parsing: JSON.encode(document))
    }

    @Test func `the published schema of requests is that of the table they are read by`() throws {
        let text = try JSON.text(RunRequest.jsonSchema(), style: .pretty) + "\n"
        let path = Self.folder.appending(path: "request.json")
        if ProcessInfo.processInfo.environment["TRACECORE_SCHEMA_WRITE"] != nil {
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: path, encoding: .utf8) == text, "write it anew with TRACECORE_SCHEMA_WRITE=1")
    }

    @Test func `requests are as their schema has them`() throws {
        let check = try schema("request.json")
        var documents: [JSON.Value] = []
        for verb in RunRequest.Verb.allCases {
            for request in [
                RunRequest("a.example", verb.usual), RunRequest(["a.example", "192.0.2.1"], verb.usual, names: false),
                RunRequest("a.example", verb.usual, by: .tcp(port: 443), family: .v6, deadline: .milliseconds(1_500)),
            ] {
                let document = try value(request)
                #expect(check.problem(document) == nil)
                documents.append(document)
            }
        }
        try keep(documents, as: "request")
    }

    @Test(arguments: [
        #"{"verb":"ping"}"#, #"{"target":"a.example"}"#, #"{"verb":"pong","target":"a.example"}"#,
        #"{"verb":"ping","target":"a.example","maxTTL":3}"#, #"{"verb":"ping","target":"a.example","count":0}"#,
        #"{"verb":"ping","target":"a.example","interval":"soon"}"#, #"{"verb":"ping","target":"a.example","names":7}"#,
        #"{"verb":"ping","target":"a.example","targets":["b.example","c.example"]}"#,
    ])
    func `what is refused does not fit the schema`(json: String) throws {
        #expect(try schema("request.json").problem(JSON.Value(parsing: Array(json.utf8))) != nil)
        #expect(throws: RequestError.self) { try RunRequest(json: Array(json.utf8)) }
    }

    @Test func `limits make the schema narrower`() throws {
        let check = SchemaCheck(root: RunRequest.jsonSchema(limits: RunLimits()))
        func fits(_ json: String) throws -> Bool { check.problem(try JSON.Value(parsing: Array(json.utf8))) == nil }
        #expect(try fits(#"{"verb":"ping","target":"a.example","count":100}"#))
        #expect(try !fits(#"{"verb":"ping","target":"a.example","count":101}"#))
        #expect(try !fits(#"{"verb":"sweep","target":"a.example"}"#))
        #expect(try !fits(#"{"verb":"ping","target":"a.example","interface":"eth0"}"#))
        #expect(try !fits(#"{"verb":"ping","target":"a.example","interval":0}"#))
    }

    @Test func `events and reports of every verb are as their schemas have them`() async throws {
        let (events, reports) = (try schema("event.json"), try schema("report.json"))
        let prober = SimulatedProber(.udp)
        var (eventDocuments, reportDocuments): ([JSON.Value], [JSON.Value]) = ([], [])
        func look<Fold: EventFold>(_ verb: String, _ stream: RunStream<ProbeEvent>, _ fold: Fold) async throws
        where Fold.Report: Encodable {
            var fold = fold
            for try await event in stream {
                let document = try value(event)
                if let problem = events.problem(document) { Issue.record("\(verb): \(problem)") }
                eventDocuments.append(document)
                fold.apply(event)
            }
            let document = try value(try #require(fold.report()))
            let problem = reports.problem(document, reports.root["$defs"]?[verb])
            #expect(problem == nil, "\(verb)")
            #expect(reports.problem(document) == nil)
            reportDocuments.append(document)
        }
        try await look(
            "ping", Pinger(prober, settings: PingSettings(count: 3)).events(for: "tokyo.example"), PingReport.Fold())
        try await look("trace", PathTracer(prober).events(for: "tokyo.example"), TraceReport.Fold())
        try await look(
            "monitor", PathMonitor(prober, settings: MonitorSettings(rounds: 5)).events(for: "tokyo.example"),
            MonitorReport.Fold())
        try await look("paths", PathTracer(prober).events(for: "tokyo.example"), PathGraph.Fold())
        try await look("mtu", PathTracer(prober).events(for: "tokyo.example"), PathMTUReport.Fold())
        let hosts = try IPNetwork(parsing: "203.0.113.104/29").hosts.indexed
        try await look("sweep", Sweeper(prober).events(for: try #require(hosts)), SweepReport.Fold())
        #expect(Set(eventDocuments.compactMap { $0["event"] }).count >= 6)
        try keep(eventDocuments, as: "event")
        try keep(reportDocuments, as: "report")
    }

    @Test func `a run that does not say when and how it asked is as the schemas have it`() throws {
        let run = RunDescription(verb: "ping", target: nil, method: nil, mode: nil, startedAt: nil)
        let started = ProbeEvent(at: .seconds(9), .started(run))
        #expect(try schema("event.json").problem(value(started)) == nil)
        let reports = try schema("report.json")
        #expect(reports.problem(try value(PingReport.Fold.replay([started])), reports.root["$defs"]?["ping"]) == nil)
        let path = try value(MonitorReport.Fold.replay([started]))
        #expect(reports.problem(path, reports.root["$defs"]?["monitor"]) == nil)
    }

    @Test func `an event with everything in it is as the schema has it`() throws {
        let check = try schema("event.json")
        let probe = Probe(id: 1, target: IPAddress(192, 0, 2, 1), ttl: 3, sequence: 2, flow: 7, size: 100)
        let reply = ProbeReply(
            from: IPAddress(192, 0, 2, 9), rtt: .milliseconds(3), kind: .packetTooBig,
            icmp: ProbeReply.ICMPCode(type: 3, code: 4),
            ttl: 60, trafficClass: 8, size: 96, mtu: 1_400, labels: [MPLSLabel(label: 16)],
            interface: InterfaceInformation(
                role: .incoming, index: 3, address: IPAddress(192, 0, 2, 8), name: "eth0", mtu: 1_500),
            quote: ProbeReply.Quote(
                ttl: 1, trafficClass: 4, length: 28, rewrittenSource: IPAddress(10, 0, 0, 1),
                rewrittenTarget: IPAddress(10, 0, 0, 2), rewrittenSourcePort: 5, rewrittenTargetPort: 6,
                segmentSize: 1_400,
                rewrittenChecksum: 7))
        let error = ProbeError(.noRoute, "No way", remedy: "Find one", systemError: 101)
        let facts: [ProbeEvent.Fact] = [
            .sent(probe), .sendFailed(probe, error), .reply(probe, reply), .late(probe, reply),
            .duplicate(probe, reply),
            .timedOut(probe), .named(IPAddress(192, 0, 2, 9), "r1.example"), .named(IPAddress(192, 0, 2, 9), nil),
            .ended(RunEnd(.failed, kind: .prohibited, from: IPAddress(192, 0, 2, 9), error: error, strays: 3)),
        ]
        for fact in facts {
            let document = try value(ProbeEvent(at: .milliseconds(5), fact))
            #expect(check.problem(document) == nil)
            let ofMany = try value(FleetEvent(position: 4, event: .success(ProbeEvent(at: .milliseconds(5), fact))))
            #expect(check.problem(ofMany) == nil)
        }
    }
}
