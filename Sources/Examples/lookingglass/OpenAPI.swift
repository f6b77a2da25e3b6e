import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCoreServer

extension LookingGlass {
    /// Answers `/openapi.json`: what the API takes and gives, made of the table that requests are read by.
    func openAPI() -> HTTPAnswer {
        let limits = setup.service.limits
        let schema = RunRequest.jsonSchema(limits: limits)
        guard case .object(let shared)? = schema["$defs"] else { return HTTPAnswer(json: schema) }
        let verbs = limits.verbs.map(\.rawValue).sorted()
        let schemas: [JSON.Value.Member] =
            shared.map { .init($0.name, Self.relocated($0.value)) } + [
                .init("Request", ["oneOf": .array(verbs.map { Self.reference($0) })]),
                .init("Problem", Self.problem),
            ]
        func plain(_ id: String, _ summary: String) -> JSON.Value {
            let answer = Self.response(summary, ["application/json"], [:])
            return ["get": ["operationId": .string(id), "summary": .string(summary), "responses": ["200": answer]]]
        }
        let run: JSON.Value = [
            "get": [
                "operationId": "run", "summary": "Make a run: a ping, a trace, an mtr, all paths, a path MTU",
                "parameters": .array([Self.from] + Self.parameters(shared, verbs)), "responses": Self.answers,
            ],
            "post": [
                "operationId": "runByBody", "summary": "The same, with the request as JSON",
                "parameters": [Self.from],
                "requestBody": [
                    "required": true, "content": Self.content(["application/json"], Self.reference("Request")),
                ], "responses": Self.answers,
            ],
        ]
        var members: [JSON.Value.Member] = [
            .init("openapi", "3.1.0"),
            .init(
                "info",
                [
                    "title": .string(settings.title), "version": .string(Release.version),
                    "description": "A looking glass: runs of TraceCore from this machine and from others.",
                ]),
            .init(
                "paths",
                [
                    "/api/v1/run": run, "/api/v1/limits": plain("limits", "What may be asked, and how much"),
                    "/api/v1/vantage-points": plain("vantagePoints", "Where runs can be made"),
                ]),
        ]
        var components: [JSON.Value.Member] = [.init("schemas", .object(schemas))]
        if setup.admission.tokens != nil {
            components.append(.init("securitySchemes", ["token": ["type": "http", "scheme": "bearer"]]))
            members.append(.init("security", [["token": []]]))
        }
        return HTTPAnswer(json: JSON.Value.object(members + [.init("components", .object(components))]))
    }

    private static func reference(_ name: String) -> JSON.Value {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// References of the schema point elsewhere in an OpenAPI document.
    private static func relocated(_ value: JSON.Value) -> JSON.Value {
        switch value {
        case .object(let members):
            .object(
                members.map { member in
                    guard member.name == "$ref", case .string(let place) = member.value else {
                        return .init(member.name, relocated(member.value))
                    }
                    return .init("$ref", .string(place.replacing("#/$defs/", with: "#/components/schemas/")))
                })
        case .array(let values): .array(values.map(relocated))
        default: value
        }
    }

    /// The fields of all verbs as parameters of a query. Which of them a verb has, the schema of the body says.
    private static func parameters(_ shared: [JSON.Value.Member], _ verbs: [String]) -> [JSON.Value] {
        var seen: Set = ["verb", "targets"]
        var parameters = [parameter("verb", ["enum": .array(verbs.map { .string($0) })], isRequired: true)]
        for verb in verbs {
            guard case .object(let fields)? = JSON.Value.object(shared)[verb]?["properties"] else { continue }
            for field in fields where seen.insert(field.name).inserted {
                parameters.append(
                    parameter(field.name, relocated(field.value), isRequired: field.name == "target"))
            }
        }
        return parameters
    }

    private static func parameter(_ name: String, _ schema: JSON.Value, isRequired: Bool) -> JSON.Value {
        ["name": .string(name), "in": "query", "required": .bool(isRequired), "schema": schema]
    }

    private static let from = parameter(
        "from", ["type": "string", "description": "The vantage point; this machine without it."], isRequired: false)

    private static func content(_ types: [String], _ schema: JSON.Value) -> JSON.Value {
        .object(types.map { .init($0, ["schema": schema]) })
    }

    private static func response(_ about: String, _ types: [String], _ schema: JSON.Value) -> JSON.Value {
        ["description": .string(about), "content": content(types, schema)]
    }

    private static let answers: JSON.Value = {
        let text: JSON.Value = ["schema": ["type": "string"]]
        let run: JSON.Value = [
            "description": "The events as they happen, the report, or text for people, as Accept asks.",
            "content": [
                "application/json": ["schema": ["type": "object"]], "application/x-ndjson": text,
                "text/event-stream": text, "text/plain": text,
            ],
        ]
        let problems = [
            ("400", "The request makes no sense, or asks for too much."), ("401", "A token is wanted."),
            ("403", "The request is not allowed."), ("406", "There is no such form of a run."),
            ("413", "The body is too large."), ("415", "The body is of another kind."),
            ("429", "There is no room for it now; Retry-After says when."), ("502", "The vantage point failed."),
            ("503", "It cannot be run here now."),
        ]
        return .object(
            [.init("200", run)]
                + problems.map { .init($0, response($1, ["application/json"], reference("Problem"))) })
    }()

    private static let problem: JSON.Value = [
        "type": "object", "required": ["kind", "message"],
        "properties": [
            "kind": ["enum": .array(RequestError.Kind.allCases.map { .string($0.rawValue) })],
            "field": ["type": "string"], "value": ["type": "string"], "message": ["type": "string"],
            "retryAfterMs": ["type": "number"],
        ],
    ]
}
