/// A field of a request: how it is called, what it can be, and where it is kept.
///
/// Reading, writing, limits, errors and the schema all go by tables of these, so a field is declared once.
struct RequestField<Subject>: Sendable {
    let key: RunRequest.Key
    let kind: RequestKind
    /// What it means, in a sentence for the schema.
    let about: String
    /// Keeps a value that has been read by the kind.
    let set: @Sendable (inout Subject, RequestValue) throws(RequestError) -> Void
    /// The value, or nil where there is none.
    let get: @Sendable (Subject) -> RequestValue?

    init(
        _ key: RunRequest.Key, _ kind: RequestKind, _ about: String,
        get: @escaping @Sendable (Subject) -> RequestValue?,
        set: @escaping @Sendable (inout Subject, RequestValue) throws(RequestError) -> Void
    ) {
        self.key = key
        self.kind = kind
        self.about = about
        self.get = get
        self.set = set
    }

    /// The same field of a value that has the subject within.
    func lifted<Whole>(
        _ path: any WritableKeyPath<Whole, Subject> & Sendable
    ) -> RequestField<Whole> {
        RequestField<Whole>(key, kind, about, get: { get($0[keyPath: path]) }) { whole, value throws(RequestError) in
            try set(&whole[keyPath: path], value)
        }
    }

    /// The same field of a value that has the subject in some cases only.
    func lifted<Whole>(
        get inner: @escaping @Sendable (Whole) -> Subject?,
        set outer: @escaping @Sendable (inout Whole, Subject) -> Void
    ) -> RequestField<Whole> {
        RequestField<Whole>(key, kind, about, get: { inner($0).flatMap(get) }) { whole, value throws(RequestError) in
            guard var subject = inner(whole) else { return }
            try set(&subject, value)
            outer(&whole, subject)
        }
    }

    /// Another name for a field, and another meaning.
    func renamed(_ key: RunRequest.Key, _ about: String) -> RequestField {
        RequestField(key, kind, about, get: get, set: set)
    }
}

// MARK: - The usual kinds

extension RequestField {
    static func integer<Number: FixedWidthInteger & SendableMetatype>(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Number> & Sendable, _ range: ClosedRange<Int>,
        _ about: String
    ) -> RequestField {
        RequestField(key, .integer(range), about, get: { .integer(Int(clamping: $0[keyPath: path])) }) {
            subject, value in
            if case .integer(let number) = value { subject[keyPath: path] = Number(clamping: number) }
        }
    }

    static func integer<Number: FixedWidthInteger & SendableMetatype>(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Number?> & Sendable, _ range: ClosedRange<Int>,
        _ about: String
    ) -> RequestField {
        RequestField(
            key, .integer(range), about, get: { $0[keyPath: path].map { .integer(Int(clamping: $0)) } }
        ) { subject, value in
            if case .integer(let number) = value { subject[keyPath: path] = Number(clamping: number) }
        }
    }

    static func time(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Duration> & Sendable, _ about: String
    ) -> RequestField {
        RequestField(key, .time(RequestKind.anyTime), about, get: { .time($0[keyPath: path]) }) { subject, value in
            if case .time(let time) = value { subject[keyPath: path] = time }
        }
    }

    static func time(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Duration?> & Sendable, _ about: String
    ) -> RequestField {
        RequestField(key, .time(RequestKind.anyTime), about, get: { $0[keyPath: path].map { .time($0) } }) {
            subject, value in
            if case .time(let time) = value { subject[keyPath: path] = time }
        }
    }

    static func flag(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Bool> & Sendable, _ about: String
    ) -> RequestField {
        RequestField(key, .flag, about, get: { .flag($0[keyPath: path]) }) { subject, value in
            if case .flag(let flag) = value { subject[keyPath: path] = flag }
        }
    }

    static func number(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Double> & Sendable, _ range: ClosedRange<Double>,
        _ about: String
    ) -> RequestField {
        RequestField(key, .number(range), about, get: { .number($0[keyPath: path]) }) { subject, value in
            if case .number(let number) = value { subject[keyPath: path] = number }
        }
    }

    /// One of some values, each with a name.
    static func choice<Value: Equatable & Sendable>(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Value> & Sendable, _ names: [(String, Value)],
        _ about: String
    ) -> RequestField {
        RequestField(
            key, .choice(names.map(\.0)), about,
            get: { subject in names.first { $0.1 == subject[keyPath: path] }.map { .text($0.0) } }
        ) { subject, value in
            guard case .text(let name) = value, let choice = names.first(where: { $0.0 == name }) else { return }
            subject[keyPath: path] = choice.1
        }
    }

    /// A text that a value is read from and written as.
    static func text<Value>(
        _ key: RunRequest.Key, _ path: any WritableKeyPath<Subject, Value> & Sendable, _ rule: String,
        read: @escaping @Sendable (String) -> Value?, write: @escaping @Sendable (Value) -> String?, _ about: String
    ) -> RequestField {
        RequestField(
            key, .text(rule), about, get: { write($0[keyPath: path]).map { .text($0) } }
        ) { subject, value throws(RequestError) in
            guard case .text(let text) = value, let found = read(text) else {
                throw RequestError(.malformed, key, value.shown, rule)
            }
            subject[keyPath: path] = found
        }
    }
}
