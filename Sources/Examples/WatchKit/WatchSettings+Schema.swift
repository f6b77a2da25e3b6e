package import TraceCore
internal import TraceCoreHTTP
internal import TraceCoreReceivers

extension WatchSettings {
    /// The JSON Schema (2020-12) of the file, for editors: what is allowed where, and what it means.
    ///
    /// What no schema can say, such as that a rule's receivers are there, is said by the reader alone.
    package static var jsonSchema: JSON.Value {
        let fields = requestFields
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "The settings of pathwatch",
            "type": "object", "additionalProperties": false,
            "anyOf": [["required": ["targets"]], ["required": ["mesh"]]],
            "dependentRequired": ["history": ["network"], "mesh": ["agents"]],
            "properties": [
                "$schema": text("The address of this schema, for editors."),
                "targets": list("What is watched.", of: target(fields), atLeast: 1),
                "defaults": object("What targets have that do not say otherwise.", fields + [labels]),
                "rules": list("When something is wrong.", of: rule),
                "receivers": list("Who is told.", of: ["oneOf": .array(Receiver.Kind.allCases.map(receiver))]),
                "store": text("The file in which everything is kept. Without it, until the end of the program."),
                "keep": object("For how long what is seen is kept; null for ever.", kept),
                "databases": list("Files that say where addresses are (mmdb), or demo.", of: text("A file, or demo.")),
                "listen": list("Where the pages are.", of: text("An address with a port, such as 127.0.0.1:8081.")),
                "network": text("A simulated internet instead of the real one: demo, or the file of a topology."),
                "history": time(
                    "On a simulated internet: a past of this length is invented for an empty store.", 0...31_622_400),
                "vantage-points": text("A file of looking glasses, which the targets' from names."),
                "title": text("The title of the pages."),
                "external-url": [
                    "description": "The address of the pages, for links in messages.", "type": "string",
                    "pattern": "^https?://[A-Za-z0-9\\[][^\\s?#\"<>\\\\/]*/?$",
                ],
                "probes-per-second": integer("The budget over all targets; 20000.", 1...10_000_000),
                "name": text("The name of this vantage point; that of the machine, if nothing is said."),
                "agents": list("All vantage points that have these settings.", of: agent),
                "mesh": flag("Whether the agents watch each other; false."),
                "mesh-port": integer("The UDP port at which the agents count each other's packets; 8620.", 1...65_535),
                "mesh-key-file": text("The file with the key that all agents share, for those packets."),
                "ship": object(
                    "Where everything is sent on to.", [.init("clickhouse", clickhouse)], required: ["clickhouse"]),
                "group-wait": time("How long a decision waits for others with the same cause; 10s.", 0...3_600),
            ],
        ]
    }

    // MARK: Forms of values

    private static func text(_ about: String) -> JSON.Value {
        ["description": .string(about), "type": "string", "minLength": .integer(1)]
    }

    private static func flag(_ about: String) -> JSON.Value { ["description": .string(about), "type": "boolean"] }

    private static func integer(_ about: String, _ range: ClosedRange<Int64>) -> JSON.Value {
        [
            "description": .string(about), "type": "integer", "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound),
        ]
    }

    /// - Parameter range: In seconds.
    private static func time(_ about: String, _ range: ClosedRange<Double>, isForEver: Bool = false) -> JSON.Value {
        [
            "description": .string("\(about) Seconds, or a text such as 200ms, 90s, 5m, 12h, 30d, 2w or 1y."),
            "type": isForEver ? ["number", "string", "null"] : ["number", "string"],
            "minimum": .double(range.lowerBound), "maximum": .double(range.upperBound),
            "pattern": "^([0-9]{1,10}(\\.[0-9]{1,9})?(h|m|s|ms|us|ns)?|[0-9]{1,5}[dwy])$",
        ]
    }

    private static func list(_ about: String, of items: JSON.Value, atLeast least: Int64 = 0) -> JSON.Value {
        ["description": .string(about), "type": "array", "minItems": .integer(least), "items": items]
    }

    private static func object(
        _ about: String, _ members: [JSON.Value.Member], required: [JSON.Value] = []
    ) -> JSON.Value {
        [
            "description": .string(about), "type": "object", "additionalProperties": false,
            "required": .array(required), "properties": .object(members),
        ]
    }

    private static func texts(_ about: String, names pattern: JSON.Value = "") -> JSON.Value {
        [
            "description": .string(about), "type": "object", "propertyNames": ["pattern": pattern],
            "additionalProperties": ["type": "string", "minLength": .integer(1)],
        ]
    }

    // MARK: Parts of the file

    private static let labels = JSON.Value.Member(
        "labels",
        texts(
            "What rules and silences find targets by; target, host and from are there by themselves.",
            names: "^(?!(target|host|from)$)[A-Za-z_][A-Za-z0-9_]*$"))

    /// The fields of a run that a target has, as requests have them.
    static var requestFields: [JSON.Value.Member] {
        let schema = RunRequest.jsonSchema(limits: limits)
        guard let definitions = schema["$defs"], case .object(let all)? = definitions["monitor"]?["properties"] else {
            return []
        }
        return all.filter { !(own + unknown).contains($0.name) }.map { member in
            guard case .string(let reference)? = member.value["$ref"] else { return member }
            let name = String(reference.dropFirst("#/$defs/".count))
            return .init(member.name, definitions[name] ?? member.value)
        }
    }

    private static func target(_ fields: [JSON.Value.Member]) -> JSON.Value {
        let place = text("here, or the name of a vantage point.")
        return object(
            "A path.",
            [
                .init("host", text("The host at the end of the path: a name or an address.")),
                .init(
                    "name",
                    [
                        "description": "What it is called; the host, if nothing is said.", "type": "string",
                        "pattern": "^(?!\\.{1,2}$)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$",
                        "maxLength": .integer(200),
                    ]),
                labels,
                .init(
                    "agents",
                    texts(
                        "The labels of the vantage points that watch it, and their name.",
                        names: "^[A-Za-z_][A-Za-z0-9_]*$")),
                .init(
                    "from",
                    [
                        "description": "From where it is watched; from several places, it is several targets.",
                        "anyOf": [
                            place, ["type": "array", "minItems": .integer(1), "uniqueItems": true, "items": place],
                        ],
                    ]),
            ] + fields, required: ["host"])
    }

    private static let agent = object(
        "A vantage point.",
        [
            .init("name", text("What it is called.")), .init("host", text("Where others find it.")),
            .init(
                "labels", texts("What targets choose it by.", names: "^(?!(target|host|from)$)[A-Za-z_][A-Za-z0-9_]*$")),
        ], required: ["name"])

    private static let clickhouse = object(
        "A server of ClickHouse.",
        [
            .init(
                "url",
                [
                    "description": "Its HTTP interface, such as http://127.0.0.1:8123.", "type": "string",
                    "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\\s]+/?$",
                ]),
            .init(
                "database",
                [
                    "description": "The database; pathwatch.", "type": "string",
                    "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,62}$",
                ]),
            .init("user", text("Who asks; default.")), .init("passwordFile", text("The file with the password.")),
            .init("batch", integer("How many rows are sent at once, about; 10000.", 100...1_000_000)),
            .init("interval", time("How long is waited for more; 20s.", 1...600)),
            .init("spool", time("How old what waits may become; 1d.", 600...365 * 86_400)),
        ], required: ["url"])

    private static let kept: [JSON.Value.Member] = [
        ("samples", "Each round; 1d."), ("minutes", "What became of each minute; 30d."),
        ("quarters", "What became of each quarter of an hour; 1y."), ("days", "What became of each day; null."),
        ("events", "Changes, and alerts that are over; 1y."),
    ].map { .init($0.0, time($0.1, 3_600...36_500 * 86_400, isForEver: true)) }

    private static var rule: JSON.Value {
        func when(_ kinds: [Rule.Kind], _ then: JSON.Value) -> JSON.Value {
            let names = JSON.Value.array(kinds.map { .string($0.rawValue) })
            return ["if": ["properties": ["when": ["enum": names]]], "then": then]
        }
        let limited: [Rule.Kind] = [.slow, .slowHop, .slowerHop]
        let uncounted = Rule.Kind.allCases.filter { !(limited + [.lost]).contains($0) }
        let members: [JSON.Value.Member] = [
            .init("name", text("What it is called; what it looks for, if nothing is said.")),
            .init(
                "when",
                [
                    "description": "What it looks for.",
                    "enum": .array(Rule.Kind.allCases.map { .string($0.rawValue) }),
                ]),
            .init("limit", ["description": "A time; for loss, the percents of 100 rounds."]),
            .init("failure-threshold", integer("It is wrong after so many rounds in a row.", 1...10_000)),
            .init("success-threshold", integer("It is right again after so many rounds in a row.", 1...10_000)),
            .init("send-on-resolved", flag("Whether it is told that it is over; true.")),
            .init(
                "minimum-reminder-interval",
                time("It is told again after this time, as long as it lasts.", 60...365 * 86_400)),
            .init("severity", text("How bad it is; warning.")),
            .init("labels", texts("Labels of its alerts.", names: "^(?!(target|host|from)$)[A-Za-z_][A-Za-z0-9_]*$")),
            .init(
                "targets",
                texts(
                    "The labels that targets must have; target, host and from are labels, too.",
                    names: "^[A-Za-z_][A-Za-z0-9_]*$")),
            .init(
                "receivers",
                list("The names of those who are told; all, if nothing is said.", of: text("A name."), atLeast: 1)),
        ]
        guard case .object(let all) = object("A rule.", members, required: ["when"]) else { return .null }
        return .object(
            all + [
                .init(
                    "allOf",
                    [
                        when(
                            limited,
                            ["required": ["limit"], "properties": ["limit": time("The limit.", 0.000_001...60)]]),
                        when(
                            [.loss],
                            [
                                "properties": [
                                    "limit": ["type": "number", "minimum": .integer(0), "maximum": .integer(99)]
                                ]
                            ]),
                        when(
                            Rule.Kind.allCases.filter { !(limited + [.loss]).contains($0) },
                            ["properties": ["limit": false]]),
                        when(uncounted, ["properties": ["failure-threshold": false, "success-threshold": false]]),
                    ])
            ])
    }

    private static func receiver(_ kind: Receiver.Kind) -> JSON.Value {
        let server: [JSON.Value.Member] = [
            .init(
                "url",
                [
                    "description": "Where it is.", "type": "string",
                    "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#@\\\\]+",
                ]),
            .init("headers", texts("Fields of the requests.", names: "^[-!#$%&'*+.^_`|~0-9A-Za-z]{1,100}$")),
            .init(
                "allow-private", flag("Whether the address may lead into a private network or to this machine; false.")),
        ]
        let bodies = Receiver.Body.allCases.map { JSON.Value.string($0.rawValue) }
        let (about, required, members): (String, [JSON.Value], [JSON.Value.Member]) =
            switch kind {
            case .webhook:
                (
                    "A request to a server, signed as Standard Webhooks says.", ["url"],
                    server + [
                        .init(
                            "secrets",
                            [
                                "description":
                                    "The keys of the signatures; two while one takes the place of the other.",
                                "type": "array", "maxItems": .integer(5),
                                "items": ["type": "string", "pattern": "^whsec_[A-Za-z0-9+/]+=*$"],
                            ]),
                        .init("body", ["description": "What it says; tracecore.", "enum": .array(bodies)]),
                    ]
                )
            case .alertmanager:
                ("An Alertmanager.", ["url"], server + [.init("token", text("The token of the requests."))])
            case .command:
                (
                    "A program that is started.", ["command"],
                    [.init("command", list("The program and its arguments.", of: ["type": "string"], atLeast: 1))]
                )
            case .output: ("A line on standard output.", [], [])
            }
        let name: JSON.Value = [
            "description": "What rules call it.", "type": "string", "minLength": .integer(1),
            "maxLength": .integer(100),
        ]
        return object(
            about,
            [.init("name", name), .init("type", ["const": .string(kind.rawValue)])] + members,
            required: ["name", "type"] + required)
    }
}
