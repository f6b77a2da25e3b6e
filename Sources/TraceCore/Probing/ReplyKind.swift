/// What an answer says about the place it came from.
///
/// Every case is a result, not an error: a router that prohibits is a fact about the path.
public enum ReplyKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A router on the way: the probe's hops were used up there.
    case timeExceeded
    /// The target, answering an ICMP echo request.
    case echoReply
    /// The target: no program listens on the UDP port that was probed.
    case portUnreachable
    /// The target: the TCP port takes connections.
    case open
    /// The target: the TCP port refuses connections.
    case closed
    /// The target, in the words of a prober of one's own.
    case answered
    /// No route to the network (`!N`).
    case networkUnreachable
    /// No way to the host (`!H`).
    case hostUnreachable
    /// The host does not speak the protocol (`!P`).
    case protocolUnreachable
    /// A firewall forbids it (`!X`).
    case prohibited
    /// The packet is larger than the next link takes and must not be cut (`!F`).
    case packetTooBig
    /// A source route failed (`!S`).
    case sourceRouteFailed
    /// Beyond the scope of the source address.
    case beyondScope
    /// Unreachable for another reason, given by the code (`!<code>`).
    case unreachable
    /// A header field that the router could not make sense of.
    case parameterProblem
    /// An answer that fits no other case.
    case other

    /// Whether the target itself answered.
    public var isFromTarget: Bool {
        switch self {
        case .echoReply, .portUnreachable, .open, .closed, .answered: true
        default: false
        }
    }

    /// Whether a router on the way reports that the probe could not go on.
    public var isUnreachable: Bool {
        switch self {
        case .networkUnreachable, .hostUnreachable, .protocolUnreachable, .prohibited, .packetTooBig,
            .sourceRouteFailed, .beyondScope, .unreachable, .parameterProblem:
            true
        default: false
        }
    }

    /// Whether nothing farther away can answer the same probe.
    public var isFinal: Bool { isFromTarget || isUnreachable }
}
