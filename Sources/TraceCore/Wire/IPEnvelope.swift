/// What is written on the outside of a packet to be built: everything the IP header says but the
/// protocol and the lengths.
///
/// The destination decides the version; a source of the other one is written as the unspecified address.
package struct IPEnvelope: Sendable, Hashable {
    /// The sender's address.
    package var source: IPAddress
    /// The receiver's address.
    package var destination: IPAddress
    /// IPv4's TTL, IPv6's hop limit.
    package var ttl: UInt8
    /// DSCP in the upper six bits, ECN in the lower two.
    package var trafficClass: UInt8
    /// IPv6's flow label; not written for IPv4.
    package var flowLabel: UInt32
    /// IPv4's identification; not written for IPv6.
    package var identification: UInt16
    /// IPv4's don't-fragment flag; not written for IPv6.
    package var dontFragment: Bool

    /// An envelope with usual values for what is not given.
    package init(
        from source: IPAddress, to destination: IPAddress, ttl: UInt8 = 64, trafficClass: UInt8 = 0,
        flowLabel: UInt32 = 0, identification: UInt16 = 0, dontFragment: Bool = false
    ) {
        self.source = source
        self.destination = destination
        self.ttl = ttl
        self.trafficClass = trafficClass
        self.flowLabel = flowLabel
        self.identification = identification
        self.dontFragment = dontFragment
    }

    /// The version of the packet.
    package var family: IPAddress.Family { destination.family }

    /// The length of the IP header that is written.
    package var headerLength: Int { family == .v4 ? IPv4Header.minimumLength : IPv6Header.length }

    /// A packet of any protocol, its payload taken as it is.
    package func packet(_ proto: IPProtocol, payload: [UInt8]) -> [UInt8] {
        var packet = begin(proto, length: payload.count)
        packet.append(contentsOf: payload)
        return packet
    }

    /// The IP header of a packet, with room for `length` bytes after it.
    ///
    /// A length that does not fit the header's 16 bits is cut, which makes a packet that says it is
    /// shorter than it is.
    func begin(_ proto: IPProtocol, length: Int) -> [UInt8] {
        var packet: [UInt8] = []
        packet.reserveCapacity(headerLength + length)
        switch family {
        case .v4:
            let header = IPv4Header(
                source: source, destination: destination, proto: proto, ttl: ttl,
                totalLength: UInt16(clamping: headerLength + length), trafficClass: trafficClass,
                identification: identification, dontFragment: dontFragment)
            header.append(to: &packet)
            packet.set(InternetChecksum.of(packet.span), at: 10)
        case .v6:
            let header = IPv6Header(
                source: source, destination: destination, nextHeader: proto, hopLimit: ttl,
                payloadLength: UInt16(clamping: length), trafficClass: trafficClass, flowLabel: flowLabel)
            header.append(to: &packet)
        }
        return packet
    }

    /// The sum of the pseudo header for a protocol and a length.
    func pseudoHeader(_ proto: IPProtocol, length: Int) -> InternetChecksum {
        var checksum = InternetChecksum()
        checksum.addPseudoHeader(
            source: source.family == family ? source : IPAddress(v4: 0), destination: destination,
            proto: proto, length: length)
        return checksum
    }
}
