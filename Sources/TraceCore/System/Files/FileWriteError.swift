internal import CTraceCoreSystem

/// Why a file could not be written.
package struct FileWriteError: Error, Hashable, Sendable {
    /// What was being done.
    package let doing: String
    /// The system's words for what went wrong, or ours.
    package let reason: String

    init(_ doing: String, reason: String) {
        self.doing = doing
        self.reason = reason
    }

    init(_ doing: String, number: Int32) {
        var text = [CChar](repeating: 0, count: 256)
        unsafe tracecore_filewriter_describe(number, &text, text.count)
        self.init(
            doing, reason: String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    static func check(_ result: Int32, _ doing: String) throws(FileWriteError) {
        guard result >= 0 else { throw FileWriteError(doing, number: -result) }
    }
}
