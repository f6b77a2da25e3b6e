/// Reads requests out of the bytes of a connection, by RFC 9112, and takes nothing that two readers could understand in
/// two ways. It is a pure machine: bytes go in, and parts of requests come out.
///
/// What it throws leaves the end of the request in doubt: the connection has to be closed behind the answer.
public struct RequestReader: Sendable {
    /// How much a request may have.
    public struct Limits: Sendable, Hashable {
        /// The bytes of the target.
        public var target = 8_000
        /// The bytes of the fields, and of the fields behind a body.
        public var fields = 16_384
        /// The number of fields.
        public var fieldCount = 100
        /// The bytes of the body.
        public var body = 65_536

        /// Limits for pages and small documents.
        public init() {}
    }

    /// A part of a request.
    public enum Part: Sendable, Hashable {
        /// The head.
        case head(HTTPRequest)
        /// A piece of the body.
        case body([UInt8])
        /// The end: what follows belongs to the next request.
        case end
    }

    private enum State: Hashable {
        /// Before the first byte of a request.
        case start
        /// Within the first line.
        case line
        /// Within the fields.
        case fields
        /// So much of the body is to come.
        case body(Int)
        /// Within the line of a chunk's size.
        case chunkSize
        /// So much of a chunk is to come.
        case chunk(Int)
        /// Before the line end of a chunk.
        case chunkEnd
        /// Within the fields behind a body in chunks.
        case trailers
        /// Behind what could not be understood.
        case broken(HTTPFault)
    }

    /// The longest line of a chunk's size. What stands behind the size says nothing to anybody.
    private static let longestChunkLine = 256
    /// The longest method.
    private static let longestMethod = 32

    private let limits: Limits
    private var state = State.start
    private var buffer: [UInt8] = []
    /// What of the buffer has been read.
    private var position = 0
    /// Up to where no line end was found.
    private var searched = 0
    private var method = ""
    private var target: HTTPTarget?
    private var version = HTTPRequest.Version.v1_1
    private var fields = HTTPFields()
    private var fieldBytes = 0
    private var bodyBytes = 0

    /// A reader at the beginning of a connection.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether nothing of a request has come that is not complete: a connection may end here.
    public var isBetweenRequests: Bool { state == .start && position == buffer.count }

    /// Whether the head of a request is on its way.
    public var isInHead: Bool { state == .line || state == .fields || state == .start && position < buffer.count }

    /// How many bytes wait to be read.
    public var waiting: Int { buffer.count - position }

    /// Takes in the next bytes of the connection.
    public mutating func add(_ bytes: some Collection<UInt8>) {
        if position > 0, position == buffer.count || position > 16_384 {
            buffer.removeFirst(position)
            searched -= position
            position = 0
        }
        buffer += bytes
    }

    /// The next part, or nil until more bytes have come.
    ///
    /// - Throws: What is wrong. The connection is of no use any more.
    public mutating func next() throws(HTTPFault) -> Part? {
        do throws(HTTPFault) {
            return try read()
        } catch {
            state = .broken(error)
            throw error
        }
    }

    private mutating func read() throws(HTTPFault) -> Part? {
        while true {
            switch state {
            case .start:
                guard waiting > 0 else { return nil }
                state = .line
            case .line:
                guard let line = try line(limits.target + Self.longestMethod + 12, .uriTooLong, "the first line") else {
                    return nil
                }
                try readRequestLine(line)
                (fields, fieldBytes, bodyBytes) = (HTTPFields(), 0, 0)
                state = .fields
            case .fields:
                guard let line = try fieldLine() else { return nil }
                if !line.isEmpty {
                    try readField(line)
                    continue
                }
                let request = try request()
                switch request.framing {
                case .none, .length(0): state = .body(0)
                case .length(let count): state = .body(count)
                case .chunked: state = .chunkSize
                }
                return .head(request)
            case .body(0):
                state = .start
                return .end
            case .body(let left):
                guard let piece = piece(upTo: left) else { return nil }
                state = .body(left - piece.count)
                return .body(piece)
            case .chunkSize:
                guard let line = try line(Self.longestChunkLine, .badRequest, "the line of a chunk's size") else {
                    return nil
                }
                let size = try chunkSize(line)
                state = size == 0 ? .trailers : .chunk(size)
                if size == 0 { (fields, fieldBytes) = (HTTPFields(), 0) }
            case .chunk(let left):
                guard let piece = piece(upTo: left) else { return nil }
                state = piece.count == left ? .chunkEnd : .chunk(left - piece.count)
                return .body(piece)
            case .chunkEnd:
                guard waiting > 1 else {
                    if waiting == 1, buffer[position] != 0x0D { throw Self.longChunk }
                    return nil
                }
                guard buffer[position] == 0x0D, buffer[position + 1] == 0x0A else { throw Self.longChunk }
                position += 2
                state = .chunkSize
            case .trailers:
                guard let line = try fieldLine() else { return nil }
                if !line.isEmpty {
                    try readField(line)
                    guard let last = fields.all.last, !Self.headFields.contains(last.name) else {
                        throw HTTPFault(.badRequest, "a field behind the body belongs before it")
                    }
                    continue
                }
                state = .start
                return .end
            case .broken(let fault): throw fault
            }
        }
    }

