/// As much of a transport header as an ICMP error quotes.
package enum QuotedTransport: Sendable, Hashable {
    /// UDP, from at least four quoted bytes.
    case udp(UDP)
    /// TCP, from at least four quoted bytes.
    case tcp(TCP)
    /// ICMP of either family, from at least four quoted bytes.
    case icmp(ICMP)
    /// Another protocol, a later fragment, or too little to say anything.
    case unknown

    /// What is quoted of a UDP header.
    package struct UDP: Sendable, Hashable {
        /// The sender's port.
        package let sourcePort: UInt16
        /// The receiver's port.
        package let destinationPort: UInt16
        /// The length of the datagram as sent, if quoted.
        package let datagramLength: UInt16?
        /// The checksum, if quoted.
        package let checksum: UInt16?
    }

    /// What is quoted of a TCP header.
    package struct TCP: Sendable, Hashable {
        /// The sender's port.
        package let sourcePort: UInt16
        /// The receiver's port.
        package let destinationPort: UInt16
        /// The sequence number, if quoted.
        package let sequence: UInt32?
        /// The acknowledgment number, if quoted.
        package let acknowledgment: UInt32?
        /// The control bits, if quoted.
        package let flags: TCPFlags?
        /// The maximum segment size that is offered, if the options are quoted and it is among them.
        package let maximumSegmentSize: UInt16?
        /// The checksum, if quoted.
        package let checksum: UInt16?
    }

    /// What is quoted of an ICMP header.
    package struct ICMP: Sendable, Hashable {
        /// The type's number, in the numbering of the quoted packet's family.
        package let type: UInt8
        /// The code's number.
        package let code: UInt8
        /// The checksum.
        package let checksum: UInt16
        /// An echo's identifier, if quoted.
        package let identifier: UInt16?
        /// An echo's sequence number, if quoted.
        package let sequence: UInt16?
    }
}
