extension ReplyKind {
    /// What an ICMP message says to the sender of a probe, or nil for one that is no answer to it.
    ///
    /// All ways to receive judge by this. The system tells ordinary sockets of ICMPv6 errors of any type below 128, also of
    /// those that nobody has defined: nobody knows what they say, so they are no answers. An echo reply has the code 0.
    init?(_ header: ICMPHeader) {
        switch header.family {
        case .v4: self.init(v4: header.type, code: header.code)
        case .v6: self.init(v6: header.type, code: header.code)
        }
    }

    private init?(v4 type: UInt8, code: UInt8) {
        switch type {
        case 0 where code == 0: self = .echoReply
        // Code 1 is the target's: fragments that never became a packet.
        case 11: self = code == 0 ? .timeExceeded : .other
        case 12: self = .parameterProblem
        case 3:
            switch code {
            case 0, 6, 11: self = .networkUnreachable
            case 1, 7, 8, 12: self = .hostUnreachable
            case 2: self = .protocolUnreachable
            case 3: self = .portUnreachable
            case 4: self = .packetTooBig
            case 5: self = .sourceRouteFailed
            case 9, 10, 13, 14, 15: self = .prohibited
            default: self = .unreachable
            }
        // A redirect or a source quench says nothing about the probe's fate.
        default: return nil
        }
    }

    private init?(v6 type: UInt8, code: UInt8) {
        switch type {
        case 129 where code == 0: self = .echoReply
        case 2: self = .packetTooBig
        case 3: self = code == 0 ? .timeExceeded : .other
        // RFC 4443, 3.4: code 1 is IPv6's way to say that a protocol is not known.
        case 4: self = code == 1 ? .protocolUnreachable : .parameterProblem
        case 1:
            switch code {
            case 0: self = .networkUnreachable
            case 1, 5, 6: self = .prohibited
            case 2: self = .beyondScope
            case 3: self = .hostUnreachable
            case 4: self = .portUnreachable
            case 7: self = .sourceRouteFailed
            default: self = .unreachable
            }
        default: return nil
        }
    }
}
