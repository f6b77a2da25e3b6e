/// What an answer says about the size of the packet that it answers.
enum PathMTUAnswer: Hashable {
    /// The packet arrived at the hop of its TTL.
    case arrived
    /// It did not: a router on the way says that it is too big, and may say what would fit.
    case tooBig(mtu: Int?)
    /// Neither is known.
    case unclear

    /// The size of the packets that trace the path, which every link takes (RFC 791).
    static let smallPacket = 68

    /// - Parameters:
    ///   - reply: The answer.
    ///   - size: The size of the packet, with the IP header.
    ///   - responders: The addresses that have answered small packets at that hop.
    init(_ reply: ProbeReply, to size: Int, responders: Set<IPAddress>) {
        switch reply.kind {
        case .packetTooBig where !responders.contains(reply.from):
            let mtu = reply.mtu.flatMap { Self.isPlausible($0, for: size, from: reply.from) ? $0 : nil }
            self = .tooBig(mtu: mtu)
        case _ where reply.kind.isFromTarget || reply.kind == .timeExceeded: self = .arrived
        // A router may check the size before the TTL, and a firewall may be the end of the path.
        default: self = responders.contains(reply.from) ? .arrived : .unclear
        }
    }

    /// Whether a router's MTU is possible: less than was sent, and at least what every link takes (RFC 791, RFC 8200).
    static func isPlausible(_ mtu: Int, for size: Int, from router: IPAddress) -> Bool {
        mtu < size && mtu >= (router.isV4 ? smallPacket : 1280)
    }
}

extension [Int: Set<IPAddress>] {
    /// The nearest hop before a TTL where a router has answered small packets: the packets that it refuses arrived
    /// there.
    func hop(of router: IPAddress, before ttl: Int) -> Int? {
        lazy.filter { $0.key < ttl && $0.value.contains(router) }.map(\.key).min()
    }
}
