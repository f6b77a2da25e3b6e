internal import TraceCore
internal import TraceCoreHTTP

extension Receiver {
    /// A server that is asked: where it is, and what it is told beside the message.
    struct Endpoint {
        let url: String
        /// The name or the address in it.
        let host: String
        let fields: HTTPFields
        let allowsPrivate: Bool
    }
}

extension Receiver.Endpoint {
    /// The server in the settings of a receiver.
    ///
    /// - Parameter path: What is asked for there; nil if the whole address is given.
    init(_ settings: ReceiverSettings, path: String?) throws {
        var url = try settings.value("url", or: "")
        guard let host = Self.host(of: url) else {
            throw settings.refusal(
                "url",
                "an address is https:// or http://, a host, and a path without spaces: https://hooks.example/path")
        }
        guard !Self.authority(of: url).contains("@") else {
            throw settings.refusal(
                "url", "an address here has no user and password: give the header Authorization, or a token")
        }
        if let path {
            guard !url.contains(where: { "?#".contains($0) }) else {
                throw settings.refusal("url", "give what stands before \(path): http://127.0.0.1:9093")
            }
            while url.hasSuffix("/") { url.removeLast() }
            if !url.hasSuffix(path) { url += path }
        }
        allowsPrivate = try settings.value("allow-private", or: false)
        if !allowsPrivate, let refusal = IPAddress(host).flatMap(TargetPolicy.publicOnly.refusal) {
            throw settings.refusal("url", "it leads to \(refusal.place): if that is meant, set allow-private to true")
        }
        var fields = HTTPFields()
        let headers: [String: String] = try settings.value("headers", or: [:])
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            if let problem = Self.problem(of: name, value) { throw settings.refusal("headers", problem, part: name) }
            fields.set(name, value)
        }
        let token = try settings.value("token", or: "")
        if !token.isEmpty {
            // RFC 6750, 2.1.
            guard token.wholeMatch(of: #/[-A-Za-z0-9._~+/]+=*/#) != nil else {
                throw settings.refusal("token", "a token has letters, digits and - . _ ~ + / = only")
            }
            fields.set("Authorization", "Bearer \(token)")
        }
        (self.url, self.host, self.fields) = (url, host, fields)
    }

    /// What stands between the scheme and the path.
    private static func authority(of url: String) -> Substring {
        guard let start = url.firstRange(of: "://")?.upperBound else { return "" }
        return url[start...].prefix { !"/?#".contains($0) }
    }

    /// The host in an address of HTTP, without the brackets of IPv6; nil if it is no such address.
    private static func host(of url: String) -> String? {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        let isVisible = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        let form = #/(?:.*@)?(?:\[([0-9A-Fa-f:.]+)\]|([^@:\[\]]+))(?::([0-9]{1,5}))?/#
        guard scheme == "http" || scheme == "https", url.dropFirst(scheme.count).hasPrefix("://"), isVisible,
            let words = authority(of: url).wholeMatch(of: form)?.output,
            words.3.map({ UInt16($0) ?? 0 > 0 }) ?? true
        else { return nil }
        return (words.1 ?? words.2).map { String($0) }
    }

    /// What says where a message goes, how it ends, or who sent it, is not for a user to say.
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
            return "this header is set by the program, or by nobody: Authorization and X-Team are allowed"
        }
        guard value.utf8.count <= 4_096, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            return "the value of a header is one line of at most 4096 letters of ASCII"
        }
        return nil
    }
}
