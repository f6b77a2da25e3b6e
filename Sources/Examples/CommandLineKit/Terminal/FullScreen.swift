internal import TraceCore
internal import Glibc

/// The terminal while a program has all of it: a page of its own, no cursor, and every key as it is pressed.
///
/// However the program ends, short of being killed, the terminal is given back as it was.
final class FullScreen: Sendable {
    /// The terminal that is drawn on.
    let terminal: Terminal
    /// Where keys come from.
    let input: Int32

    /// Pictures and the giving back of the terminal do not mix.
    private let turn = Lock(())

    /// The screen of standard output with the keys of standard input, or nil where no person is at it.
    init?() {
        guard Terminal.output.allowsAnimation else { return nil }
        terminal = .output
        if isatty(STDIN_FILENO) == 1 {
            input = STDIN_FILENO
        } else {
            // What is piped in is not typed; the terminal itself can still be asked.
            input = open("/dev/tty", O_RDONLY | O_CLOEXEC)
            guard input >= 0 else { return nil }
        }
    }

    /// How large it is now.
    var size: ScreenSize { ScreenSize(columns: terminal.width, rows: terminal.height) }

    /// Takes the terminal, also after another program had it.
    func enter() {
        turn.withLock { _ in
            var settings = termios()
            guard tcgetattr(input, &settings) == 0 else { return }
            TerminalRescue.arm(settings, input: input, output: terminal.descriptor)
            // Ctrl-C and Ctrl-Z stay signals, as people and job control know them.
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
            // Ctrl-S would stop the screen, and with it the program.
            settings.c_iflag &= ~tcflag_t(IXON)
            tcsetattr(input, TCSANOW, &settings)
            send(ScreenSequence.enter.utf8)
        }
    }

    /// Gives the terminal back.
    func leave() {
        turn.withLock { _ in TerminalRescue.run(patience: -1) }
    }

    /// Gives the terminal back from another thread, even while this one waits for it to take something.
    func abandon() { TerminalRescue.run() }

    /// Sends what a painter says; nothing while another program has the terminal.
    func show(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        turn.withLock { _ in
            if TerminalRescue.isDue { send(bytes) }
        }
    }

    /// Writes all of it; a terminal that is gone takes nothing, and the signal that says so is on its way.
    private func send(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(terminal.descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent)
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                var request = pollfd(fd: terminal.descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
