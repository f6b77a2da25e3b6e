/// An ICMP message of either family, classified, without the IP header it came in.
package struct ICMPMessage: Sendable, Hashable {
    /// What the message is.
    package enum Content: Sendable, Hashable {
        /// A request to send the same back.
        case echoRequest
        /// The answer to such a request.
        case echoReply
        /// An error about a packet.
        case error(ICMPError)
        /// Anything else, such as router and neighbour discovery.
        case other
    }

    /// The message's first eight bytes.
    package let header: ICMPHeader
    /// What the message is.
    package let content: Content
    /// Where in the buffer the bytes after the header are: an echo's data, an error's quote.
    package let payload: Range<Int>

    /// The error, or nil for another message.
    package var error: ICMPError? {
        if case .error(let error) = content { error } else { nil }
    }

    /// The message that fills a range of bytes.
    ///
    /// The checksum is not judged: the kernel has, where the message came from a socket.
    @inline(__always) package init(
        _ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max, family: IPAddress.Family
    ) throws(WireError) {
        let range = bytes.clamp(range)
        let header = try ICMPHeader(bytes, in: range, family: family)
        let body = (range.lowerBound &+ ICMPHeader.length)..<range.upperBound
        self.header = header
        payload = body
        if header.isEchoReply {
            content = .echoReply
        } else if header.isEchoRequest {
            content = .echoRequest
        } else if let error = try ICMPError(bytes, header: header, body: body) {
            content = .error(error)
        } else {
            content = .other
        }
    }
}
