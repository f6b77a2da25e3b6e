internal import TraceCoreHTTP
public import TraceCore

extension Receiver {
    /// What a person says of a receiver; what does not belong to its kind is left as it is.
    public struct Settings: Sendable {
        /// Its name.
        public var name: String
        /// How it is told.
        public var kind: Kind
        /// The address: of a webhook the whole, of an Alertmanager what stands before `/api/v2/alerts`.
        public var url: String?
        /// The keys of a webhook, `whsec_…`: two while one takes the place of the other, none where nothing is signed.
        public var secrets: [String] = []
        /// What a webhook says.
        public var body = Body.tracecore
        /// Further header fields.
        public var headers: [String: String] = [:]
        /// The bearer token of an Alertmanager.
        public var token: String?
        /// Whether the address may lead into a private network, or to this machine.
        public var allowsPrivate = false
        /// A program and its arguments.
        public var command: [String] = []

        /// The settings of a receiver without more than its kind.
        public init(name: String, kind: Kind) { (self.name, self.kind) = (name, kind) }
    }

    /// A receiver by its settings.
    ///
    /// - Throws: Which field is wrong, and what is allowed. Nothing secret is part of it.
    public init(_ settings: Settings) throws(RequestError) {
        guard !settings.name.isEmpty, settings.name.utf8.count <= 100 else {
            throw Self.refusal("name", "a receiver has a name of at most 100 letters")
        }
        name = settings.name
        switch settings.kind {
        case .webhook:
            var secrets: [WebhookSecret] = []
            for (index, text) in settings.secrets.enumerated() {
                guard let secret = WebhookSecret(text) else {
                    throw Self.refusal(
                        "secrets.\(index)", "a secret is whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32")
                }
                secrets.append(secret)
            }
            guard secrets.count <= 5 else { throw Self.refusal("secrets", "more than 5 are not used at a time") }
            way = .webhook(try Endpoint(settings), secrets, settings.body)
        case .alertmanager: way = .alertmanager(try Endpoint(settings))
        case .command:
            guard let program = settings.command.first, !program.isEmpty else {
                throw Self.refusal("command", #"a command is a program and its arguments: ["/usr/bin/logger", "-t"]"#)
            }
            guard !settings.command.contains(where: { $0.utf8.contains(0) }) else {
                throw Self.refusal("command", "no argument has a NUL in it")
            }
            way = .command(settings.command)
        case .output: way = .output
        }
    }

    static func refusal(_ field: String, _ message: String, value: String? = nil) -> RequestError {
        RequestError(.malformed, field: field, value: value, message)
    }
}

extension Receiver.Endpoint {
    fileprivate init(_ settings: Receiver.Settings) throws(RequestError) {
        let isAlertmanager = settings.kind == .alertmanager
        let example = isAlertmanager ? "http://127.0.0.1:9093" : "https://hooks.example/path"
        guard var url = settings.url, let host = Self.host(of: url) else {
            throw Receiver.refusal(
                "url", "an address begins with https:// or http:// and a host, and has no spaces: \(example)")
        }
        guard !url.split(separator: "/", maxSplits: 2)[1].prefix(while: { !"/?#".contains($0) }).contains("@") else {
            throw Receiver.refusal(
                "url", "no user and password in it: give them as the header Authorization, or as a token")
        }
        if isAlertmanager {
            guard !url.contains(where: { "?#".contains($0) }) else {
                throw Receiver.refusal("url", "this is what stands before /api/v2/alerts: \(example)")
            }
            while url.hasSuffix("/") { url.removeLast() }
            if !url.hasSuffix("/api/v2/alerts") { url += "/api/v2/alerts" }
        }
        if !settings.allowsPrivate, let address = IPAddress(host),
            let refusal = TargetPolicy.publicOnly.refusal(of: address)
        {
            throw Receiver.refusal(
                "url", "it leads to \(refusal.place): if that is meant, set allow-private to true")
        }
        var fields = HTTPFields()
        for (name, value) in settings.headers.sorted(by: { $0.key < $1.key }) {
            if let problem = Self.problem(of: name, value) { throw Receiver.refusal("headers.\(name)", problem) }
            fields.add(name, value)
        }
        if let token = settings.token, isAlertmanager {
            guard token.wholeMatch(of: #/[-A-Za-z0-9._~+/]+=*/#) != nil else {
                throw Receiver.refusal("token", "a token has letters, digits and - . _ ~ + / = only")
            }
            fields.set("Authorization", "Bearer \(token)")
        }
        (self.url, self.host, self.fields, allowsPrivate) = (url, host, fields, settings.allowsPrivate)
    }

