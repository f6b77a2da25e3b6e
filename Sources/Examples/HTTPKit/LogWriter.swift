internal import Glibc
internal import TraceCore

/// Takes lines for a file, a pipe or a terminal, and never holds up who writes them: a thread writes them out, for as long
/// as there are some. What a full disk, a closed pipe or a reader that sleeps does not take is dropped and counted; the
/// first time it is also said.
public final class LogWriter: Sendable {
    private struct State {
        var lines: [UInt8] = []
        var isWriting = false
        /// Whether half a line was the last that fitted.
        var isCut = false
        var lost = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let complain: @Sendable (String) -> Void
    private let state = Lock(State())

    /// A writer on a descriptor that stays open.
    ///
    /// - Parameters:
    ///   - descriptor: What is written to.
    ///   - capacity: How many bytes may wait for a reader that does not take them.
    ///   - complain: Is told, once, why a line was lost.
    public init(descriptor: Int32, capacity: Int = 1 << 20, complain: @escaping @Sendable (String) -> Void) {
        // Without this the kernel would end the program on the first write into a closed pipe.
        signal(SIGPIPE, SIG_IGN)
        self.descriptor = descriptor
        self.capacity = capacity
        self.complain = complain
    }

    /// How many lines were lost.
    public var lost: Int { state.withLock { $0.lost } }

    /// Adds a line, with its end.
    public func write(_ line: [UInt8]) {
        let (hasRoom, isFirst) = state.withLock { state in
            let hasRoom = state.lines.count + line.count <= capacity
            if hasRoom { state.lines += line }
            defer { state.isWriting = true }
            return (hasRoom, !state.isWriting)
        }
        if !hasRoom { lose(1, because: "nobody takes its lines") }
        if isFirst { startThread() }
    }

    /// Waits until all lines were written or lost, but no longer than the limit.
    public func flush(within limit: Duration) async {
        let end = ContinuousClock.now + limit
        while state.withLock({ $0.isWriting }), .now < end { try? await Task.sleep(for: .milliseconds(5)) }
    }

    private func lose(_ count: Int, because reason: String) {
        let isFirst = state.withLock { state in
            defer { state.lost += count }
            return state.lost == 0
        }
        if isFirst { complain("the log loses lines: \(reason)") }
    }

    private func startThread() {
        let box = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                // Retained where the thread was started, and released here, once.
                if let context { Unmanaged<LogWriter>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, box.toOpaque())
        guard code != 0 else {
            pthread_detach(thread)
            return
        }
        box.release()
        // The next line tries again.
        state.withLock { $0.isWriting = false }
    }

    private func work() {
        while true {
            let (lines, isCut) = state.withLock { state in
                defer { state.lines = [] }
                state.isWriting = !state.lines.isEmpty
                return (state.lines, state.isCut)
            }
            guard !lines.isEmpty else { return }
            // Behind half a line, the next one begins on a line of its own.
            let bytes = isCut ? [0x0A] + lines : lines
            let (count, code) = send(bytes)
            if count > 0 { state.withLock { $0.isCut = bytes[count - 1] != 0x0A } }
            if count < bytes.count {
                lose(bytes[count...].count { $0 == 0x0A }, because: String(cString: strerror(code)))
            }
            // Lines that come meanwhile are written together.
            usleep(10_000)
        }
    }

    /// Writes as much as is taken, and says how much that was and what was in the way of the rest.
    private func send(_ bytes: [UInt8]) -> (count: Int, code: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent)
            }
            if count >= 0 { sent += count } else if errno != EINTR { return (sent, errno) }
        }
        return (sent, 0)
    }
}
