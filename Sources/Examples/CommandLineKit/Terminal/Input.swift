internal import Glibc

/// A file to read, or standard input where the path is `-`.
public struct Input: Sendable {
    /// The path that was given.
    public let path: String

    /// What messages call it.
    public var name: String { path == "-" ? "standard input" : path }

    /// The most that is read: input comes from anywhere, and memory ends somewhere.
    public let limit: Int

    /// The file at a path, or standard input for `-`.
    public init(_ path: String, limit: Int = 256 * 1024 * 1024) {
        self.path = path
        self.limit = limit
    }

    /// The whole content; the calling thread waits for it.
    public func bytes() throws(InputError) -> [UInt8] {
        var content: [UInt8] = []
        try eachPiece { piece throws(InputError) in
            guard content.count + piece.count <= limit else { throw tooLarge }
            content += piece
        }
        return content
    }

    /// The lines of a text, without their ends (`\n` or `\r\n`) and without a byte order mark.
    public func lines() throws(InputError) -> [String] {
        var lines: [String] = []
        try eachLine { line throws(InputError) in lines.append(line) }
        return lines
    }

    /// Hands over each line as soon as it is there, so that what is being written can be followed.
    public func eachLine(_ body: (String) throws(InputError) -> Void) throws(InputError) {
        var line: [UInt8] = []
        var number = 0
        try eachPiece { piece throws(InputError) in
            var rest = piece[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                number += 1
                try body(decode(line, number: number))
                line.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            guard line.count + rest.count <= limit else { throw tooLarge }
            line += rest
        }
        if !line.isEmpty { try body(decode(line, number: number + 1)) }
    }

    /// The text of a line, without the marks and line ends of files from other systems.
    private func decode(_ line: [UInt8], number: Int) throws(InputError) -> String {
        var bytes = line[...]
        if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputError(
                path: path, reason: "line \(number) is not UTF-8 text",
                remedy: "give a text file, or convert this one with iconv")
        }
        return text
    }

    private var tooLarge: InputError {
        InputError(
            path: path, reason: "it is larger than \(limit) bytes",
            remedy: "split it, or check that it is the one meant")
    }

    /// Reads to the end, a piece at a time.
    private func eachPiece(_ body: ([UInt8]) throws(InputError) -> Void) throws(InputError) {
        let pieces = try Pieces(of: self)
        while let piece = try pieces.next() { try body(piece) }
    }

    /// What is in the file, piece by piece; the calling thread waits for each.
    struct Pieces: ~Copyable {
        private let path: String
        private let descriptor: Int32

        init(of input: Input) throws(InputError) {
            path = input.path
            descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw InputError(path: path, code: errno) }
        }

        deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

        /// The next piece, or nil at the end.
        func next() throws(InputError) -> [UInt8]? {
            while true {
                var code: Int32?
                let piece = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, filled in
                    let count = read(descriptor, buffer.baseAddress, buffer.count)
                    if count < 0 { code = errno }
                    filled = max(0, count)
                }
                guard let code else { return piece.isEmpty ? nil : piece }
                if code != EINTR { throw InputError(path: path, code: code) }
            }
        }
    }
}

/// Why a file could not be read, for the person who named it.
public struct InputError: Error, Hashable, CustomStringConvertible {
    /// The path that was given.
    public let path: String
    /// What happened.
    public let reason: String
    /// What to do about it.
    public let remedy: String
    /// Whether there is no such file.
    var isMissing: Bool { reason == Self.missing }

    private static let missing = "there is no such file"

    /// The three in one line.
    public var description: String {
        let name = path == "-" ? "standard input" : path.quotedForMessage
        return "cannot read \(name): \(reason); \(remedy)"
    }
}

extension InputError {
    /// The error for what the system said.
    fileprivate init(path: String, code: Int32) {
        self.path = path
        (reason, remedy) =
            switch code {
            case ENOENT: (Self.missing, "check the spelling, or give - to read standard input")
            case EACCES: ("permission denied", "check who may read it with ls -l")
            case EISDIR: ("it is a folder", "name a file in it")
            case ENOTDIR: ("a part of the path is no folder", "check the spelling")
            case EBADF: ("it is closed", "redirect something into it, or name a file")
            default: (String(cString: strerror(code)), "check the file and the disk it is on")
            }
    }
}
