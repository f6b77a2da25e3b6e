import Foundation
import Testing

/// A shell in a real terminal, which tmux keeps, with somebody at it who types and looks.
///
/// Nothing is waited for by the clock: whatever the terminal is sent is also written into a file, and whoever waits
/// for a picture looks again when the file has grown.
final class TerminalSession {
    /// How long a picture may take to come before the test gives up; only a failing test takes so long.
    private static let patience: TimeInterval = 120

    /// What the terminal is like.
    struct Facts: Equatable {
        /// Whether a program has a page of its own.
        var isAlternate: Bool
        /// Whether the cursor is shown.
        var hasCursor: Bool
        /// Whether lines wrap.
        var wraps: Bool

        /// As a shell wants it.
        static let asFound = Facts(isAlternate: false, hasCursor: true, wraps: true)
        /// As a program on the whole screen wants it.
        static let taken = Facts(isAlternate: true, hasCursor: false, wraps: false)
    }

    /// A folder of the session's own.
    let folder: URL
    /// All that the terminal has been sent.
    private(set) var output: [UInt8] = []

    private let tmux: String
    /// Tells when something has been written into the file of the output (inotify).
    private let notice: Int32
    private let file: Int32

    /// Starts a shell in a terminal of that size; where there is no tmux, the test ends with the reason.
    init(columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) throws {
        tmux = try Self.tmux()
        folder = FileManager.default.temporaryDirectory.appending(path: "tracecore-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "output").path
        self.file = open(file, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        notice = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        inotify_add_watch(notice, file, UInt32(IN_MODIFY))
        // A program that is built to look for mistakes would take its crashes as such, and not as any program does.
        let sanitizer = "detect_leaks=0:handle_segv=0:handle_abort=0"
        var settings = [
            "PS1": "$ ", "ENV": "", "LC_ALL": "C.UTF-8", "NO_COLOR": "", "SWIFT_BACKTRACE": "enable=no",
            "ASAN_OPTIONS": sanitizer,
        ]
        settings.merge(environment) { $1 }
        let words = settings.map { "\($0.key)=\($0.value)" }
        try run(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env"] + words + ["sh", "-i"])
        try run(["pipe-pane", "cat >> \(file)"])
        try until("a prompt") { $0.contains { $0.hasPrefix("$") } }
    }

    private static func tmux() throws -> String {
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        guard let path = paths.map({ "\($0)/tmux" }).first(where: FileManager.default.isExecutableFile) else {
            try Test.cancel("tmux is not installed")
        }
        return path
    }

    /// Ends the shell and all that it started.
    func end() {
        _ = try? run(["kill-server"])
        close(notice)
        close(file)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Presses keys, by the names that tmux has for them.
    func press(_ keys: String...) throws { try run(["send-keys"] + keys) }

    /// Types a line and presses Enter.
    func type(_ line: String) throws {
        try run(["send-keys", "-l", line])
        try press("Enter")
    }

    /// Makes the window larger or smaller.
    func resize(columns: Int, rows: Int) throws {
        try run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// What the terminal shows now.
    func screen(withColors: Bool = false) throws -> [String] {
        try run(["capture-pane", "-p"] + (withColors ? ["-e"] : [])).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
    }

    /// What the terminal is like now.
    func facts() throws -> Facts {
        let flags = try run(["display-message", "-p", "#{alternate_on}#{cursor_flag}#{wrap_flag}"])
        return Facts(
            isAlternate: flags.hasPrefix("1"), hasCursor: flags.dropFirst().hasPrefix("1"),
            wraps: flags.dropFirst(2).hasPrefix("1"))
    }

    /// Waits for a picture.
    ///
    /// - Returns: The picture that was waited for.
    @discardableResult func until(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, isThere: ([String]) throws -> Bool
    ) throws -> [String] {
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        var screen: [String] = []
        while true {
            let isLate = Date() > deadline
            screen = try self.screen()
            if try isThere(screen) { return screen }
            if isLate { break }
            waitForOutput(until: deadline)
        }
        let seen = screen.joined(separator: "\n")
        Issue.record("\(what) did not come; the screen shows:\n\(seen)", sourceLocation: sourceLocation)
        throw CancellationError()
    }

    /// Waits until the terminal has been sent so many bytes: what it shows may be ahead of the file.
    ///
    /// - Returns: All that it has been sent.
    func untilSent(
        atLeast count: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [UInt8] {
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        drain()
        while output.count < count, Date() < deadline { waitForOutput(until: deadline) }
        #expect(output.count >= count, sourceLocation: sourceLocation)
        return output
    }

    /// Waits until the terminal is sent something.
    private func waitForOutput(until deadline: Date) {
        var request = pollfd(fd: notice, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, Int32(max(0, deadline.timeIntervalSinceNow) * 1000))
        drain()
    }

    /// Takes what has been sent into ``output``.
    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 65536)
        while read(notice, &bytes, bytes.count) > 0 {}
        while case let count = read(file, &bytes, bytes.count), count > 0 { output += bytes.prefix(count) }
    }

    @discardableResult private func run(_ arguments: [String]) throws -> String {
        let answer = folder.appending(path: "answer")
        let words = [tmux, "-S", folder.appending(path: "socket").path, "-f", "/dev/null", "-u"] + arguments
        // Not Foundation's Process: it waits until nobody holds a socket of its own any more, and the server, which
        // lives on, holds whatever its client had.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, STDOUT_FILENO, answer.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // The threads of tests block signals, and who is started inherits that: no kill would be heard any more.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var argv = words.map { strdup($0) } + [nil]
        defer { for word in argv { free(word) } }
        var pid: pid_t = 0
        var status: Int32 = 0
        guard posix_spawn(&pid, tmux, &actions, &attributes, &argv, environ) == 0, waitpid(pid, &status, 0) == pid,
            status == 0
        else { throw Failure(command: words.joined(separator: " ")) }
        return String(decoding: try Data(contentsOf: answer), as: UTF8.self)
    }

    /// tmux did not do what it was told.
    private struct Failure: Error {
        let command: String
    }
}
