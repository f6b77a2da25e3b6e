internal import Glibc
internal import Synchronization

/// Gives the terminal back from wherever the program may end: from a crash, `exit`, or the thread of signals.
///
/// All that it needs is laid out beforehand, so that it can run inside a signal handler: no lock, no memory, and
/// only calls that signal-safety(7) lists.
enum TerminalRescue {
    /// The signals of a program that has gone wrong.
    private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]

    private static let isArmed = Atomic<Bool>(false)
    private static let input = Atomic<Int32>(-1)
    private static let output = Atomic<Int32>(-1)
    // Each is written before `isArmed` is set and read after it was seen to be set.
    nonisolated(unsafe) private static let settings: UnsafeMutablePointer<termios> = {
        let settings = UnsafeMutablePointer<termios>.allocate(capacity: 1)
        settings.initialize(to: termios())
        return settings
    }()
    nonisolated(unsafe) private static let before: UnsafeMutablePointer<sigaction> = {
        // By the number of the signal; Linux has 64 of them.
        let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        actions.initialize(repeating: sigaction(), count: 65)
        return actions
    }()
    nonisolated(unsafe) private static let sequence: UnsafeMutableBufferPointer<UInt8> = {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: ScreenSequence.leave.utf8.count)
        _ = bytes.initialize(from: ScreenSequence.leave.utf8)
        return bytes
    }()

    /// Whether the terminal has been taken and not yet been given back.
    static var isDue: Bool { isArmed.load(ordering: .acquiring) }

    /// From now on, the terminal has to be given back with these settings.
    ///
    /// Armed again before it was run, it keeps the first settings: those of now are the program's own.
    static func arm(_ now: termios, input: Int32, output: Int32) {
        watchEnds
        guard !isArmed.load(ordering: .acquiring) else { return }
        _ = sequence
        settings.pointee = now
        self.input.store(input, ordering: .relaxed)
        self.output.store(output, ordering: .relaxed)
        isArmed.store(true, ordering: .releasing)
    }

    /// Gives the terminal back, once.
    ///
    /// - Parameter patience: How many milliseconds it waits for a terminal that takes nothing, or -1 for ever.
    static func run(patience: Int32 = 200) {
        guard isArmed.exchange(false, ordering: .acquiringAndReleasing) else { return }
        let output = output.load(ordering: .relaxed)
        var sent = 0
        while sent < sequence.count {
            var request = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
            guard poll(&request, 1, patience) == 1 else { break }
            let count = write(output, sequence.baseAddress?.advanced(by: sent), sequence.count - sent)
            if count < 0, errno != EINTR, errno != EAGAIN { break }
            sent += max(0, count)
        }
        tcsetattr(input.load(ordering: .relaxed), TCSANOW, settings)
    }

    /// Runs at `exit` and when the program crashes, which goes on as it would have.
    private static let watchEnds: Void = {
        atexit { TerminalRescue.run() }
        for number in crashes {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                TerminalRescue.run()
                sigaction(number, TerminalRescue.before.advanced(by: Int(number)), nil)
                // Blocked until this handler is left, and then as if we had never been here.
                raise(number)
            }
            action.sa_flags = Int32(SA_ONSTACK)
            sigaction(number, &action, before.advanced(by: Int(number)))
        }
    }()
}
