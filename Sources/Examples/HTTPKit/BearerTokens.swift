internal import Glibc
public import TraceCore

/// The tokens that a server takes, each with the name of who has it.
public struct BearerTokens: Sendable {
    private struct Token {
        let name: String
        /// The token with its length in front, and filled up: all are compared alike.
        let padded: [UInt8]
    }

    private static let longest = 254
    private var tokens: [Token] = []
    /// What should be changed about the file.
    public private(set) var warning: String?

    /// No tokens: nobody has a name.
    public init() {}

    /// The tokens in a file: `name: token` or `token` in each line, beside empty lines and comments behind `#`.
    ///
    /// - Throws: Why it cannot be read, or which line is wrong. No token is part of it.
    public init(contentsOf path: String) throws(ProbeError) {
        let bytes: [UInt8]
        do throws(FileError) {
            let file = try FileMapping(path: path, isLoaded: true)
            bytes = file.bytes.withSpan { span in (0..<span.count).map { span[$0] } }
        } catch {
            throw ProbeError(.badInput, "The file of tokens \(UntrustedText(path).word) \(error.words)")
        }
        do throws(ProbeError) {
            try self.init(bytes)
        } catch {
            throw ProbeError(error.code, "\(UntrustedText(path)):\(error.message)", remedy: error.remedy)
        }
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_mode & 0o007 != 0 {
            warning = "everybody on this machine can read the tokens in \(UntrustedText(path).word): chmod o= helps"
        }
    }

    /// The tokens in the bytes of such a file.
    init(_ bytes: [UInt8]) throws(ProbeError) {
        // The letters of a token are those of RFC 6750, 2.1.
        let form = #/[ \t]*(?:([!-9;-~]+):[ \t]+)?([-A-Za-z0-9._~+/=]{16,254})[ \t]*\r?/#
        for (index, octets) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = String(decoding: octets.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
            if line.allSatisfy(\.isWhitespace) { continue }
            guard let words = line.wholeMatch(of: form)?.output else {
                throw ProbeError(
                    .badInput, "\(index + 1): this is neither a token nor a name, a colon, a space and a token",
                    remedy: "A token has 16 to 254 letters, digits and - . _ ~ + / =, and a name has no space")
            }
            let padded = Self.padded(words.2.utf8)
            if let twin = tokens.first(where: { $0.padded == padded }) {
                throw ProbeError(.badInput, "\(index + 1): the token is already that of \(twin.name)")
            }
            tokens.append(Token(name: words.1.map { String($0) } ?? "line \(index + 1)", padded: padded))
        }
    }

    /// How many tokens there are.
    public var count: Int { tokens.count }

    /// Whose token a request has in its field `Authorization`; nil without one, and for one that nobody has.
    ///
    /// It takes as long for a token that is almost right as for one that is not.
    ///
    /// - Parameter takesPasswords: Whether a token may come as a password, too (RFC 7617), as browsers send it.
    public func name(for fields: HTTPFields, takesPasswords: Bool = false) -> String? {
        let values = fields["authorization"]
        guard values.count == 1 else { return nil }
        let words = values[0].utf8.split(separator: 0x20)
        guard words.count == 2 else { return nil }
        let token: [UInt8]
        switch String(Substring(words[0])).lowercased() {
        case "bearer": token = Array(words[1])
        case "basic" where takesPasswords:
            // The name of a user has no colon, and says nothing here.
            guard let login = Base64.bytes(of: String(Substring(words[1]))),
                let colon = login.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            token = Array(login[(colon + 1)...])
        default: return nil
        }
        guard token.count <= Self.longest else { return nil }
        let asked = Self.padded(token)
        var found: String?
        for token in tokens {
            var difference: UInt8 = 0
            for index in asked.indices { difference |= asked[index] ^ token.padded[index] }
            if difference == 0 { found = token.name }
        }
        return found
    }

    private static func padded(_ token: some Collection<UInt8>) -> [UInt8] {
        [UInt8(token.count)] + token + [UInt8](repeating: 0, count: longest - token.count)
    }
}