    /// What says where a message ends and whom it is for cannot come behind it (RFC 9110, 6.5.1).
    private static let headFields: Set<String> = ["content-length", "transfer-encoding", "host", "connection", "te"]

    private static let longChunk = HTTPFault(.badRequest, "a chunk is longer than it says")
    private static let bareReturn = HTTPFault(.badRequest, "a carriage return stands alone")

    private mutating func piece(upTo left: Int) -> [UInt8]? {
        guard waiting > 0 else { return nil }
        let piece = Array(buffer[position..<min(buffer.count, position + left)])
        position += piece.count
        return piece
    }

    // MARK: Lines

    /// The next line without its end, or nil until that has come.
    private mutating func line(_ limit: Int, _ status: HTTPStatus, _ name: String) throws(HTTPFault) -> ArraySlice<
        UInt8
    >? {
        var index = max(searched, position)
        while index < buffer.count {
            let octet = buffer[index]
            if octet == 0x0D {
                guard index + 1 < buffer.count else { break }
                guard buffer[index + 1] == 0x0A else { throw Self.bareReturn }
                guard index - position <= limit else { throw Self.tooLong(status, name, limit) }
                let line = buffer[position..<index]
                position = index + 2
                searched = position
                return line
            }
            if octet == 0x0A { throw HTTPFault(.badRequest, "a line feed stands alone") }
            if octet == 0 { throw HTTPFault(.badRequest, "the head has a NUL") }
            index += 1
        }
        searched = index
        if index - position > limit { throw Self.tooLong(status, name, limit) }
        return nil
    }

    private static func tooLong(_ status: HTTPStatus, _ name: String, _ limit: Int) -> HTTPFault {
        HTTPFault(status, "\(name) is longer than \(limit) bytes")
    }

    private mutating func fieldLine() throws(HTTPFault) -> ArraySlice<UInt8>? {
        guard let line = try line(limits.fields - fieldBytes, .fieldsTooLarge, "all fields together") else {
            return nil
        }
        fieldBytes += line.count + 2
        return line
    }

    private mutating func readRequestLine(_ line: ArraySlice<UInt8>) throws(HTTPFault) {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3 else {
            throw HTTPFault(
                .badRequest, "the first line is not a method, a target and a version with single spaces between")
        }
        guard !words[0].isEmpty, words[0].allSatisfy(Octet.isToken) else {
            throw HTTPFault(.badRequest, "the method is not a word")
        }
        version = try Self.version(words[2])
        guard words[0].count <= Self.longestMethod else { throw HTTPFault(.notImplemented, "no method is so long") }
        method = String(decoding: words[0], as: UTF8.self)
        guard method != "CONNECT" else { throw HTTPFault(.notImplemented, "this is no proxy") }
        guard words[1].count <= limits.target else { throw Self.tooLong(.uriTooLong, "the target", limits.target) }
        target = try HTTPTarget(words[1], method: method)
    }

    private static func version(_ word: ArraySlice<UInt8>) throws(HTTPFault) -> HTTPRequest.Version {
        let digits = word.dropFirst(5)
        guard word.starts(with: "HTTP/".utf8), digits.count == 3, let major = digits.first, Octet.isDigit(major),
            digits[digits.startIndex + 1] == UInt8(ascii: "."), let minor = digits.last, Octet.isDigit(minor)
        else { throw HTTPFault(.badRequest, "the first line does not end with a version of HTTP") }
        switch (major, minor) {
        case (UInt8(ascii: "1"), UInt8(ascii: "1")): return .v1_1
        case (UInt8(ascii: "1"), UInt8(ascii: "0")): return .v1_0
        default: throw HTTPFault(.versionNotSupported, "HTTP/1.1 and HTTP/1.0 are spoken here")
        }
    }

