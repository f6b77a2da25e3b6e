extension RunRequest {
    /// The request that pairs of keys and values spell: a query string without its escapes, or lines of a configuration.
    ///
    /// - Parameters:
    ///   - pairs: The keys with their values; each key once.
    ///   - verb: The verb, where it is not one of the pairs.
    ///   - limits: What is allowed, and what is taken for what the pairs do not say. The request is checked against them.
    public init(
        parsing pairs: some Sequence<(key: String, value: String)>, as verb: Verb? = nil, limits: RunLimits = .none
    ) throws(RequestError) {
        var values: [Key: RequestValue] = [:]
        for (name, text) in pairs { try Self.add(.text(text), name, to: &values) }
        try self.init(reading: values, as: verb, limits: limits)
        try limits.checkWhole(self)
    }

    /// The request that a JSON object spells.
    ///
    /// - Parameters:
    ///   - json: The object as UTF-8.
    ///   - verb: The verb, where the object has none.
    ///   - limits: What is allowed, and what is taken for what the object does not say. The request is checked against them.
    public init(json: [UInt8], as verb: Verb? = nil, limits: RunLimits = .none) throws(RequestError) {
        let object: RequestObject
        do {
            object = try JSON.decode(RequestObject.self, from: json)
        } catch {
            if let error = error as? RequestError { throw error }
            let reason = (error as? DecodingError)?.explanation ?? "\(error)"
            throw RequestError(.malformed, "The request is no JSON object: \(UntrustedText(reason))")
        }
        try self.init(reading: object.values, as: verb, limits: limits)
        try limits.checkWhole(self)
    }

    fileprivate static func add(
        _ value: RequestValue, _ name: String, to values: inout [Key: RequestValue]
    ) throws(RequestError) {
        guard let key = Key.named[name] else { throw unknown(name, value) }
        if values.updateValue(value, forKey: key) != nil {
            throw RequestError(.malformed, key, value.shown, "the field is there twice")
        }
    }

    private static func unknown(_ name: String, _ value: RequestValue) -> RequestError {
        let nearest = Key.nearest(to: name, in: Key.spellings)
        return RequestError(
            .malformed, field: name, value: value.shown,
            "there is no such field" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }

    /// A field that other verbs have: of several the first by its name.
    private static func misplaced(_ values: [Key: RequestValue], in verb: Verb) -> RequestError {
        let wrong = values.keys.filter { $0 != .verb && positions[verb]?[$0] == nil }
        let key = wrong.min { $0.rawValue < $1.rawValue } ?? .verb
        let verbs = Verb.allCases.filter { positions[$0]?[key] != nil }.map(\.rawValue)
        return RequestError(
            .malformed, key, values[key]?.shown,
            "\(verb.rawValue) has no such field; \(verbs.joined(separator: ", ")) \(verbs.count == 1 ? "has" : "have")")
    }

    /// The request that values spell, where each field is read by its kind.
    fileprivate init(
        reading values: [Key: RequestValue], as given: Verb?, limits: RunLimits
    ) throws(RequestError) {
        let verb = try Self.verb(values[.verb], given)
        self.init([], limits.defaults[verb] ?? verb.usual)
        let fields = Self.fields(of: verb)
        let positions = Self.positions[verb] ?? [:]
        var given: [(position: Int, value: RequestValue)] = []
        for (key, value) in values where key != .verb {
            guard let position = positions[key] else { throw Self.misplaced(values, in: verb) }
            given.append((position, value))
        }
        given.sort { $0.position < $1.position }
        for (position, value) in given {
            let field = fields[position]
            guard let read = field.kind.read(value) else {
                throw RequestError(.malformed, field.key, value.shown, limits.kind(of: field).expectation)
            }
            // What is not given is the server's own choice, so no other field has to be looked at.
            try limits.check(read, of: field, unless: self)
            try field.set(&self, read)
        }
        for (key, other) in [(Key.target, Key.targets), (.retries, .count), (.retries, .period)]
        where values[key] != nil && values[other] != nil {
            throw RequestError(
                .malformed, other, values[other]?.shown, "\(key.rawValue) is given too; only one of them can be")
        }
        if targets.isEmpty { throw RequestError(.malformed, .target, nil, "a host is wanted, and none is given") }
    }

    private static func verb(_ value: RequestValue?, _ given: Verb?) throws(RequestError) -> Verb {
        if value == nil, let given { return given }
        guard case .text(let text)? = value, let verb = Verb(rawValue: text) else {
            let names = Verb.allCases.map(\.rawValue)
            let nearest = value.flatMap { Key.nearest(to: $0.shown, in: names) }
            throw RequestError(
                .malformed, .verb, value?.shown,
                "one of \(names.joined(separator: ", ")) is wanted" + (nearest.map { "; did you mean \($0)?" } ?? ""))
        }
        if let given, given != verb {
            throw RequestError(.malformed, .verb, text, "this is the place for \(given.rawValue)")
        }
        return verb
    }
}

// MARK: - Codable

extension RunRequest: Codable {
    /// Reads a request; what is missing is as usual. What is wrong is a `RequestError`.
    public init(from decoder: any Decoder) throws {
        try self.init(reading: RequestObject(from: decoder).values, as: nil, limits: .none)
    }

    /// Writes the request as one flat object, without what is as usual.
    public func encode(to encoder: any Encoder) throws {
        let usual = RunRequest([], work.verb.usual)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(work.verb, forKey: .verb)
        for field in Self.fields(of: work.verb) {
            guard let value = field.get(self), value != field.get(usual) else { continue }
            try container.encode(value, forKey: field.key)
        }
    }
}

/// The members of a JSON object, before it is known which verb they are for.
private struct RequestObject: Decodable {
    var values: [RunRequest.Key: RequestValue] = [:]

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        for key in container.allKeys where try !container.decodeNil(forKey: key) {
            let value: RequestValue
            do {
                value = try container.decode(RequestValue.self, forKey: key)
            } catch {
                throw RequestError(
                    .malformed, field: key.stringValue, "a text, a number, true, false or a list of texts is wanted")
            }
            try RunRequest.add(value, key.stringValue, to: &values)
        }
    }
}
