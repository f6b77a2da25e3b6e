internal import CTraceCoreSystem

/// Why a file cannot be read.
package struct FileError: Error, Sendable, Hashable {
    /// Kinds of reasons.
    package enum Reason: Sendable, Hashable {
        case isEmpty
        case isDirectory
        /// A pipe, a device, a socket.
        case isNoFile
        /// The system refused, with its number for why.
        case system(Int32)
    }

    package let reason: Reason

    init(_ reason: Reason) { self.reason = reason }

    /// The reason as the end of a sentence that begins with the file.
    package var words: String {
        switch reason {
        case .isEmpty: "is empty"
        case .isDirectory: "is a directory"
        case .isNoFile: "is no regular file"
        case .system(ENOENT): "does not exist"
        case .system(EACCES), .system(EPERM): "may not be read by this user"
        case .system(let number): "cannot be read: \(Self.describe(number))"
        }
    }

    private static func describe(_ number: Int32) -> String {
        var text = [CChar](repeating: 0, count: 256)
        unsafe tracecore_describe(number, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