    private mutating func readField(_ line: ArraySlice<UInt8>) throws(HTTPFault) {
        guard line.first != 0x20, line.first != 0x09 else {
            throw HTTPFault(.badRequest, "a field goes on in another line, which nobody may send any more")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy(Octet.isToken)
        else { throw HTTPFault(.badRequest, "a field is not a name, a colon right behind it and a value") }
        guard fields.all.count < limits.fieldCount else {
            throw HTTPFault(.fieldsTooLarge, "there are more than \(limits.fieldCount) fields")
        }
        let value = Octet.trimmed(line[(colon + 1)...])
        guard value.allSatisfy(Octet.isFieldValue) else {
            throw HTTPFault(.badRequest, "the value of a field has a control character")
        }
        var name: [UInt8] = []
        name.reserveCapacity(colon - line.startIndex)
        for octet in line[..<colon] { name.append((0x41...0x5A).contains(octet) ? octet | 0x20 : octet) }
        fields.append(
            HTTPFields.Field(name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
        )
    }

    // MARK: What the fields say of the message

    private func request() throws(HTTPFault) -> HTTPRequest {
        guard let target else { throw HTTPFault(.badRequest, "there is no first line") }
        let hosts = fields["host"]
        guard hosts.count <= 1, hosts.count == 1 || version == .v1_0 else {
            throw HTTPFault(.badRequest, hosts.isEmpty ? "the field Host is missing" : "there are several fields Host")
        }
        let named = hosts.first ?? ""
        guard HostName(Array(named.utf8)[...]) != nil else {
            throw HTTPFault(.badRequest, "the field Host has no host")
        }
        return HTTPRequest(
            method: method, target: target, version: version, fields: fields, host: target.authority ?? named,
            framing: try framing())
    }

    /// How the body ends; one way of saying it, said once (RFC 9112, 6).
    private func framing() throws(HTTPFault) -> HTTPRequest.Framing {
        let codings = fields["transfer-encoding"]
        let lengths = fields["content-length"]
        if !codings.isEmpty {
            guard lengths.isEmpty else {
                throw HTTPFault(.badRequest, "Content-Length and Transfer-Encoding are not both for one message")
            }
            guard version == .v1_1 else { throw HTTPFault(.badRequest, "HTTP/1.0 knows no Transfer-Encoding") }
            guard codings.count == 1 else { throw HTTPFault(.badRequest, "there are several fields Transfer-Encoding") }
            let words = codings[0].lowercased().split(separator: ",", omittingEmptySubsequences: false)
            guard words == ["chunked"] else {
                let last = words.last.map { String($0.filter { $0 != " " && $0 != "\t" }) }
                let isChunked = last == "chunked" && words.dropLast().allSatisfy { !$0.contains("chunked") }
                throw HTTPFault(
                    isChunked ? .notImplemented : .badRequest, "Transfer-Encoding can be chunked, once and alone")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1 else { throw HTTPFault(.badRequest, "there are several fields Content-Length") }
        guard !length.isEmpty, length.utf8.allSatisfy(Octet.isDigit), length.utf8.count <= 18, let count = Int(length)
        else {
            throw HTTPFault(.badRequest, "Content-Length is not a number")
        }
        guard count <= limits.body else { throw tooMuch }
        return .length(count)
    }

    private var tooMuch: HTTPFault { HTTPFault(.contentTooLarge, "a body has at most \(limits.body) bytes here") }

    private mutating func chunkSize(_ line: ArraySlice<UInt8>) throws(HTTPFault) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        // Fewer digits than what could overflow, zeros in front included.
        guard !digits.isEmpty, digits.count <= 15, digits.allSatisfy({ Octet.hexadecimal($0) != nil }) else {
            throw HTTPFault(.badRequest, "the size of a chunk is not a hexadecimal number")
        }
        guard line.dropFirst(digits.count).allSatisfy(Octet.isFieldValue) else {
            throw HTTPFault(.badRequest, "the extension of a chunk has a control character")
        }
        let size = digits.reduce(0) { $0 << 4 | Int(Octet.hexadecimal($1) ?? 0) }
        bodyBytes += size
        guard bodyBytes <= limits.body else { throw tooMuch }
        return size
    }
}
