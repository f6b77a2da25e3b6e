/// Which part of its original packet a packet is.
package struct IPFragment: Sendable, Hashable {
    /// How many bytes of the original packet's payload come before this part; a multiple of 8.
    package var offset: Int
    /// Whether further parts follow this one.
    package var moreFragments: Bool

    /// A part that begins at an offset of the original.
    package init(offset: Int, moreFragments: Bool) {
        self.offset = offset
        self.moreFragments = moreFragments
    }

    /// A packet that is no fragment.
    package static let whole = IPFragment(offset: 0, moreFragments: false)

    /// Whether this is a part and not the whole.
    package var isFragment: Bool { offset != 0 || moreFragments }
    /// Whether the transport header is in this part.
    package var isFirst: Bool { offset == 0 }
}

extension IPFragment {
    /// The fragments of a packet, each no longer than an MTU, or nil where it must not be cut or cannot be.
    ///
    /// For whole packets without options or extension headers; a packet that fits is its own only fragment.
    ///
    /// - Parameters:
    ///   - packet: The packet, IP header and all.
    ///   - mtu: The most bytes that a fragment may have.
    ///   - identification: What IPv6's fragments have in common; IPv4's have the packet's own.
    static func cut(_ packet: Span<UInt8>, mtu: Int, identification: UInt32) -> [[UInt8]]? {
        guard let ip = try? IPPacket(packet), !ip.isTruncated, !ip.fragment.isFragment else { return nil }
        guard ip.totalLength > mtu else { return [bytes(of: packet, in: 0..<ip.totalLength)] }
        let header = ip.family == .v4 ? IPv4Header.minimumLength : IPv6Header.length + headerLength
        // All parts but the last are multiples of 8: offsets count in those.
        let room = (mtu - header) / 8 * 8
        guard room > 0 else { return nil }
        let payload = ip.payload
        var fragments: [[UInt8]] = []
        for start in stride(from: payload.lowerBound, to: payload.upperBound, by: room) {
            let part = start..<min(start + room, payload.upperBound)
            let fragment = IPFragment(
                offset: start - payload.lowerBound, moreFragments: part.upperBound < payload.upperBound)
            let front =
                ip.family == .v4
                ? header4(of: packet, fragment, length: part.count)
                : header6(of: packet, fragment, length: part.count, identification)
            guard let front else { return nil }
            fragments.append(front + bytes(of: packet, in: part))
        }
        return fragments
    }

    /// The length of IPv6's fragment header (RFC 8200, 4.5).
    private static let headerLength = 8

    private static func header4(of packet: Span<UInt8>, _ fragment: IPFragment, length: Int) -> [UInt8]? {
        guard var header = try? IPv4Header(packet), header.options.isEmpty, !header.dontFragment else { return nil }
        header.fragment = fragment
        header.totalLength = UInt16(header.headerLength + length)
        header.checksum = 0
        var bytes: [UInt8] = []
        header.append(to: &bytes)
        bytes.set(InternetChecksum.of(bytes.span), at: 10)
        return bytes
    }

    private static func header6(
        of packet: Span<UInt8>, _ fragment: IPFragment, length: Int, _ identification: UInt32
    ) -> [UInt8]? {
        guard var header = try? IPv6Header(packet), let ip = try? IPPacket(packet),
            ip.headerLength == IPv6Header.length
        else { return nil }
        let proto = header.nextHeader
        header.nextHeader = .fragment
        header.payloadLength = UInt16(headerLength + length)
        var bytes: [UInt8] = []
        header.append(to: &bytes)
        bytes += [proto.rawValue, 0]
        bytes.append(big: UInt16(fragment.offset) | (fragment.moreFragments ? 1 : 0))
        bytes.append(big: identification)
        return bytes
    }

    private static func bytes(of packet: Span<UInt8>, in range: Range<Int>) -> [UInt8] {
        range.map { packet[$0] }
    }
}
