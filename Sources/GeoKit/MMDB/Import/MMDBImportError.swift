internal import TraceCore

/// Why a line of a file cannot be made into networks and records: where, what is wrong, and what to do.
public struct MMDBImportError: Error, Sendable, Hashable {
    /// The name of the file.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// What is wrong there.
    public let message: String
    /// What to do about it.
    public let remedy: String

    /// An error at a line of a file.
    public init(file: String, line: Int, message: String, remedy: String) {
        self.file = file
        self.line = line
        self.message = message
        self.remedy = remedy
    }
}

extension MMDBImportError: CustomStringConvertible {
    /// The place, what is wrong there, and what to do.
    public var description: String {
        "\(UntrustedText(file).description):\(line): \(message)" + (remedy.isEmpty ? "" : ". \(remedy)")
    }
}

/// What is wrong with a line, before it is known which one it is.
struct ImportFault: Error {
    let message: String
    let remedy: String

    init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
