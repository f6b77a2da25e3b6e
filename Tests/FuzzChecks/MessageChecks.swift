import TraceCore

/// Rules for bytes that are read as an extension structure, and as ICMP messages that end in one.
public func checkExtensions(_ bytes: [UInt8]) throws(Violation) {
    try checkStructure(bytes)
    try checkMessage(bytes, family: .v4)
    try checkMessage(bytes, family: .v6)
}

/// Rules for bytes that are read as an ICMP message without its IP header.
func checkMessage(_ bytes: [UInt8], family: IPAddress.Family) throws(Violation) {
    let message = try decode(bytes) { bytes throws(WireError) in
        try ICMPMessage(bytes.span, family: family)
    }
    guard let message else { return }
    var again: [UInt8] = []
    message.header.append(to: &again)
    try requireEqual(again, Array(bytes[..<8]), "an ICMP header writes what it was read from")
    try checkContent(message, of: bytes)
}

/// Rules for a message anywhere in a buffer.
func checkContent(_ message: ICMPMessage, of bytes: [UInt8]) throws(Violation) {
    try requireWithin(message.payload, bytes, "ICMP payload")
    guard let error = message.error else { return }
    try requireWithin(error.quote.payload, bytes, "quoted payload")
    try require(
        error.quote.ip.payload.lowerBound >= message.payload.lowerBound,
        "a quote does not begin before its message")
    guard let range = error.extensions else { return }
    try requireWithin(range, bytes, "extensions")
    try requireEqual(range.upperBound, message.payload.upperBound, "extensions end with the message")
    try require(error.quote.payload.upperBound <= range.lowerBound, "extensions are no part of the quote")
    try checkStructure(Array(bytes[range]))
}

/// A structure writes what it has read, however odd the objects.
private func checkStructure(_ bytes: [UInt8]) throws(Violation) {
    let extensions = try decode(bytes) { bytes throws(WireError) in try ICMPExtensions(bytes.span) }
    guard let extensions else { return }
    var again: [UInt8] = []
    extensions.append(to: &again)
    try require(InternetChecksum.isValid(again.span), "a written structure has a right checksum")
    try requireEqual(try? ICMPExtensions(again.span), extensions, "a structure reads what it wrote")
    try require(extensions.mplsLabels.count * 4 <= bytes.count, "there are no more labels than bytes")
}
