internal import Glibc
internal import TraceCore

/// A stream that is written to in whole lines: at once for a person, in large pieces for a program.
///
/// A reader that has seen enough (`trace … | head`) closes the pipe. That is no error of ours: standard
/// output then ends the program quietly with success. Anything else that keeps results from being
/// written, such as a full disk, is said and ends it with a failure.
public final class Output: Sendable {
    /// Why no more can be written.
    public enum Ending: Error, Sendable, Hashable {
        /// The reader has closed its end.
        case closed
        /// The system refused, for this reason.
        case failed(String)
    }

    /// Standard output, which ends the program when it cannot be written to.
    public static let standard: Output = {
        let output = Output(descriptor: STDOUT_FILENO) { ending in
            switch ending {
            case .closed: if !goesOnAlone.withLock({ $0 }) { _exit(0) }
            case .failed(let reason):
                let message = "\(programName): cannot write to standard output: \(reason)\n"
                Output.error.write(message)
                _exit(failureExitCode.withLock { $0 })
            }
        }
        atexit { Output.standard.flush() }
        return output
    }()

    /// Whether the program goes on when nobody reads standard output any more: it has also a file to write.
    static let goesOnAlone = Lock(false)

    /// What the program ends with when standard output cannot be written to.
    static let failureExitCode = Lock<Int32>(2)

    /// Standard error. What cannot be written there is dropped: there is no other place to report it.
    public static let error = Output(descriptor: STDERR_FILENO, isFlushedByLine: true) { _ in }

    private struct Buffer {
        var bytes: [UInt8] = []
        var hasEnded = false
    }

    // Large enough that a system call costs nothing per line, small enough to stay in the cache.
    private static let capacity = 32 * 1024

    private let descriptor: Int32
    private let isFlushedByLine: Bool
    private let whenEnded: @Sendable (Ending) -> Void
    private let buffer = Lock(Buffer())

    /// A writer on a descriptor that stays open; `whenEnded` is called once, when no more can be written.
    public init(
        descriptor: Int32, isFlushedByLine: Bool? = nil, whenEnded: @escaping @Sendable (Ending) -> Void
    ) {
        // Without this the kernel would end the program on the first write into a closed pipe.
        signal(SIGPIPE, SIG_IGN)
        self.descriptor = descriptor
        self.isFlushedByLine = isFlushedByLine ?? (isatty(descriptor) == 1)
        self.whenEnded = whenEnded
    }

    /// Writes a text and its end, which is a line end unless given.
    public func print(_ text: some CustomStringConvertible, terminator: String = "\n") {
        write("\(text)\(terminator)")
    }

    /// Writes text as it is; texts written by several tasks do not mix.
    public func write(_ text: String) {
        write(text.utf8, flush: isFlushedByLine && text.utf8.contains(UInt8(ascii: "\n")))
    }

    /// Writes bytes as they are.
    public func write(_ bytes: [UInt8]) {
        write(bytes, flush: isFlushedByLine)
    }

    /// Sends on what is held back; for a stream of events, after each one that a reader waits for.
    public func flush() {
        write(EmptyCollection<UInt8>(), flush: true)
    }

    private func write(_ bytes: some Collection<UInt8>, flush: Bool) {
        let ending: Ending? = buffer.withLock { buffer in
            guard !buffer.hasEnded else { return nil }
            buffer.bytes += bytes
            guard flush || buffer.bytes.count >= Self.capacity else { return nil }
            let ending = send(buffer.bytes)
            buffer.bytes.removeAll(keepingCapacity: true)
            buffer.hasEnded = ending != nil
            return ending
        }
        // Outside the lock: what is called may write somewhere itself, or end the program.
        if let ending { whenEnded(ending) }
    }

    /// Writes everything, however many calls it takes.
    private func send(_ bytes: [UInt8]) -> Ending? {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent)
            }
            if count >= 0 {
                sent += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Another program made the shared terminal non-blocking; wait for room.
                var request = pollfd(descriptor: descriptor)
                poll(&request, 1, -1)
            case EPIPE: return .closed
            case EBADF: return .failed("it is closed")
            case let code: return .failed(String(cString: strerror(code)))
            }
        }
        return nil
    }
}

extension pollfd {
    /// A wait for room to write.
    fileprivate init(descriptor: Int32) {
        self.init(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    }
}

/// The last part of the path that the program was started by.
var programName: String {
    CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "trace"
}

/// The three streams that every program is started with, or should be.
enum StandardStreams {
    /// Puts something that cannot be used in the place of each stream that is closed.
    ///
    /// Otherwise the next file or pipe that is opened takes its number, and what is meant for the terminal goes there.
    static func hold() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The wrong way round, so that its use fails as that of a closed one does.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
