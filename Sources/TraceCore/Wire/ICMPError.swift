/// An ICMP error: what went wrong, with the packet it went wrong with.
package struct ICMPError: Sendable, Hashable {
    /// What went wrong, in one vocabulary for both families.
    package enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// The TTL or hop limit ran out; with code 1, the time to put fragments together.
        case timeExceeded
        /// The packet cannot be delivered; the code says why.
        case unreachable
        /// The packet does not fit the next link; `ICMPHeader.nextHopMTU` says what does.
        case packetTooBig
        /// A header field is wrong.
        case parameterProblem
        /// A better first hop is known; the packet was delivered all the same.
        case redirect
        /// A router or host asks to slow down.
        case sourceQuench
    }

    /// What went wrong.
    package let kind: Kind
    /// The packet it went wrong with, as far as it is quoted.
    package let quote: QuotedPacket
    /// Where in the buffer the extension structure is, for `ICMPExtensions`; nil where there is none.
    package let extensions: Range<Int>?

    /// The error whose header is given and whose quote begins the range; nil for a message that is none.
    @inline(__always) init?(_ bytes: Span<UInt8>, header: ICMPHeader, body: Range<Int>) throws(WireError) {
        guard let kind = Self.kind(of: header) else { return nil }
        let extensions = Self.locateExtensions(bytes, header: header, body: body)
        self.kind = kind
        self.extensions = extensions
        quote = try QuotedPacket(bytes, in: body.lowerBound..<(extensions?.lowerBound ?? body.upperBound))
    }

    @inline(__always) private static func kind(of header: ICMPHeader) -> Kind? {
        switch (header.family, header.type) {
        case (.v4, 3): header.code == 4 ? .packetTooBig : .unreachable
        case (.v4, 4): .sourceQuench
        case (.v4, 5): .redirect
        case (.v4, 11): .timeExceeded
        case (.v4, 12): .parameterProblem
        case (.v6, 1): .unreachable
        case (.v6, 2): .packetTooBig
        case (.v6, 3): .timeExceeded
        case (.v6, 4): .parameterProblem
        default: nil
        }
    }

    /// Where routers that are older than RFC 4884, or do not set its length, put extensions.
    static let legacyQuoteLength = 128

    private static func locateExtensions(
        _ bytes: Span<UInt8>, header: ICMPHeader, body: Range<Int>
    ) -> Range<Int>? {
        guard header.mayHaveExtensions else { return nil }
        let length = header.quoteLength
        let smallest = ICMPExtensions.headerLength
        if length > 0 {
            // Some routers leave rubbish in this byte, so the version decides whether it is a length.
            let start = body.lowerBound &+ length
            guard length >= IPv4Header.minimumLength, body.upperBound &- start >= smallest,
                bytes[start] >> 4 == ICMPExtensions.version
            else { return nil }
            return start..<body.upperBound
        }
        guard body.count &- legacyQuoteLength > smallest else { return nil }
        let candidate = (body.lowerBound &+ legacyQuoteLength)..<body.upperBound
        return ICMPExtensions.isPlausible(bytes, in: candidate) ? candidate : nil
    }
}
