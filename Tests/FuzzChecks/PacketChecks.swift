import TraceCore

/// Rules for bytes that are read as an IPv4 packet: whole, quoted, and rewritten.
public func checkIPv4(_ bytes: [UInt8]) throws(Violation) {
    if let header = try decode(bytes, { bytes throws(WireError) in try IPv4Header(bytes.span) }) {
        try requireWithin(header.options, bytes, "options")
        var again: [UInt8] = []
        header.append(to: &again, options: Array(bytes[header.options]))
        var original = Array(bytes[..<header.headerLength])
        original[6] &= 0x7F  // the one bit of the header that has no meaning
        try requireEqual(again, original, "an IPv4 header writes what it was read from")
        try requireEqual(try? IPv4Header(again.span), header, "an IPv4 header reads what it wrote")
    }
    try checkPacket(bytes)
    try checkMessage(bytes, family: .v4)
}

/// Rules for bytes that are read as an IPv6 packet: whole, quoted, and rewritten.
public func checkIPv6(_ bytes: [UInt8]) throws(Violation) {
    if let header = try decode(bytes, { bytes throws(WireError) in try IPv6Header(bytes.span) }) {
        var again: [UInt8] = []
        header.append(to: &again)
        try requireEqual(
            again, Array(bytes[..<IPv6Header.length]), "an IPv6 header writes what it was read from")
        try requireEqual(try? IPv6Header(again.span), header, "an IPv6 header reads what it wrote")
        let range = IPv6Header.length..<bytes.count
        let chain = try decode(bytes) { bytes throws(WireError) in
            try IPv6ExtensionChain(bytes.span, startingWith: header.nextHeader, in: range)
        }
        if let chain {
            try require(chain.count <= IPv6ExtensionChain.limit, "the walk over extension headers is bounded")
            try require(
                range.contains(chain.payloadOffset) || chain.payloadOffset == range.upperBound,
                "the payload begins within the packet")
        }
    }
    try checkPacket(bytes)
    try checkMessage(bytes, family: .v6)
}

/// Decodes, and checks that an error lies within the bytes and has a description.
func decode<Value>(
    _ bytes: [UInt8], _ body: ([UInt8]) throws(WireError) -> Value
) throws(Violation) -> Value? {
    do {
        return try body(bytes)
    } catch {
        try require((0...bytes.count).contains(error.offset), "the error's offset is in the buffer: \(error)")
        try require(!error.description.isEmpty, "an error says something")
        return nil
    }
}

private func checkPacket(_ bytes: [UInt8]) throws(Violation) {
    let whole = try decode(bytes) { bytes throws(WireError) in try IPPacket(bytes.span) }
    let quoted = try decode(bytes) { bytes throws(WireError) in try QuotedPacket(bytes.span) }
    if let whole {
        try requireWithin(whole.payload, bytes, "payload")
        try require(whole.headerLength <= whole.totalLength, "the headers are within the packet")
        try requireEqual(whole.payload.lowerBound, whole.headerLength, "the payload follows the headers")
        try requireEqual(whole.isTruncated, whole.totalLength > bytes.count, "a cut packet says so")
        try requireEqual(whole.source.family, whole.destination.family, "a packet is of one version")
        try requireEqual(quoted?.ip, whole, "a good packet reads the same when quoted")
        try checkTransport(bytes, whole)
        try checkShift(bytes, whole)
        try checkRewrite(bytes, whole)
    }
    if let quoted {
        try requireWithin(quoted.ip.payload, bytes, "quoted packet's payload")
        try requireWithin(quoted.payload, bytes, "quoted payload")
        try require(
            quoted.payload.lowerBound >= quoted.ip.payload.lowerBound
                && quoted.payload.upperBound == quoted.ip.payload.upperBound,
            "the transport's payload is the end of the packet's")
        try require(quoted.quotedLength <= bytes.count, "no more is quoted than is there")
    }
    if let packet = try decode(bytes, { bytes throws(WireError) in try ICMPPacket(bytes.span) }) {
        try requireEqual(packet.ip, whole, "an ICMP packet is the packet")
        try checkContent(packet.message, of: bytes)
        _ = packet.hasValidChecksum(in: bytes.span)
    }
}

private func checkTransport(_ bytes: [UInt8], _ packet: IPPacket) throws(Violation) {
    let body = Array(bytes[packet.payload])
    if let header = try decode(body, { body throws(WireError) in try UDPHeader(body.span) }) {
        var again: [UInt8] = []
        header.append(to: &again)
        try requireEqual(again, Array(body[..<8]), "a UDP header writes what it was read from")
    }
    if let header = try decode(body, { body throws(WireError) in try TCPHeader(body.span) }) {
        try requireWithin(header.options, body, "TCP options")
        var again: [UInt8] = []
        header.append(to: &again, options: Array(body[header.options]))
        var original = Array(body[..<header.headerLength])
        original[12] &= 0xF0  // four reserved bits
        try requireEqual(again, original, "a TCP header writes what it was read from")
        try requireEqual(try? TCPHeader(again.span), header, "a TCP header reads what it wrote")
    }
}

/// A packet reads the same anywhere in a buffer; bytes around it do not matter.
private func checkShift(_ bytes: [UInt8], _ packet: IPPacket) throws(Violation) {
    let shift = 3
    let buffer = [0xFF, 0x45, 0x60] + bytes + [0xFF, 0xFF]
    let shifted = try? IPPacket(buffer.span, in: shift..<(shift + bytes.count))
    try requireEqual(
        shifted?.payload, (packet.payload.lowerBound + shift)..<(packet.payload.upperBound + shift),
        "a packet reads the same anywhere")
    try requireEqual(shifted?.headerLength, packet.headerLength, "a header is as long anywhere")
    try requireEqual(shifted?.proto, packet.proto, "a packet carries the same anywhere")
}
