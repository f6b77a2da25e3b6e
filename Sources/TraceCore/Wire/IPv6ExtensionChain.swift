/// What stands between an IPv6 header and its payload: the extension headers, walked to their end.
package struct IPv6ExtensionChain: Sendable, Hashable {
    /// The most headers that are followed; honest packets have at most four or five.
    package static let limit = 16

    /// What follows the last header that could be read.
    package let proto: IPProtocol
    /// Where it begins in the buffer.
    package let payloadOffset: Int
    /// How many extension headers there are.
    package let count: Int
    /// Which part of its original packet this is, by the fragment header.
    package let fragment: IPFragment
    /// The fragment header's identification, or nil where there is no such header.
    package let identification: UInt32?
    /// Whether the bytes end within the chain; `proto` is then the extension header that is cut.
    package let isTruncated: Bool

    /// The chain that begins with a header of a type at the beginning of a range.
    ///
    /// A chain that the bytes end in is not an error, as routers quote what they like. The walk stops
    /// behind a fragment header that is not the first: what follows there is the middle of something.
    package init(
        _ bytes: Span<UInt8>, startingWith first: IPProtocol, in range: Range<Int>
    ) throws(WireError) {
        let range = bytes.clamp(range)
        let end = range.upperBound
        var offset = range.lowerBound
        var proto = first
        var count = 0
        var fragment = IPFragment.whole
        var identification: UInt32?
        var isTruncated = false
        while fragment.isFirst, let unit = Self.lengthUnit(of: proto) {
            guard count < Self.limit else {
                throw WireError(.tooManyHeaders, in: .ipv6Extension, at: offset, expected: Self.limit)
            }
            guard end &- offset >= 8 else {
                isTruncated = true
                break
            }
            let length =
                switch unit {
                case .octets8: (Int(bytes[offset &+ 1]) &+ 1) &* 8
                case .words: (Int(bytes[offset &+ 1]) &+ 2) &* 4
                case .fixed8: 8
                }
            guard end &- offset >= length else {
                isTruncated = true
                break
            }
            if proto == .fragment {
                let word = bytes.uint16(at: offset &+ 2)
                fragment = IPFragment(offset: Int(word & 0xFFF8), moreFragments: word & 1 != 0)
                identification = bytes.uint32(at: offset &+ 4)
            }
            proto = IPProtocol(rawValue: bytes[offset])
            offset &+= length
            count &+= 1
        }
        self.proto = proto
        payloadOffset = isTruncated ? end : offset
        self.count = count
        self.fragment = fragment
        self.identification = identification
        self.isTruncated = isTruncated
    }

    private enum LengthUnit { case octets8, words, fixed8 }

    /// How an extension header gives its length, or nil for a protocol that is none.
    private static func lengthUnit(of proto: IPProtocol) -> LengthUnit? {
        switch proto.rawValue {
        case 0, 43, 60, 135, 139, 140: .octets8
        case 44: .fixed8
        case 51: .words  // RFC 4302, section 2.2: in 32-bit words, less two.
        default: nil
        }
    }
}