    /// The host in an address of HTTP, without the brackets of IPv6; nil if it is no such address.
    private static func host(of url: String) -> String? {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        let rest = url.dropFirst(scheme.count)
        guard scheme == "http" || scheme == "https", rest.hasPrefix("://"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let place = rest.dropFirst(3).prefix { !"/?#".contains($0) }
        let isV6 = place.last { $0 == "@" || $0 == "[" } == "["
        let form =
            isV6 ? #/(?:.*@)?\[([0-9A-Fa-f:.]+)\](?::([0-9]{1,5}))?/# : #/(?:.*@)?([^@:\[\]]+)(?::([0-9]{1,5}))?/#
        guard let words = place.wholeMatch(of: form)?.output else { return nil }
        if let port = words.2 { guard UInt16(port) ?? 0 > 0 else { return nil } }
        return String(words.1)
    }

    /// What a header of the user's may not say: where the message goes, how it ends, who sent it.
    private static let taken: Set<String> = [
        "host", "connection", "transfer-encoding", "te", "trailer", "upgrade", "expect", "keep-alive", "forwarded",
    ]
    private static let takenBeginnings = ["content-", "proxy-", "x-forwarded-", "webhook-"]

    private static func problem(of name: String, _ value: String) -> String? {
        let lower = name.lowercased()
        guard name.wholeMatch(of: #/[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}/#) != nil else {
            return "the name of a header has letters, digits and - only"
        }
        guard !taken.contains(lower), !takenBeginnings.contains(where: lower.hasPrefix) else {
            return "this header is for the program to set, or for nobody: X-Team and Authorization are allowed"
        }
        guard value.utf8.count <= 4_096, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            return "the value of a header is one line of at most 4096 letters of ASCII"
        }
        return nil
    }
}

extension Receiver.Settings: CustomStringConvertible, CustomReflectable {
    /// The name and the kind.
    public var description: String { "\(UntrustedText(name).word) (\(kind.rawValue))" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension Receiver: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private static func keys(of kind: Kind) -> [String] {
        switch kind {
        case .webhook: ["name", "type", "url", "secrets", "body", "headers", "allow-private"]
        case .alertmanager: ["name", "type", "url", "token", "headers", "allow-private"]
        case .command: ["name", "type", "command"]
        case .output: ["name", "type"]
        }
    }

    /// Reads a receiver from its settings in JSON.
    ///
    /// - Throws: `DecodingError` with the path of what is wrong, and what is allowed there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func read<Value: Decodable>(_ name: String, or value: Value) throws -> Value {
            container.contains(Key(name)) ? try container.decode(Value.self, forKey: Key(name)) : value
        }
        func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String, or value: Value?) throws -> Value {
            if let value, !container.contains(Key(name)) { return value }
            let word = try container.decode(String.self, forKey: Key(name))
            if let value = Value(rawValue: word) { return value }
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: Key(name), in: container,
                debugDescription: "\(UntrustedText(word).debugDescription) is none of \(names)")
        }
        let kind: Kind = try choice("type", or: nil)
        let known = Self.keys(of: kind)
        if let key = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container,
                debugDescription: "a receiver of type \(kind.rawValue) has only \(known.joined(separator: ", "))")
        }
        var settings = Settings(name: try read("name", or: ""), kind: kind)
        settings.url = container.contains(Key("url")) ? try container.decode(String.self, forKey: Key("url")) : nil
        settings.secrets = try read("secrets", or: [])
        settings.body = try choice("body", or: .tracecore)
        settings.headers = try read("headers", or: [:])
        settings.token =
            container.contains(Key("token")) ? try container.decode(String.self, forKey: Key("token")) : nil
        settings.allowsPrivate = try read("allow-private", or: false)
        settings.command = try read("command", or: [])
        do throws(RequestError) {
            try self.init(settings)
        } catch {
            let path = (error.field?.raw ?? "").split(separator: ".", maxSplits: 1).map { Key(String($0)) }
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath + path, debugDescription: error.message))
        }
    }
}
