extension Response {
    /// The mark that users of traceroute know: `!H`, `!N`, `!X` and so on, or nil for an ordinary answer.
    public var mark: String? {
        switch kind {
        case .timeExceeded, .echoReply, .portUnreachable, .open, .closed, .answered: nil
        case .networkUnreachable: "!N"
        case .hostUnreachable: "!H"
        case .protocolUnreachable: "!P"
        case .prohibited: "!X"
        case .packetTooBig: mtu.map { "!F-\($0)" } ?? "!F"
        case .sourceRouteFailed: "!S"
        case .beyondScope: "!B"
        case .unreachable, .parameterProblem, .other: icmp.map { "!<\($0.code)>" } ?? "!?"
        }
    }
}
