extension RunRequest {
    /// The JSON Schema (2020-12) of requests: of any request, or of those that limits allow.
    ///
    /// It is made of the table that requests are read by, so it says what is read and nothing else.
    public static func jsonSchema(limits: RunLimits = .none) -> JSON.Value {
        let verbs = Verb.allCases.filter { limits.verbs.contains($0) }
        let common = commonFields.compactMap { field in
            limits.schema(of: field).map { JSON.Value.Member(field.key.rawValue, $0) }
        }
        return .object([
            .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            .init("title", .string("A request of TraceCore")),
            .init("oneOf", .array(verbs.map { reference($0.rawValue) })),
            .init("$defs", .object(common + verbs.map { .init($0.rawValue, limits.schema(of: $0)) })),
        ])
    }

    fileprivate static func reference(_ name: String) -> JSON.Value {
        .object([.init("$ref", .string("#/$defs/\(name)"))])
    }
}

extension RunLimits {
    private var isForOneHost: Bool { mostTargets == 1 }

    fileprivate func schema(of verb: RunRequest.Verb) -> JSON.Value {
        let common = Set(RunRequest.commonFields.map(\.key))
        var properties: [JSON.Value.Member] = [.init("verb", .object([.init("const", .string(verb.rawValue))]))]
        for field in RunRequest.fields(of: verb) {
            let name = field.key.rawValue
            guard let schema = schema(of: field) else { continue }
            properties.append(.init(name, common.contains(field.key) ? RunRequest.reference(name) : schema))
        }
        let oneTarget = (isForOneHost ? ["target"] : ["target", "targets"]).map { key in
            JSON.Value.object([.init("required", .array([.string(key)]))])
        }
        return .object([
            .init("type", .string("object")), .init("properties", .object(properties)),
            .init("additionalProperties", .bool(false)), .init("required", .array([.string("verb")])),
            .init("oneOf", .array(oneTarget)),
        ])
    }

    /// The schema of a field, or nil where requests cannot choose it.
    fileprivate func schema<Subject>(of field: RequestField<Subject>) -> JSON.Value? {
        if closed.contains(field.key) || isForOneHost && field.key == .targets { return nil }
        let about = JSON.Value.Member("description", .string(field.about))
        func type(_ name: String, _ rest: [JSON.Value.Member] = []) -> JSON.Value {
            .object([about, .init("type", .string(name))] + rest)
        }
        switch kind(of: field) {
        case .integer(let range):
            return type(
                "integer",
                [
                    .init("minimum", .integer(Int64(range.lowerBound))),
                    .init("maximum", .integer(Int64(range.upperBound))),
                ])
        case .number(let range):
            return type(
                "number", [.init("minimum", .double(range.lowerBound)), .init("maximum", .double(range.upperBound))])
        case .time(let range):
            return .object([
                about, .init("type", .array([.string("number"), .string("string")])),
                .init("minimum", .double(range.lowerBound.inMilliseconds / 1_000)),
                .init("maximum", .double(range.upperBound.inMilliseconds / 1_000)),
                .init("pattern", .string(#"^[0-9]{1,10}(\.[0-9]{1,9})?(h|m|s|ms|us|ns)?$"#)),
            ])
        case .flag: return type("boolean")
        case .choice(let names): return .object([about, .init("enum", .array(names.map { .string($0) }))])
        case .text: return type("string", [.init("minLength", .integer(1)), .init("maxLength", .integer(255))])
        case .list:
            return type(
                "array", [.init("items", .object([.init("type", .string("string"))])), .init("minItems", .integer(2))])
        }
    }
}
