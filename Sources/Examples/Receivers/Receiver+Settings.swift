internal import TraceCore

extension Receiver: Decodable {
    /// Reads a receiver from its settings: `name` and `type`, and what its type has.
    ///
    /// - `webhook`: `url`; `secrets` (`whsec_…`, two while one takes the place of the other), without which nothing is
    ///   signed; `body`; `headers`; `allow-private`, if the address may lead into a private network or to this machine.
    /// - `alertmanager`: `url`, what stands before `/api/v2/alerts`; `token`; `headers`; `allow-private`.
    /// - `command`: `command`, the program and its arguments.
    /// - `output`: nothing more.
    ///
    /// - Throws: `DecodingError` with the path of what is wrong, and what is allowed there. Nothing secret is part of it.
    public init(from decoder: any Decoder) throws {
        let settings = ReceiverSettings(try decoder.container(keyedBy: ReceiverSettings.Key.self))
        let kind: Kind = try settings.choice("type", or: nil)
        let fields =
            switch kind {
            case .webhook: ["name", "type", "url", "secrets", "body", "headers", "allow-private"]
            case .alertmanager: ["name", "type", "url", "token", "headers", "allow-private"]
            case .command: ["name", "type", "command"]
            case .output: ["name", "type"]
            }
        try settings.refuseOthers(than: fields, of: kind)
        name = try settings.value("name", or: "")
        guard !name.isEmpty, name.utf8.count <= 100 else {
            throw settings.refusal("name", "a receiver has a name of at most 100 letters")
        }
        switch kind {
        case .webhook:
            let texts: [String] = try settings.value("secrets", or: [])
            guard texts.count <= 5 else { throw settings.refusal("secrets", "at most 5 are used at a time") }
            let secrets = try texts.enumerated().map { index, text in
                guard let secret = WebhookSecret(text) else {
                    throw settings.refusal(
                        "secrets", "a secret is whsec_ and 24 to 64 bytes in base64, as of: openssl rand -base64 32",
                        part: "\(index)")
                }
                return secret
            }
            way = .webhook(try Endpoint(settings, path: nil), secrets, try settings.choice("body", or: .tracecore))
        case .alertmanager: way = .alertmanager(try Endpoint(settings, path: "/api/v2/alerts"))
        case .command:
            let words: [String] = try settings.value("command", or: [])
            guard let program = words.first, !program.isEmpty, !words.contains(where: { $0.utf8.contains(0) }) else {
                throw settings.refusal(
                    "command",
                    #"a command is a program and its arguments, without NUL: ["/usr/bin/logger", "-t", "path"]"#)
            }
            way = .command(words)
        case .output: way = .output
        }
    }
}

/// The fields of a receiver's settings, and errors that say where they are.
struct ReceiverSettings {
    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private let container: KeyedDecodingContainer<Key>

    init(_ container: KeyedDecodingContainer<Key>) { self.container = container }

    func value<Value: Decodable>(_ name: String, or value: Value) throws -> Value {
        container.contains(Key(name)) ? try container.decode(Value.self, forKey: Key(name)) : value
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String, or value: Value?) throws -> Value {
        if let value, !container.contains(Key(name)) { return value }
        let word = try container.decode(String.self, forKey: Key(name))
        if let value = Value(rawValue: word) { return value }
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw refusal(name, "\(UntrustedText(word).debugDescription) is none of \(names)")
    }

    func refuseOthers(than names: [String], of kind: Receiver.Kind) throws {
        guard let key = container.allKeys.first(where: { !names.contains($0.stringValue) }) else { return }
        throw refusal(key.stringValue, "a receiver of type \(kind.rawValue) has only \(names.joined(separator: ", "))")
    }

    /// The error about a field, or about a part of it.
    func refusal(_ name: String, _ message: String, part: String? = nil) -> DecodingError {
        let path = [name, part].compactMap { $0.map { Key(UntrustedText($0).description) } }
        return .dataCorrupted(.init(codingPath: container.codingPath + path, debugDescription: message))
    }
}
