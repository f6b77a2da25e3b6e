import TraceCoreHTTP

/// Rules for any bytes that come as requests of HTTP: it does not matter how the network cuts them, little of them waits,
/// and what was taken is read again as what it was.
public func checkRequests(_ bytes: [UInt8]) throws(Violation) {
    var small = RequestReader.Limits()
    (small.target, small.fields, small.fieldCount, small.body) = (40, 100, 5, 60)
    for limits in [RequestReader.Limits(), small] {
        let whole = try RequestsRead(bytes, cuts: [], limits)
        try requireEqual(
            try RequestsRead(bytes, cuts: Array(bytes.indices), limits), whole, "byte by byte it is the same")
        // At a few places, which are others in other bytes.
        let step = bytes.count / 8 + 1
        let first = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % step
        for cut in stride(from: first, to: bytes.count, by: step) {
            try requireEqual(try RequestsRead(bytes, cuts: [cut], limits), whole, "cut at \(cut) it is the same")
        }
        for message in whole.messages { try checkAgain(message) }
    }
}

/// What a reader makes of the bytes of a connection.
private struct RequestsRead: Equatable {
    struct Message: Equatable {
        let head: HTTPRequest
        var body: [UInt8] = []
        var isWhole = false
    }

    var messages: [Message] = []
    var fault: HTTPFault?
    /// How much waits at the end.
    var waiting = 0
    var isBetween = true

    init(_ bytes: [UInt8], cuts: [Int], _ limits: RequestReader.Limits) throws(Violation) {
        // The longest line, with the half of its end: a method with its spaces and the version stand beside a target, and
        // a chunk's size has 256 bytes.
        let room = max(limits.target + 44, limits.fields, 256) + 1
        var reader = RequestReader(limits: limits)
        var start = 0
        for end in cuts + [bytes.count] {
            reader.add(bytes[start..<end])
            start = end
            do throws(HTTPFault) {
                while let part = try reader.next() { take(part) }
            } catch {
                fault = error
                return
            }
            try require(reader.waiting <= room, "\(reader.waiting) bytes wait, and \(room) may")
        }
        for message in messages {
            try require(message.body.count <= limits.body, "a body has \(message.body.count) bytes")
            try require(message.head.fields.all.count <= limits.fieldCount, "\(message.head.fields.all.count) fields")
        }
        (waiting, isBetween) = (reader.waiting, reader.isBetweenRequests)
    }

    private mutating func take(_ part: RequestReader.Part) {
        switch part {
        case .head(let head): messages.append(Message(head: head))
        case .body(let bytes): messages[messages.count - 1].body += bytes
        case .end: messages[messages.count - 1].isWhole = true
        }
    }
}

/// A request that is written in the plainest way is the same request.
private func checkAgain(_ message: RequestsRead.Message) throws(Violation) {
    guard message.isWhole else { return }
    let head = message.head
    let own: Set = ["host", "content-length", "transfer-encoding"]
    let fields = head.fields.all.filter { !own.contains($0.name) }
    var text = "\(head.method) \(head.target.path)\(head.target.query.map { "?\($0)" } ?? "")"
    text += " HTTP/1.\(head.version == .v1_1 ? 1 : 0)\r\n"
    if head.version == .v1_1 || !head.host.isEmpty { text += "Host: \(head.host)\r\n" }
    for field in fields { text += "\(field.name): \(field.value)\r\n" }
    if head.framing != .none { text += "Content-Length: \(message.body.count)\r\n" }
    var limits = RequestReader.Limits()
    // What was no UTF-8 takes three times the room when it is written again.
    (limits.fields, limits.fieldCount) = (limits.fields * 4, limits.fieldCount + 2)
    let bytes = Array("\(text)\r\n".utf8) + message.body
    let again = try RequestsRead(bytes, cuts: [], limits)
    guard again.messages.count == 1, again.fault == nil, again.isBetween, let other = again.messages.first else {
        throw Violation("it is not read as one request: \(text)")
    }
    try requireEqual(other.body, message.body, "the body comes back")
    try requireEqual(other.head.method, head.method, "the method comes back")
    try requireEqual(other.head.target.path, head.target.path, "the path comes back")
    try requireEqual(other.head.target.segments, head.target.segments, "the segments come back")
    try requireEqual(other.head.target.query, head.target.query, "the query comes back")
    try requireEqual(other.head.version, head.version, "the version comes back")
    try requireEqual(other.head.host, head.host, "the host comes back")
    try requireEqual(other.head.keepsAlive, head.keepsAlive, "the connection lives as long")
    try requireEqual(other.head.expectsContinue, head.expectsContinue, "the client waits as before")
    try requireEqual(other.head.fields.all.filter { !own.contains($0.name) }, fields, "the fields come back")
}
