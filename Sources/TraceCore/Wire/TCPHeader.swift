/// A TCP header (RFC 9293).
package struct TCPHeader: Sendable, Hashable {
    /// The length of a header without options.
    package static let minimumLength = 20

    /// The sender's port.
    package var sourcePort: UInt16
    /// The receiver's port.
    package var destinationPort: UInt16
    /// The number of the segment's first byte.
    package var sequence: UInt32
    /// The number of the byte expected next, where `flags` has `ack`.
    package var acknowledgment: UInt32
    /// The control bits.
    package var flags: TCPFlags
    /// How many bytes the sender will take.
    package var window: UInt16
    /// The checksum in the header.
    package var checksum: UInt16
    /// Where urgent data ends, where `flags` has `urg`.
    package var urgentPointer: UInt16
    /// The largest segment the sender takes, or nil without that option.
    package var maximumSegmentSize: UInt16?
    /// Where in the decoded buffer the options are; empty for a header without.
    package var options: Range<Int>

    /// The length of the header with its options: what the data offset says.
    package var headerLength: Int { Self.minimumLength + options.count }

    /// A header made of its fields, its checksum still to be filled in.
    package init(
        sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32 = 0, acknowledgment: UInt32 = 0,
        flags: TCPFlags = [], window: UInt16 = 0, checksum: UInt16 = 0, urgentPointer: UInt16 = 0,
        maximumSegmentSize: UInt16? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequence = sequence
        self.acknowledgment = acknowledgment
        self.flags = flags
        self.window = window
        self.checksum = checksum
        self.urgentPointer = urgentPointer
        self.maximumSegmentSize = maximumSegmentSize
        options = 0..<0
    }

    /// The header at the beginning of a range of bytes; the checksum is not judged.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let range = bytes.clamp(range)
        let start = range.lowerBound
        guard range.count >= Self.minimumLength else {
            throw WireError(
                .truncated, in: .tcp, at: range.upperBound, expected: Self.minimumLength, found: range.count)
        }
        let length = Int(bytes[start &+ 12] >> 4) &* 4
        guard length >= Self.minimumLength else {
            throw WireError(
                .badHeaderLength, in: .tcp, at: start &+ 12, expected: Self.minimumLength, found: length)
        }
        guard range.count >= length else {
            throw WireError(
                .truncated, in: .tcp, at: range.upperBound, expected: length, found: range.count)
        }
        sourcePort = bytes.uint16(at: start)
        destinationPort = bytes.uint16(at: start &+ 2)
        sequence = bytes.uint32(at: start &+ 4)
        acknowledgment = bytes.uint32(at: start &+ 8)
        flags = TCPFlags(rawValue: bytes[start &+ 13])
        window = bytes.uint16(at: start &+ 14)
        checksum = bytes.uint16(at: start &+ 16)
        urgentPointer = bytes.uint16(at: start &+ 18)
        options = (start &+ Self.minimumLength)..<(start &+ length)
        maximumSegmentSize = Self.maximumSegmentSize(bytes, in: options)
    }

    /// Appends the header.
    ///
    /// The options are the ones given, at most 40 bytes, padded to a multiple of four; where none are,
    /// the maximum segment size alone, if there is one.
    package func append(to packet: inout [UInt8], options: [UInt8] = []) {
        var options = options
        if options.isEmpty, let size = maximumSegmentSize {
            options = [2, 4, UInt8(truncatingIfNeeded: size >> 8), UInt8(truncatingIfNeeded: size)]
        }
        let optionLength = min((options.count + 3) / 4 * 4, 40)
        packet.append(big: sourcePort)
        packet.append(big: destinationPort)
        packet.append(big: sequence)
        packet.append(big: acknowledgment)
        packet.append(UInt8(truncatingIfNeeded: (5 + optionLength / 4) << 4))
        packet.append(flags.rawValue)
        packet.append(big: window)
        packet.append(big: checksum)
        packet.append(big: urgentPointer)
        packet.append(contentsOf: options.prefix(optionLength))
        for _ in min(options.count, optionLength)..<optionLength { packet.append(0) }
    }

    /// Walks the options to the maximum segment size (kind 2, length 4); a broken list has none.
    private static func maximumSegmentSize(_ bytes: Span<UInt8>, in options: Range<Int>) -> UInt16? {
        var index = options.lowerBound
        while index < options.upperBound {
            let kind = bytes[index]
            if kind == 0 { return nil }
            if kind == 1 {
                index &+= 1
                continue
            }
            guard index &+ 1 < options.upperBound else { return nil }
            let length = Int(bytes[index &+ 1])
            guard length >= 2, index &+ length <= options.upperBound else { return nil }
            if kind == 2, length == 4 { return bytes.uint16(at: index &+ 2) }
            index &+= length
        }
        return nil
    }
}

/// The control bits of a TCP header.
package struct TCPFlags: OptionSet, Sendable, Hashable {
    /// The bits as in the header's fourteenth byte.
    package let rawValue: UInt8

    /// The flags of a byte.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender is done.
    package static let fin = TCPFlags(rawValue: 0x01)
    /// Open a connection.
    package static let syn = TCPFlags(rawValue: 0x02)
    /// Refuse or break a connection.
    package static let rst = TCPFlags(rawValue: 0x04)
    /// Hand the data on at once.
    package static let psh = TCPFlags(rawValue: 0x08)
    /// The acknowledgment number counts.
    package static let ack = TCPFlags(rawValue: 0x10)
    /// The urgent pointer counts.
    package static let urg = TCPFlags(rawValue: 0x20)
    /// Congestion was seen (RFC 3168).
    package static let ece = TCPFlags(rawValue: 0x40)
    /// The sender reduced its window (RFC 3168).
    package static let cwr = TCPFlags(rawValue: 0x80)
}
