/// As much of a transport header as an ICMP error quotes.
public enum QuotedTransport: Sendable, Hashable {
    /// UDP, from at least four quoted bytes.
    case udp(UDP)
    /// TCP, from at least four quoted bytes.
    case tcp(TCP)
    /// ICMP of either family, from at least four quoted bytes.
    case icmp(ICMP)
    /// Another protocol, a later fragment, or too little to say anything.
    case unknown

    /// What is quoted of a UDP header.
    public struct UDP: Sendable, Hashable {
        /// The sender's port.
        public let sourcePort: UInt16
        /// The receiver's port.
        public let destinationPort: UInt16
        /// The length of the datagram as sent, if quoted.
        public let datagramLength: UInt16?
        /// The checksum, if quoted.
        public let checksum: UInt16?
    }

    /// What is quoted of a TCP header.
    public struct TCP: Sendable, Hashable {
        /// The sender's port.
        public let sourcePort: UInt16
        /// The receiver's port.
        public let destinationPort: UInt16
        /// The sequence number, if quoted.
        public let sequence: UInt32?
        /// The acknowledgment number, if quoted.
        public let acknowledgment: UInt32?
        /// The control bits, if quoted.
        public let flags: TCPFlags?
        /// The maximum segment size that is offered, if the options are quoted and it is among them.
        public let maximumSegmentSize: UInt16?
        /// The checksum, if quoted.
        public let checksum: UInt16?
    }

    /// What is quoted of an ICMP header.
    public struct ICMP: Sendable, Hashable {
        /// The type's number, in the numbering of the quoted packet's family.
        public let type: UInt8
        /// The code's number.
        public let code: UInt8
        /// The checksum.
        public let checksum: UInt16
        /// An echo's identifier, if quoted.
        public let identifier: UInt16?
        /// An echo's sequence number, if quoted.
        public let sequence: UInt16?
    }
}
