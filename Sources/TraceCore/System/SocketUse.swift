extension SystemSocket {
    /// What kind of packets a socket sends and receives.
    enum Kind: Sendable, Hashable {
        /// UDP datagrams.
        case datagram
        /// ICMP echo requests by the kernel's leave, without a privilege.
        case echo
        /// A TCP connection.
        case stream
        /// Whole packets, to be sent only.
        case rawSending
        /// Whole ICMP packets.
        case rawICMP
        /// Whole TCP packets that may answer a connection request.
        case rawTCP
    }

    /// What a packet is sent with beside its bytes.
    struct Dispatch {
        var ttl: UInt8?
        var trafficClass: UInt8?
        var flowLabel: UInt32 = 0
        /// Whether the kernel stamps it.
        var wantsStamp = false
        /// The number that the stamp comes back under, where the kernel can do that.
        var stampID: UInt32?
    }

    /// Reads what is there, a batch at a time, and gives whether there was anything.
    ///
    /// Bounded, so that a flood on one socket does not starve the others; the reactor comes back.
    @discardableResult
    func drain(fromErrorQueue: Bool = false, into buffer: ReceiveBuffer, _ take: () -> Void) -> Bool {
        for round in 0..<64 {
            guard receive(into: buffer, fromErrorQueue: fromErrorQueue) else { return round > 0 }
            take()
            if !buffer.isFull { break }
        }
        return true
    }
}
