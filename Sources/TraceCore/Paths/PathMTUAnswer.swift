/// What an answer says about the size of the packet that it is to.
enum PathMTUAnswer: Hashable {
    /// It arrived at the hop that it was sent to.
    case arrived
    /// It did not: a router on the way says that it is too big, and perhaps what would not be.
    case tooBig(mtu: Int?)
    /// Neither is known.
    case unclear

    /// The size of the packets that the path is traced with, which every link takes (RFC 791).
    static let smallPacket = 68

    /// - Parameters:
    ///   - response: The answer.
    ///   - size: The packet's size, IP header and all.
    ///   - responders: Who has answered small packets at that hop.
    init(_ response: ProbeReply, to size: Int, responders: Set<IPAddress>) {
        switch response.kind {
        case .packetTooBig where !responders.contains(response.from):
            let mtu = response.mtu.flatMap { Self.isPlausible($0, for: size, from: response.from) ? $0 : nil }
            self = .tooBig(mtu: mtu)
        case _ where response.kind.isFromTarget || response.kind == .timeExceeded: self = .arrived
        // A router may look at the size before it looks at the hops, and a firewall may be where the path ends.
        default: self = responders.contains(response.from) ? .arrived : .unclear
        }
    }

    /// Whether a router can mean it: less than was sent, and at least what every link takes (RFC 791, RFC 8200).
    static func isPlausible(_ mtu: Int, for size: Int, from router: IPAddress) -> Bool {
        mtu < size && mtu >= (router.isV4 ? smallPacket : 1280)
    }
}

extension [Int: Set<IPAddress>] {
    /// The nearest hop, of those nearer than a TTL, where a router has answered small packets: what it refuses arrived there.
    func hop(of router: IPAddress, before ttl: Int) -> Int? {
        lazy.filter { $0.key < ttl && $0.value.contains(router) }.map(\.key).min()
    }
}
