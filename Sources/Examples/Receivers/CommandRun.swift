internal import Glibc
internal import TraceCore

/// A program that gets something on its standard input, in a group of its own, until it ends or its time is over.
final class CommandRun: Sendable {
    enum End: Equatable {
        case exited(Int32), killed(by: Int32), tooLong, notStarted(String)
    }

    struct Result {
        let end: End
        /// The beginning of what it wrote.
        let output: [UInt8]
    }

    /// A word or two are kept of what a program writes.
    private static let mostOutput = 4_096

    private let words: [String]
    private let input: [UInt8]
    private let environment: [String]
    private let limit: Duration
    /// The program, as long as its number is its own; and whether it is not to run any more.
    private let state = Lock((pid: pid_t?.none, isCancelled: false))

    init(_ words: [String], input: String, environment: [String: String], limit: Duration) {
        (self.words, self.input, self.limit) = (words, Array(input.utf8), limit)
        // What else this program knows, its tokens say, is nothing for others.
        let kept = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"].compactMap { (name: String) in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        self.environment = kept + environment.map { "\($0.key)=\($0.value)" }
    }

    /// Runs it. Cancelling the task kills it with its group.
    func result() async -> Result {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStarted = startThread { continuation.resume(returning: self.work()) }
                if !isStarted {
                    continuation.resume(returning: Result(end: .notStarted("there is no thread for it"), output: []))
                }
            }
        } onCancel: {
            state.withLock { $0.isCancelled = true }
            killGroup()
        }
    }

    private func killGroup() {
        state.withLock { state in
            if let pid = state.pid { kill(-pid, SIGKILL) }
        }
    }

    /// The pool's threads are for what does not block.
    private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                // Retained where the thread was started, and released here, once.
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, box.toOpaque())
        if code == 0 { pthread_detach(thread) } else { box.release() }
        return code == 0
    }

    // MARK: On the thread

    private func work() -> Result {
        // Without this the kernel would end this program when the other one does not read.
        signal(SIGPIPE, SIG_IGN)
        guard var toIt = Pipe(), var fromIt = Pipe() else { return failed(errno) }
        _ = fcntl(toIt.writer, F_SETFL, O_NONBLOCK)
        _ = fcntl(fromIt.reader, F_SETFL, O_NONBLOCK)
        let deadline = ContinuousClock.now + limit
        let code = spawn(input: toIt.reader, output: fromIt.writer)
        guard code == 0 else { return failed(code) }
        toIt.closeReader()
        fromIt.closeWriter()

        var unsent = input[...]
        var output: [UInt8] = []
        while true {
            if unsent.isEmpty { toIt.closeWriter() }
            // Those that are closed (-1) are passed over. That the program has ended is seen by looking, for others may
            // hold its end of the pipe.
            var waits = [
                pollfd(fd: toIt.writer, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: fromIt.reader, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waits, 2, 20)
            if waits[0].revents != 0 { Self.send(&unsent, to: toIt.writer) }
            if waits[1].revents != 0, !Self.take(&output, from: fromIt.reader) { fromIt.closeReader() }
            if let end = reaped() {
                if fromIt.reader >= 0 { _ = Self.take(&output, from: fromIt.reader) }
                return Result(end: end, output: output)
            }
            guard ContinuousClock.now < deadline else { break }
        }
        killGroup()
        // What hangs in the kernel is not waited for.
        for _ in 0..<200 {
            if reaped() != nil { break }
            poll(nil, 0, 5)
        }
        return Result(end: .tooLong, output: output)
    }

    private func failed(_ code: Int32) -> Result {
        Result(end: .notStarted(String(cString: strerror(code))), output: [])
    }

    private func spawn(input: Int32, output: Int32) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (output, STDERR_FILENO)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        // What this program was given to keep, by who started it, ends here.
        for descriptor: Int32 in 3..<1_024 where fcntl(descriptor, F_GETFD) == 0 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var (none, ignored) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        sigemptyset(&ignored)
        for signal in [SIGPIPE, SIGHUP, SIGINT, SIGQUIT] { sigaddset(&ignored, signal) }
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        var (arguments, variables) = (words.map { strdup($0) } + [nil], environment.map { strdup($0) } + [nil])
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = Pipe.spawning.withLock { _ in
            posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &variables)
        }
        guard code == 0 else { return code }
        let isCancelled = state.withLock { state in
            state.pid = pid
            return state.isCancelled
        }
        if isCancelled { killGroup() }
        return 0
    }

    /// How it ended; nil as long as it runs. From then on its number may be that of another.
    private func reaped() -> End? {
        state.withLock { state in
            guard let pid = state.pid else { return .exited(255) }
            var status: Int32 = 0
            let found = waitpid(pid, &status, WNOHANG)
            guard found == pid || found < 0 && errno != EINTR else { return nil }
            state.pid = nil
            if found < 0 { return .exited(255) }
            return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(by: status & 0x7F)
        }
    }

    private static func send(_ unsent: inout ArraySlice<UInt8>, to descriptor: Int32) {
        let count = unsent.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        // Whoever does not want to know is not told.
        if count < 0, errno != EAGAIN, errno != EINTR { unsent = [] }
        if count > 0 { unsent = unsent.dropFirst(count) }
    }

    /// Takes what is there; false at the end.
    private static func take(_ output: inout [UInt8], from descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 { output += buffer[..<count].prefix(mostOutput - output.count) }
        return count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
    }
}

/// A pipe whose open ends are closed with it, and which no program that is started has.
private struct Pipe: ~Copyable {
    /// Held while a program starts, and while a pipe is not yet marked as one that programs do not get.
    static let spawning = Lock(())

    private(set) var reader: Int32
    private(set) var writer: Int32

    init?() {
        let ends: [Int32]? = Self.spawning.withLock { _ in
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return ends
        }
        guard let ends else { return nil }
        (reader, writer) = (ends[0], ends[1])
    }

    mutating func closeReader() {
        if reader >= 0 { close(reader) }
        reader = -1
    }

    mutating func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    deinit {
        if reader >= 0 { close(reader) }
        if writer >= 0 { close(writer) }
    }
}
