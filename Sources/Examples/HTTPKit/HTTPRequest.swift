/// The head of a request.
public struct HTTPRequest: Sendable, Hashable {
    /// A version of HTTP/1.
    public enum Version: Sendable, Hashable {
        case v1_0, v1_1
    }

    /// How the end of the body is known.
    public enum Framing: Sendable, Hashable {
        /// There is no body.
        case none
        /// It has so many bytes.
        case length(Int)
        /// It comes in chunks.
        case chunked
    }

    /// The method.
    public let method: String
    /// What is asked for.
    public let target: HTTPTarget
    /// The version.
    public let version: Version
    /// The fields.
    public let fields: HTTPFields
    /// The host that is asked, with its port where one is given; empty where an old client named none.
    public let host: String
    /// How the body ends.
    public let framing: Framing

    /// Whether the client wants to send more on the connection.
    public var keepsAlive: Bool {
        let words = fields.words("connection")
        return version == .v1_1 ? !words.contains("close") : words.contains("keep-alive") && !words.contains("close")
    }

    /// Whether the client waits to be told to send the body.
    public var expectsContinue: Bool {
        version == .v1_1 && framing != .none && fields.first("expect")?.lowercased() == "100-continue"
    }
}

/// What a request asks for: a path and a query, percent-decoded once.
public struct HTTPTarget: Sendable, Hashable {
    /// The path as it was sent, or `*`.
    public let path: String
    /// The segments of the path, decoded. `/` has none, and a slash at the end makes an empty last one.
    public let segments: [String]
    /// The query as it was sent, or nil without one.
    public let query: String?
    /// The host, where the whole address was sent.
    let authority: String?

    /// The target of a request, in the forms of RFC 9112, 3.2, but for that of CONNECT.
    ///
    /// - Throws: What is wrong with it.
    init(_ octets: ArraySlice<UInt8>, method: String) throws(HTTPFault) {
        var rest = octets
        if rest.elementsEqual("*".utf8) {
            guard method == "OPTIONS" else { throw HTTPFault(.badRequest, "the target * is for OPTIONS alone") }
            (path, segments, query, authority) = ("*", [], nil, nil)
            return
        }
        authority = try Self.authority(of: &rest)
        let isWhole = authority != nil
        guard rest.first == UInt8(ascii: "/") || isWhole && (rest.isEmpty || rest.first == UInt8(ascii: "?")) else {
            throw HTTPFault(.badRequest, "the target is neither a path nor an http address")
        }
        var position = rest.startIndex
        while position < rest.endIndex {
            if rest[position] == UInt8(ascii: "%") {
                guard position + 2 < rest.endIndex, Octet.hexadecimal(rest[position + 1]) != nil,
                    Octet.hexadecimal(rest[position + 2]) != nil
                else { throw HTTPFault(.badRequest, "a percent sign in the target needs two hexadecimal digits") }
                position += 3
            } else {
                guard Octet.isTarget(rest[position]) else {
                    throw HTTPFault(.badRequest, "the target has a character that must be percent-encoded")
                }
                position += 1
            }
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        let pathOctets = rest[..<(mark ?? rest.endIndex)]
        query = mark.map { String(decoding: rest[($0 + 1)...], as: UTF8.self) }
        path = pathOctets.isEmpty ? "/" : String(decoding: pathOctets, as: UTF8.self)
        var segments: [String] = []
        if pathOctets.count > 1 {
            for part in pathOctets.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                guard let segment = Octet.decoded(part) else {
                    throw HTTPFault(.badRequest, "the path is not percent-encoded UTF-8")
                }
                guard segment != ".", segment != ".." else {
                    throw HTTPFault(.badRequest, "the path has a segment of dots")
                }
                segments.append(segment)
            }
        }
        self.segments = segments
    }

    /// Takes the scheme and the host off a whole address; nil for a path.
    private static func authority(of rest: inout ArraySlice<UInt8>) throws(HTTPFault) -> String? {
        let scheme = rest.prefix(7)
        guard String(decoding: scheme, as: UTF8.self).lowercased() == "http://" else { return nil }
        let start = scheme.endIndex
        let end = rest[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let host = HostName(rest[start..<end]), !host.text.isEmpty else {
            throw HTTPFault(.badRequest, "the target has no host")
        }
        rest = rest[end...]
        return host.text
    }

    /// The names and values of the query, as a form sends them.
    ///
    /// - Throws: That it is not percent-encoded UTF-8.
    public func queryItems() throws(HTTPFault) -> [(key: String, value: String)] {
        try Self.items(of: Array((query ?? "").utf8))
    }

    /// The names and values of a form's body or a query.
    ///
    /// - Throws: That it is not percent-encoded UTF-8.
    public static func items(of octets: [UInt8]) throws(HTTPFault) -> [(key: String, value: String)] {
        var items: [(key: String, value: String)] = []
        for part in octets.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Octet.decoded(halves[0], plusIsSpace: true),
                let value = halves.count > 1 ? Octet.decoded(halves[1], plusIsSpace: true) : ""
            else { throw HTTPFault(.badRequest, "the query is not percent-encoded UTF-8") }
            items.append((key, value))
        }
        return items
    }
}

/// A host with its port, as RFC 3986 writes it (3.2.2): a name, an IPv4 address, or an IPv6 address in brackets.
struct HostName {
    let text: String

    init?(_ octets: ArraySlice<UInt8>) {
        var port: ArraySlice<UInt8> = []
        if octets.first == UInt8(ascii: "[") {
            guard let end = octets.firstIndex(of: UInt8(ascii: "]")), end > octets.startIndex + 1 else { return nil }
            let inside = octets[(octets.startIndex + 1)..<end]
            guard
                inside.allSatisfy({ Octet.hexadecimal($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
                )
            else {
                return nil
            }
            let rest = octets[(end + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { return nil }
            port = rest.dropFirst()
        } else {
            let end = octets.firstIndex(of: UInt8(ascii: ":")) ?? octets.endIndex
            let marks = "-._~!$&'()*+,;=%".utf8
            guard
                octets[..<end].allSatisfy({ octet in
                    Octet.isDigit(octet) || (0x41...0x5A).contains(octet & 0xDF) && octet < 0x80
                        || marks.contains(octet)
                })
            else { return nil }
            port = octets[end...].dropFirst()
        }
        guard port.count <= 5, port.allSatisfy(Octet.isDigit) else { return nil }
        text = String(decoding: octets, as: UTF8.self)
    }
}
