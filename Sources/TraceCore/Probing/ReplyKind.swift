/// What an answer says about the place it came from.
///
/// Every case is a result, not an error: a router that prohibits is a fact about the path.
public enum ReplyKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A router on the way: the probe's TTL ended there.
    case timeExceeded
    /// The target, answering an ICMP echo request.
    case echoReply
    /// The target: the UDP port that was probed is closed.
    case portUnreachable
    /// The target: the TCP port takes connections.
    case open
    /// The target: the TCP port refuses connections.
    case closed
    /// The target, by a custom prober.
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
    /// Unreachable for another reason; the ICMP code says which (`!<code>`).
    case unreachable
    /// A header field that the router did not understand.
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
