extension Atlas {
    /// Why a probe could not go on, as RIPE Atlas writes it: a letter, or the code of an ICMP message that has no
    /// letter.
    public enum Fault: Sendable, Hashable {
        /// `N` network, `H` host, `P` protocol or `p` port unreachable, `A` prohibited, `h` beyond the scope of the source.
        case letter(String)
        /// The code of the message.
        case code(UInt8)

        /// The fault in an answer, or nil if there is none.
        ///
        /// A closed port is what a trace by UDP looks for, so it is no fault there.
        ///
        /// - Parameters:
        ///   - reply: The answer.
        ///   - method: How the probes were sent.
        init?(_ reply: ProbeReply, to method: ProbeMethod?) {
            switch reply.kind {
            case .portUnreachable:
                guard method == .icmp else { return nil }
                self = .letter("p")
            // Its MTU has a field of its own.
            case .packetTooBig: return nil
            case let kind where kind.isUnreachable:
                let isV4 = reply.from.isV4
                if let icmp = reply.icmp, icmp.type == (isV4 ? 3 : 1) {
                    self = (isV4 ? Self.v4 : Self.v6)[icmp.code].map { .letter($0) } ?? .code(icmp.code)
                } else if let letter = Self.letters[kind] {
                    self = .letter(letter)
                } else if let icmp = reply.icmp {
                    self = .code(icmp.code)
                } else {
                    return nil
                }
            default: return nil
            }
        }

        private static let v4: [UInt8: String] = [0: "N", 1: "H", 2: "P", 13: "A"]
        private static let v6: [UInt8: String] = [0: "N", 1: "A", 2: "h", 3: "H"]
        /// For answers whose code is not known.
        private static let letters: [ReplyKind: String] = [
            .networkUnreachable: "N", .hostUnreachable: "H", .protocolUnreachable: "P", .prohibited: "A",
            .beyondScope: "h",
        ]
    }
}

extension Atlas.Fault: Codable {
    /// Reads a letter or a number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let code = try? container.decode(UInt8.self) {
            self = .code(code)
        } else {
            self = .letter(try container.decode(String.self))
        }
    }

    /// Writes the letter or the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .letter(let letter): try container.encode(letter)
        case .code(let code): try container.encode(code)
        }
    }
}
