extension ProbeReply {
    /// The mark that users of traceroute know: `!H`, `!N`, `!X` and so on, or nil for an ordinary answer.
    public var mark: String? {
        switch kind {
        case .packetTooBig: mtu.map { "!F-\($0)" } ?? kind.mark
        case .unreachable, .parameterProblem, .other: icmp.map { "!<\($0.code)>" } ?? kind.mark
        default: kind.mark
        }
    }

    /// The answer in words: as those of its kind, but for a closed port that somebody else than the target claims.
    var words: String { refusesPort ? ReplyKind.portUnreachable.words : kind.words }

    /// Whether a router or a firewall has said "port unreachable" of a target that is not its own.
    private var refusesPort: Bool {
        kind == .unreachable
            && icmp == (from.isV4 ? ProbeReply.ICMPCode(type: 3, code: 3) : ProbeReply.ICMPCode(type: 1, code: 4))
    }
}

extension ReplyKind {
    /// The mark that users of traceroute know, from the kind alone, or nil for an ordinary answer.
    public var mark: String? {
        switch self {
        case .timeExceeded, .echoReply, .portUnreachable, .open, .closed, .answered: nil
        case .networkUnreachable: "!N"
        case .hostUnreachable: "!H"
        case .protocolUnreachable: "!P"
        case .prohibited: "!X"
        case .packetTooBig: "!F"
        case .sourceRouteFailed: "!S"
        case .beyondScope: "!B"
        case .unreachable, .parameterProblem, .other: "!?"
        }
    }

    /// What the answer says of a TCP port, or nil if it says nothing of one.
    package var port: String? { self == .open || self == .closed ? rawValue : nil }

    /// The kind in words; files and code use its name.
    var words: String {
        switch self {
        case .timeExceeded: "time to live exceeded"
        case .echoReply: "echo reply"
        case .portUnreachable: "port unreachable"
        case .networkUnreachable: "network unreachable"
        case .hostUnreachable: "host unreachable"
        case .protocolUnreachable: "protocol unreachable"
        case .packetTooBig: "packet too big"
        case .sourceRouteFailed: "source route failed"
        case .beyondScope: "beyond scope of source address"
        case .parameterProblem: "parameter problem"
        case .open, .closed, .answered, .prohibited, .unreachable, .other: rawValue
        }
    }
}
