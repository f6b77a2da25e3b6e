internal import CTraceCoreSystem

/// A file that appears under its name whole or not at all.
///
/// It is written under another name beside it, and takes its own only when all of it is on the disk: who reads the old
/// file goes on reading it, and a failure leaves it as it was. Dropped without ``commit()``, it leaves nothing behind.
package struct FileWriter: ~Copyable, Sendable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    /// Whether the file still stands under its temporary name.
    private var isPending = true

    /// Begins a file for a path; a symbolic link there is followed.
    package init(path: String) throws(FileWriteError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw FileWriteError("finding its place", reason: "this is not a path")
        }
        let place = try Self.resolve(path)
        let made = try Self.make(beside: place)
        unsafe tracecore_filewriter_take_after(made.descriptor, place)
        self.path = place
        temporaryPath = made.path
        descriptor = made.descriptor
    }

    private static func make(beside path: String) throws(FileWriteError) -> (path: String, descriptor: Int32) {
        var attempts = 0
        while true {
            // Not hidden, so that what a crash leaves behind is found.
            let name = "\(path).\(String(UInt32.random(in: 0...UInt32.max), radix: 36)).tmp"
            let result = unsafe tracecore_filewriter_create(name)
            attempts += 1
            if result == -EEXIST, attempts < 100 { continue }
            try FileWriteError.check(result, "making a file beside it")
            return (name, result)
        }
    }

    private static func resolve(_ path: String) throws(FileWriteError) -> String {
        var resolved = [CChar](repeating: 0, count: Int(TRACECORE_FILEWRITER_PATH_ROOM))
        let result = unsafe tracecore_filewriter_resolve(path, &resolved)
        try FileWriteError.check(result, "finding its place")
        guard result == 0 else {
            throw FileWriteError("finding its place", reason: "what stands there is not a regular file")
        }
        return String(decoding: resolved.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Adds bytes to the file.
    package func write(_ bytes: Span<UInt8>) throws(FileWriteError) {
        // The pointer is used for the time of the call alone.
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe tracecore_filewriter_write(descriptor, buffer.baseAddress, buffer.count)
        }
        try FileWriteError.check(result, "writing")
    }

    /// Gives the file its name, once its bytes are on the disk.
    package consuming func commit() throws(FileWriteError) {
        try FileWriteError.check(tracecore_filewriter_sync(descriptor), "writing")
        try FileWriteError.check(unsafe tracecore_filewriter_rename(temporaryPath, path), "giving it its name")
        var done = self
        done.isPending = false
        unsafe tracecore_filewriter_sync_directory(Self.directory(of: done.path))
    }

    deinit {
        _ = tracecore_filewriter_close(descriptor)
        if isPending { unsafe tracecore_filewriter_remove(temporaryPath) }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

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
