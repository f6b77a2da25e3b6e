import Glibc
import TraceCore

/// A file with a line for each packet.
final class RecordFile: Sendable {
    private let path: String
    private let descriptor: Int32
    /// What the system said when a line could not be written.
    private let problem = Lock<Int32>(0)

    /// Makes the file, or empties it, and writes the names of the columns.
    init(_ path: String) throws(ProbeError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        self.path = path
        guard descriptor >= 0 else { throw error(errno) }
        write(Array("\(SimulatedLink.Record.csvHeader)\n".utf8))
    }

    deinit { close(descriptor) }

    /// Writes a line for each record.
    func append(_ records: [SimulatedLink.Record]) {
        var text: [UInt8] = []
        text.reserveCapacity(records.count * 160)
        for record in records { record.appendCSV(to: &text) }
        write(text)
    }

    /// Says whether everything was written.
    func check() throws(ProbeError) {
        let code = problem.withLock { $0 }
        if code != 0 { throw error(code) }
    }

    private func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                let code = errno
                return problem.withLock { $0 = code }
            }
        }
    }

    private func error(_ code: Int32) -> ProbeError {
        ProbeError(
            .badInput, "\(UntrustedText(path)) cannot be written: \(String(cString: strerror(code)))",
            remedy: "Check the folder, the disk, and who may write there", systemError: code)
    }
}
