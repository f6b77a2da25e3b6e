import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP

extension LookingGlass {
    /// Answers `/openapi.json`: what the API takes and gives, made of the table that requests are read by.
    func openAPI() throws -> HTTPAnswer {
        let limits = setup.service.limits
        let schema = RunRequest.jsonSchema(limits: limits)
        guard case .object(let members) = schema,
            case .object(let shared)? = members.first(where: { $0.name == "$defs" })?.value
        else { return json(schema) }
        let verbs = limits.verbs.map(\.rawValue).sorted()
        var schemas = shared.map { JSON.Value.Member($0.name, Self.relocated($0.value)) }
        schemas += [
            .init("Request", .object([.init("oneOf", .array(verbs.map { Self.reference("schemas/\($0)") }))])),
            .init("Problem", Self.problemSchema),
        ]
        let properties = Self.queryProperties(shared, verbs)
        let answers = runAnswers
        let query = JSON.Value.object([
            .init("operationId", .string("run")),
            .init("summary", .string("Make a run: a ping, a trace, an mtr, all paths, a path MTU")),
            .init("parameters", .array([Self.from] + properties)), .init("responses", answers),
        ])
        let body = JSON.Value.object([
            .init("operationId", .string("runByBody")), .init("summary", .string("The same, with the request as JSON")),
            .init("parameters", .array([Self.from])),
            .init(
                "requestBody",
                .object([
                    .init("required", .bool(true)),
                    .init("content", Self.content(["application/json"], Self.reference("schemas/Request"))),
                ])), .init("responses", answers),
        ])
        func plain(_ id: String, _ summary: String, _ type: String = "application/json") -> JSON.Value {
            .object([
                .init(
                    "get",
                    .object([
                        .init("operationId", .string(id)), .init("summary", .string(summary)),
                        .init("responses", .object([.init("200", Self.response(summary, [type], .object([])))])),
                    ]))
            ])
        }
        var members2: [JSON.Value.Member] = [
            .init("openapi", .string("3.1.0")),
            .init(
                "info",
                .object([
                    .init("title", .string(settings.title)), .init("version", .string(Release.version)),
                    .init(
                        "description", .string("A looking glass: runs of TraceCore from this machine and from others.")),
                ])),
            .init(
                "paths",
                .object([
                    .init("/api/v1/run", .object([.init("get", query), .init("post", body)])),
                    .init("/api/v1/limits", plain("limits", "What may be asked, and how much")),
                    .init("/api/v1/vantage-points", plain("vantagePoints", "Where runs can be made")),
                ])),
        ]
        var components: [JSON.Value.Member] = [.init("schemas", .object(schemas))]
        if setup.tokens != nil {
            let bearer = JSON.Value.object([.init("type", .string("http")), .init("scheme", .string("bearer"))])
            components.append(.init("securitySchemes", .object([.init("token", bearer)])))
            members2.append(.init("security", .array([.object([.init("token", .array([]))])])))
        }
        members2.append(.init("components", .object(components)))
        return json(JSON.Value.object(members2))
    }

    private static func reference(_ name: String) -> JSON.Value {
        .object([.init("$ref", .string("#/components/\(name)"))])
    }

    /// References of the schema point elsewhere in an OpenAPI document.
    private static func relocated(_ value: JSON.Value) -> JSON.Value {
        switch value {
        case .object(let members):
            .object(
                members.map { member in
                    if member.name == "$ref", case .string(let place) = member.value {
                        return .init("$ref", .string(place.replacing("#/$defs/", with: "#/components/schemas/")))
                    }
                    return .init(member.name, relocated(member.value))
                })
        case .array(let values): .array(values.map(relocated))
        default: value
        }
    }

    /// The fields of all verbs as parameters of a query. Which of them a verb has, the schema of the body says.
    private static func queryProperties(_ shared: [JSON.Value.Member], _ verbs: [String]) -> [JSON.Value] {
        var seen: Set<String> = ["targets"]
        var parameters: [JSON.Value] = [
            parameter("verb", .object([.init("enum", .array(verbs.map { .string($0) }))]), isRequired: true)
        ]
        for verb in verbs {
            guard case .object(let schema)? = shared.first(where: { $0.name == verb })?.value,
                case .object(let properties)? = schema.first(where: { $0.name == "properties" })?.value
            else { continue }
            for property in properties where property.name != "verb" && seen.insert(property.name).inserted {
                parameters.append(
                    parameter(property.name, relocated(property.value), isRequired: property.name == "target"))
            }
        }
        return parameters
    }

    private static func parameter(_ name: String, _ schema: JSON.Value, isRequired: Bool) -> JSON.Value {
        .object([
            .init("name", .string(name)), .init("in", .string("query")), .init("required", .bool(isRequired)),
            .init("schema", schema),
        ])
    }

    private static let from = parameter(
        "from",
        .object([
            .init("type", .string("string")),
            .init("description", .string("The vantage point; this machine without it.")),
        ]), isRequired: false)

    private static func content(_ types: [String], _ schema: JSON.Value) -> JSON.Value {
        .object(types.map { .init($0, .object([.init("schema", schema)])) })
    }

    private static func response(_ about: String, _ types: [String], _ schema: JSON.Value) -> JSON.Value {
        .object([.init("description", .string(about)), .init("content", content(types, schema))])
    }

    private var runAnswers: JSON.Value {
        var answers: [JSON.Value.Member] = [
            .init(
                "200",
                .object([
                    .init(
                        "description",
                        .string("The events as they happen, the report, or text for people, as Accept asks.")),
                    .init(
                        "content",
                        .object([
                            .init(
                                "application/json",
                                .object([.init("schema", .object([.init("type", .string("object"))]))])),
                            .init(
                                "application/x-ndjson",
                                .object([.init("schema", .object([.init("type", .string("string"))]))])),
                            .init(
                                "text/event-stream",
                                .object([.init("schema", .object([.init("type", .string("string"))]))])),
                            .init(
                                "text/plain", .object([.init("schema", .object([.init("type", .string("string"))]))])),
                        ])),
                ]))
        ]
        for (status, about) in [
            ("400", "The request makes no sense, or asks for too much."), ("401", "A token is wanted."),
            ("403", "The request is not allowed."), ("406", "There is no such form of a run."),
            ("413", "The body is too large."), ("415", "The body is of another kind."),
            ("429", "There is no room for it now; Retry-After says when."), ("502", "The vantage point failed."),
            ("503", "It cannot be run here now."),
        ] {
            answers.append(.init(status, Self.response(about, ["application/json"], Self.reference("schemas/Problem"))))
        }
        return .object(answers)
    }

    private static let problemSchema: JSON.Value = {
        func type(_ name: String) -> JSON.Value { .object([.init("type", .string(name))]) }
        return .object([
            .init("type", .string("object")), .init("required", .array([.string("kind"), .string("message")])),
            .init(
                "properties",
                .object([
                    .init(
                        "kind",
                        .object([.init("enum", .array(RequestError.Kind.allCases.map { .string($0.rawValue) }))])),
                    .init("field", type("string")), .init("value", type("string")), .init("message", type("string")),
                    .init("retryAfterMs", type("number")),
                ])),
        ])
    }()
}
